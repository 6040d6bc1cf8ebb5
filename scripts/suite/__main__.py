"""`python -m suite`, and from any folder `python path/to/scripts/suite`."""

import io
import os
import runpy
import signal
import sys
from pathlib import Path

if __package__:
    from .cli import main, refused
    from .machine import environment
    from .runs.refusals import Stopped

    environment.tidy()
    # Who closed them wants to hear nothing.
    sys.stdout = sys.stdout or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    sys.stderr = sys.stderr or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    # Where a terminal knows no µ, a run of an hour must not end in a traceback.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")

    def stop(by: int, _: object) -> None:
        raise Stopped(by)

    # Told to end, or the terminal was closed. Who wants neither, as nohup does, has it so.
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, stop)

    try:
        status = main()
    except SystemExit as end:  # argparse has said why
        status = end.code if isinstance(end.code, int) else 2
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as error:
            # The interpreter would try once more, and end with a status of its own.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            if status == 0 and stream is sys.stdout:
                status = refused("help", error)
    sys.exit(status)
else:
    # Started by its folder it is no package, and its rooms would stand among all modules.
    here = Path(__file__).resolve().parent
    sys.path[0] = str(here.parent)
    runpy.run_module(here.name, run_name="__main__", alter_sys=True)
