"""Runs programs of a folder under the CPython that runs this file, 2.7 or any 3.

Their names are read from the standard input. For each: what it printed; the exception it ended
with, its line in the file, none if it has none, and its message; under 2.7 also the listing of its
own dis. Written as JSON to the standard output.
"""

from __future__ import print_function

import dis
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


def printed_text(output):
    """Ends the line that a last print of Python 2 has left open, as the end of a program does."""
    text = output.text() + ("\n" if output.softspace else "")
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text


def result_of(path):
    name = os.path.basename(path)
    with open(path, "rb") as file:
        source = file.read()
    result = {"output": "", "error": None}
    try:
        code = compile(source, name, "exec", 0, True)
    except Exception as error:
        message = getattr(error, "msg", None) or str(error)
        result["error"] = [type(error).__name__, getattr(error, "lineno", None), message]
        return result
    if sys.version_info[0] == 2:
        result["listing"] = listing(code)
    captured, sys.stdout = sys.stdout, Text()
    try:
        exec(code, {"__name__": "__main__"})
    except Exception as error:
        frames = traceback.extract_tb(sys.exc_info()[2])
        line = [frame[1] for frame in frames if frame[0] == name][-1]
        result["error"] = [type(error).__name__, line, str(error)]
    finally:
        result["output"] = printed_text(sys.stdout)
        sys.stdout = captured
    return result


def main():
    warnings.simplefilter("ignore")
    folder = sys.argv[1]
    names = sys.stdin.read().split("\n")[:-1]
    print(json.dumps({name: result_of(os.path.join(folder, name)) for name in names}))


if __name__ == "__main__":
    main()
