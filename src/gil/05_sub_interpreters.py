"""A thread for each job, and for each thread an interpreter with a lock of its own: PEP 684.

Threads: as many as the case says.

Bound: that of the problem.

As one thread, for each job, and what an interpreter costs: it is made, imports what it begins with,
and is taken down again. A function and its numbers go in, a number comes out.
"""

import os
import sys
import threading

# Public since CPython 3.14. What came before has no call, only source that is run.
if sys.version_info >= (3, 14):
    from concurrent import interpreters
elif sys.version_info >= (3, 13):
    import _interpreters as interpreters
elif sys.version_info >= (3, 12):
    import _xxsubinterpreters as interpreters
else:
    interpreters = None


def gauss(n, start):
    count = start
    for i in range(n + 1):
        count += 1
    return count


SCRIPT = """
import {posix}

def gauss(n, start):
    count = start
    for i in range(n + 1):
        count += 1
    return count

{posix}.write({pipe}, b"%d" % gauss({n}, {start}))
"""


def called(n, start):
    interpreter = interpreters.create()
    try:
        return interpreter.call(gauss, n, start)
    finally:
        interpreter.close()


def run(n, start):
    """The same by what 3.12 and 3.13 have: the answer comes through a pipe."""
    reader, writer = os.pipe()
    try:
        interpreter = interpreters.create()
        try:
            script = SCRIPT.format(posix=os.name, pipe=writer, n=n, start=start)
            # 3.12 raises what went wrong, 3.13 returns it.
            failure = interpreters.run_string(interpreter, script)
            if failure:
                raise RuntimeError(failure.formatted)
        finally:
            interpreters.destroy(interpreter)
        return int(os.read(reader, 100))
    finally:
        os.close(reader)
        os.close(writer)


def sub_interpreters(problem):
    if interpreters is None:
        raise NotImplementedError("interpreters with a lock of their own came with CPython 3.12")
    if problem.work != "gauss":
        raise NotImplementedError("NumPy cannot be imported in a second interpreter")
    counted = called if hasattr(interpreters, "Interpreter") else run
    answers = [None] * problem.threads

    def work(job):
        answers[job] = counted(problem.n, problem.starts[job])

    workers = [threading.Thread(target=work, args=(job,)) for job in range(problem.threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    problem.check_lock()
    return answers
