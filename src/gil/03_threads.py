"""A thread for each job, by the module threading: gauss in Python, matmul by NumPy's dot.

Threads: as many as the case says.
Interpreters: all that are found.

Bound: that of the problem.

Of gauss, the jobs take turns, as long as the interpreter has a lock. Of matmul, as many
products at a time as there are cores: NumPy gives the lock up while it multiplies. The threads of
its BLAS are pinned to one; those that are measured are the ones started here.
"""

import threading


def threads(problem):
    answers = [None] * problem.threads

    def work(job):
        answers[job] = problem.do(job)

    workers = [threading.Thread(target=work, args=(job,)) for job in range(problem.threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    problem.check_lock()
    return answers
