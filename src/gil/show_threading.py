"""The functions of the module threading that the talk shows, in one short program.

python3 src/gil/show_threading.py: the README of this example shows what it prints.
"""

import sys
import threading
from collections import Counter

called = Counter()  # by thread and function
lines = Counter()  # by thread
counting = threading.Barrier(3)


def gauss(n):
    count = 0
    for i in range(n + 1):
        count += 1
    counting.wait()  # nobody ends before the others have been seen
    counting.wait()
    return count


def trace(frame, event, argument):
    """Called for every call, and for every line of a function that this returns itself for."""
    if frame.f_code is not gauss.__code__:
        return None
    if event == "line":
        lines[threading.current_thread().name] += 1
    return trace


def profile(frame, event, argument):
    """Called for every call and return, but for no lines."""
    if event == "call" and frame.f_code is gauss.__code__:
        called[threading.current_thread().name, frame.f_code.co_name] += 1


def main():
    # For threads that are started from here on, not for this one.
    threading.settrace(trace)
    threading.setprofile(profile)
    workers = [
        threading.Thread(target=gauss, args=(1000,), name="counter %d" % number)
        for number in (1, 2)
    ]
    for worker in workers:
        worker.start()
    counting.wait()

    print("active_count()   ", threading.active_count())
    print("current_thread() ", threading.current_thread().name)
    print("main_thread()    ", threading.main_thread().name)
    print("enumerate()      ", ", ".join(sorted(t.name for t in threading.enumerate())))
    numbers = {thread.ident for thread in threading.enumerate()}
    own = threading.get_ident()
    print("get_ident()       one of", len(numbers), "numbers:", own in numbers)

    counting.wait()
    for worker in workers:
        worker.join()
    threading.settrace(None)
    threading.setprofile(None)
    for worker in workers:
        print("settrace()       ", worker.name, "ran", lines[worker.name], "lines of gauss")
    for (thread, function), times in sorted(called.items()):
        print("setprofile()     ", thread, "called", function, times, "time")
    print("active_count()   ", threading.active_count())


if __name__ == "__main__":
    sys.exit(main())
