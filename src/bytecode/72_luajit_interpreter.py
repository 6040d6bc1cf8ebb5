"""The interpreter of LuaJIT, a machine with registers written in assembly, runs the same loop.

Process: another one does the work.

Bound: two instructions per iteration, ADDVN and FORL, in `luajit -joff`; and once per run a line
through a pipe and one back, which is most of the smallest case. Its numbers are doubles: what could
leave 53 bits is added outside.
"""

from luajit_process import LuaJIT

interpreter = LuaJIT("-joff")


def luajit_interpreter(problem):
    return problem.start + interpreter.count(problem.n)
