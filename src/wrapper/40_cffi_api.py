"""cffi with a compiler: the same declarations become a module in C.

Bound: as without one, but no libffi: the module calls the function as C does.
"""

from border_cffi import ffi, lib

restart = lib.mythbench_restart
tick = lib.mythbench_tick
square = lib.mythbench_square
energy = lib.mythbench_energy

from_buffer = ffi.from_buffer
doubles = ffi.typeof("double[]")


def cffi_api(problem):
    if problem.argument == "none":
        restart()
        return [tick() for _ in range(problem.calls)]
    if problem.argument == "float":
        return [square(x) for x in problem.numbers]
    if problem.argument == "view":
        return [energy(from_buffer(doubles, numbers), len(numbers)) for numbers in problem.views]
    return [energy(numbers, len(numbers)) for numbers in problem.lists]
