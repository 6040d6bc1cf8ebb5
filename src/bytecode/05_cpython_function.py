"""The same loop in a function: the compiler knows its names, and numbers them.

Interpreters: all that are found.

Bound: the same seven instructions per iteration, with LOAD_FAST and STORE_FAST, which read and
write an array; the two new integers stay.
"""


def cpython_function(problem):
    n = problem.n
    count = problem.start
    for i in range(n + 1):
        count += 1
    return count
