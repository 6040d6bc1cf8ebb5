"""The talk's loop at module level, where every name is looked up in a dictionary.

Interpreters: all that are found.

Bound: per iteration the instructions FOR_ITER, STORE_NAME i, LOAD_NAME count, LOAD_CONST 1,
INPLACE_ADD, STORE_NAME count, JUMP_ABSOLUTE, or what the version makes of them; three look-ups and
two new integers. CPython 2's range() is a list of them all, built before the loop begins.
"""

LOOP = compile(
    """\
count = start
for i in range(n + 1):
    count += 1
""",
    "count.py",
    "exec",
)


def cpython_module(problem):
    names = {"n": problem.n, "start": problem.start}
    exec(LOOP, names)
    return names["count"]
