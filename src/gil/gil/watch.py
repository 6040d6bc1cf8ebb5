"""What the threads of this very interpreter do: watch.py timeline|convoy|payload, printed as JSON.

The program gil tells the same of the example's own locks. Runs on CPython 2.7 and everything since.
"""

from __future__ import division, print_function

import json
import multiprocessing
import platform
import sys
import threading
import time

now = getattr(time, "perf_counter", time.time)

SECONDS = 0.6
PERIOD = 0.001
# Between two looks at the clock: a look costs as much as a few counts.
COUNTS_PER_LOOK = 100
# A thread that has not looked for so long was not running: the old lock may be back after less than
# a tenth of a millisecond.
PAUSE = 0.00003
PAYLOADS = [1000, 10**4, 10**5, 10**6, 10**7, 128 * 10**6]
COUNTS_OF_JOB = 100000
TIMES = 5


def count(counts):
    count = 0
    for i in range(counts):
        count += 1
    return count


def timeline(threads=2):
    """When each of some threads that count was running, as it saw it itself."""
    begin = now()
    seen = [[] for _ in range(threads)]

    def watch(runs):
        since = last = now()
        while last - begin < SECONDS:
            count(COUNTS_PER_LOOK)
            at = now()
            if at - last > PAUSE:
                runs.append((since, last))
                since = at
            last = at
        runs.append((since, last))

    in_threads([lambda runs=runs: watch(runs) for runs in seen])
    tenures = [
        {"thread": thread, "taken": taken - begin, "given": given - begin}
        for thread, runs in enumerate(seen)
        for taken, given in runs
    ]
    tenures.sort(key=lambda tenure: tenure["taken"])
    return {"threads": threads, "seconds": SECONDS, "tenures": tenures}


def convoy():
    """How late a thread is that sleeps for a period, again and again, beside one that counts."""
    latencies = []
    end = now() + SECONDS

    def goes_on():
        # Where much else is to be done it may not have had its turn by then.
        return now() < end or len(latencies) < 2

    def work():
        while goes_on():
            count(COUNTS_PER_LOOK)

    def wake():
        while goes_on():
            due = now() + PERIOD
            time.sleep(PERIOD)
            latencies.append(now() - due)

    in_threads([work, wake])
    return {"period_seconds": PERIOD, "latencies": latencies[:-1]}


def payload():
    """One job with more and more of arguments: by this thread, which has them, and by a process,
    to which they go by pickle and pipe."""
    fork = getattr(multiprocessing, "get_context", lambda _: multiprocessing)("fork")
    parent, child = fork.Pipe()
    process = fork.Process(target=do_jobs, args=(child,))
    process.start()

    def ask(arguments):
        parent.send(arguments)
        return parent.recv()

    points = []
    for size in PAYLOADS:
        arguments = b"x" * size
        alone, asked = [], []
        for _ in range(TIMES):
            for do, times in ((job, alone), (ask, asked)):
                start = now()
                answer = do(arguments)
                times.append(now() - start)
                assert answer == (size, COUNTS_OF_JOB)
        points.append({"bytes": size, "seconds": middle(asked), "job_seconds": middle(alone)})
    parent.send(None)
    process.join()
    return {"points": points}


def job(arguments):
    """As long for any arguments: so what grows is what they cost."""
    return len(arguments), count(COUNTS_OF_JOB)


def do_jobs(pipe):
    while True:
        arguments = pipe.recv()
        if arguments is None:
            return
        pipe.send(job(arguments))


def middle(times):
    return sorted(times)[len(times) // 2]


def in_threads(actions):
    threads = [threading.Thread(target=action) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main(words):
    known = {"timeline": timeline, "convoy": convoy, "payload": payload}
    if len(words) != 1 or words[0] not in known:
        print("usage: watch.py timeline|convoy|payload", file=sys.stderr)
        return 2
    told = known[words[0]]()
    told["what"] = words[0]
    told["interpreter"] = {
        "implementation": platform.python_implementation(),
        "version": platform.python_version(),
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
    }
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
