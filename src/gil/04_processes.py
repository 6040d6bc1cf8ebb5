"""A process for each job, by the module multiprocessing: as many interpreters, as many locks.

Threads: as many as the case says.

Bound: that of the problem.

As one thread, for each job, and what processes cost: they are started, and their answers are
written into a pipe and read again. The matrices cross no pipe: a process that is a fork of this one
has them.
"""

import multiprocessing

# CPython 2.7 knows no other way to start one, and no word for it.
fork = (
    multiprocessing.get_context("fork")
    if hasattr(multiprocessing, "get_context")
    else multiprocessing
)


def work(problem, job, pipe):
    pipe.send(problem.do(job))
    pipe.close()


def processes(problem):
    started = []
    for job in range(problem.threads):
        reader, writer = fork.Pipe(duplex=False)
        process = fork.Process(target=work, args=(problem, job, writer))
        process.start()
        # Of this end only the process may have a copy, or nobody would see that it died.
        writer.close()
        started.append((process, reader))
    answers = [reader.recv() for _, reader in started]
    for process, reader in started:
        process.join()
        reader.close()
    return answers
