"""A thread for each job, and for each thread an interpreter with a lock of its own: PEP 684.

Threads: as many as the case says.

Bound: that of the problem.

As one thread, for each job, and what an interpreter costs: it is made, imports what it
begins with, and is taken down again. Only bytes go in and out.
"""

import os
import sys
import threading

# The same functions under three names.
if sys.version_info[:2] == (3, 12):
    import _xxsubinterpreters as interpreters
else:
    import _interpreters as interpreters

SCRIPT = """
import {posix}

def gauss(n, start):
    count = start
    for i in range(n + 1):
        count += 1
    return count

{posix}.write({pipe}, b"%d" % gauss({n}, {start}))
"""


def counted(problem, job):
    reader, writer = os.pipe()
    try:
        script = SCRIPT.format(posix=os.name, pipe=writer, n=problem.n, start=problem.starts[job])
        interpreter = interpreters.create()
        try:
            interpreters.run_string(interpreter, script)
        finally:
            interpreters.destroy(interpreter)
        return int(os.read(reader, 100))
    finally:
        os.close(reader)
        os.close(writer)


def sub_interpreters(problem):
    if problem.work != "gauss":
        raise NotImplementedError("NumPy cannot be imported in a second interpreter")
    answers = [None] * problem.threads

    def work(job):
        answers[job] = counted(problem, job)

    workers = [threading.Thread(target=work, args=(job,)) for job in range(problem.threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return answers
