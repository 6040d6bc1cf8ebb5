"""Runs the programs of a folder under the CPython that runs this file, 2.7 or any 3.

For each file: what it printed; the exception it ended with, its message and its line in the file;
under 2.7 also the listings of its own dis. Written as JSON to the standard output.
"""

from __future__ import print_function

import dis
import io
import json
import os
import sys
import traceback
import warnings


class Text(object):
    """A standard output that takes what print of either language writes."""

    def __init__(self):
        self.parts = []
        self.softspace = 0

    def write(self, part):
        self.parts.append(part)

    def flush(self):
        pass

    def text(self):
        return "".join(self.parts)


def listing(code):
    """Of a module and its functions; addresses in memory say nothing."""
    captured, sys.stdout = sys.stdout, Text()
    try:
        dis.disassemble(code)
        for constant in code.co_consts:
            if hasattr(constant, "co_code"):
                print("\nDisassembly of %s:" % constant.co_name)
                dis.disassemble(constant)
        return sys.stdout.text()
    finally:
        sys.stdout = captured


def result_of(path):
    with io.open(path, encoding="utf-8") as file:
        source = file.read()
    result = {"output": "", "error": None}
    try:
        code = compile(source, os.path.basename(path), "exec", 0, True)
        if sys.version_info[0] == 2:
            result["listing"] = listing(code)
        captured, sys.stdout = sys.stdout, Text()
        try:
            exec(code, {"__name__": "__main__"})
        finally:
            result["output"] = sys.stdout.text()
            sys.stdout = captured
    except SyntaxError as error:
        result["error"] = [type(error).__name__, error.lineno, error.msg]
    except Exception as error:
        frames = traceback.extract_tb(sys.exc_info()[2])
        line = [frame[1] for frame in frames if frame[0] == os.path.basename(path)][-1]
        result["error"] = [type(error).__name__, line, str(error)]
    return result


def main():
    warnings.simplefilter("ignore")
    folder = sys.argv[1]
    names = sorted(name for name in os.listdir(folder) if name.endswith(".py"))
    print(json.dumps({name: result_of(os.path.join(folder, name)) for name in names}))


if __name__ == "__main__":
    main()
