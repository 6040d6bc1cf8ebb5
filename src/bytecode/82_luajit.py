"""LuaJIT with its compiler: the loop becomes machine code while it runs, as in the rung below.

Process: another one does the work.

Bound: per iteration one addition of doubles, which has to wait for the one before it, and one count
to the end; and once per run a line through a pipe and one back, which is most of the smallest case.
"""

from luajit_process import LuaJIT

compiler = LuaJIT()


def luajit(problem):
    return problem.start + compiler.count(problem.n)
