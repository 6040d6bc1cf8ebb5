"""The command behind all targets of make."""

from __future__ import annotations

import sys
from importlib import import_module

COMMANDS = {
    "bench": ".measure.run_ladders",
    "report": ".pages.build_report",
    "charts": ".charts.draw_charts",
    "slices": ".charts.draw_slices",
    "verdicts": ".judge.verdicts",
    "where": ".runs.results",
    "study": ".studies.study_locator",
    "threads": ".studies.study_threads",
    "keep": ".pages.keep_reference",
    "readmes": ".pages.update_readmes",
}


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        print(f"usage: suite {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    command = sys.argv.pop(1)
    sys.argv[0] = f"suite {command}"
    module = import_module(COMMANDS[command], __package__)
    if command == "bench":
        from .pages.illustrate import illustrate

        return module.main(illustrate)
    return module.main()
