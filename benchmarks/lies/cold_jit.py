#!/usr/bin/env python3
"""Myth 0, "your benchmark lies", the fourth exhibit: a first call that compiles what it calls.

The others are in main.cpp. Prints the wrong time and the right one; without Numba, why not.
"""

import sys
import time

WHAT = "a loop compiled by Numba"


def main():
    try:
        from numba import njit
    except ImportError:
        print(f"{WHAT:34} skipped: numba is not installed")
        return 0

    @njit
    def sum_of_inverses(n):
        total = 0.0
        for i in range(n):
            total += 1.0 / (i + 1)
        return total

    times = []
    for _ in range(5):
        start = time.perf_counter()
        sum_of_inverses(1000000)
        times.append(time.perf_counter() - start)
    why = "the first call compiles; what it costs to start and to run are two numbers"
    wrong, right = 1e3 * times[0], 1e3 * min(times[1:])
    print(f"{WHAT:34} {wrong:11.3f} ms {right:11.3f} ms   {why}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
