"""Writes the module that cffi makes of declarations: write_cffi.py functions.h border_cffi.cpp"""

import re
import sys

from cffi import FFI


def declarations(header):
    """The prototypes of a header, without what is for its preprocessor."""
    with open(header, encoding="utf-8") as file:
        return "\n".join(re.findall(r"^(?:void|double) \w+\(.*\);$", file.read(), re.MULTILINE))


def main(header, output):
    ffi = FFI()
    ffi.cdef(declarations(header))
    ffi.set_source("border_cffi", '#include "wrapper/functions.h"\n', source_extension=".cpp")
    ffi.emit_c_code(output)


if __name__ == "__main__":
    main(*sys.argv[1:])
