"""`python -m suite`, and from any folder `python path/to/scripts/suite`."""

import io
import runpy
import sys
from pathlib import Path

if __package__:
    from .cli import main

    # Where a terminal knows no µ, a run of an hour must not end in a traceback.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(main())
else:
    # Started by its folder it is no package, and its rooms would stand among all modules.
    here = Path(__file__).resolve().parent
    sys.path[0] = str(here.parent)
    runpy.run_module(here.name, run_name="__main__", alter_sys=True)
