"""cffi without a compiler: it reads the declarations in C, and calls through libffi.

Bound: as ctypes, with conversions that were chosen when the declarations were read. cffi lets the
lock go around each call, and has no way not to. Where C wants a pointer, cffi takes a list, too,
and copies it by itself.
"""

import border_library
from cffi import FFI

ffi = FFI()
ffi.cdef(border_library.DECLARATIONS)
library = ffi.dlopen(border_library.FILE)

restart = library.mythbench_restart
tick = library.mythbench_tick
square = library.mythbench_square
energy = library.mythbench_energy

from_buffer = ffi.from_buffer
doubles = ffi.typeof("double[]")


def cffi_abi(problem):
    if problem.argument == "none":
        restart()
        return [tick() for _ in range(problem.calls)]
    if problem.argument == "float":
        return [square(x) for x in problem.numbers]
    if problem.argument == "view":
        return [energy(from_buffer(doubles, numbers), len(numbers)) for numbers in problem.views]
    return [energy(numbers, len(numbers)) for numbers in problem.lists]
