#!/usr/bin/env python3
"""Plants every mutant of the catalogue, and tells which check has found it.

build/python tests/mutants/run.py [--only NAME], after `scripts/build.sh test`. The table is written
to build/mutants.md. Exit status: 0 all are killed; 1 one is not; 2 bad usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(1, str(Path(__file__).parents[2] / "scripts"))

from mutant import PROJECT, Mutant, NotKilled, catalogue
from planting import Answer, Skipped, answer, answers_without_faults, problems
from suite.machine import passport

TABLE = PROJECT / "build" / "mutants.md"


def killed(mutant: Mutant) -> Answer:
    said = answer(mutant)
    if said.stands:
        raise NotKilled(f"{mutant.name} survives, though {mutant.breaks}")
    return said


def checked(mutants: list[Mutant]) -> None:
    """The mutants of an example, without their faults."""
    for what, said in answers_without_faults(mutants):
        if not said.stands or said.by_bench:
            raise NotKilled(
                f"{mutants[0].example}, {what}: without any fault it is not true that"
                f" {said.asked}: {said.finding or 'the program of make bench refuses it'}"
            )


def by_example(mutants: Iterable[Mutant]) -> dict[str, list[Mutant]]:
    found: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        found.setdefault(mutant.example, []).append(mutant)
    return found


class Execution:
    """All of them at once, as many at a time as there are cores."""

    def __init__(self, mutants: list[Mutant]):
        problems()  # before there are threads that would all make them
        self.pool = ThreadPoolExecutor(passport.usable_cores())
        # These take longest.
        self.controls = {
            example: self.pool.submit(checked, group)
            for example, group in by_example(mutants).items()
        }
        self.killings = {mutant: self.pool.submit(killed, mutant) for mutant in mutants}

    def stop(self) -> None:
        self.pool.shutdown(cancel_futures=True)


def in_words(by_bench: bool | None) -> str:
    return {None: "is not timed", True: "kills it", False: "times it"}[by_bench]


def row_of(mutant: Mutant, killing: Future) -> str:
    try:
        said = killing.result()
    except Skipped as lacking:
        cells = [mutant.name, mutant.breaks, f"not planted: {lacking}", "", ""]
    except NotKilled as failure:
        cells = [mutant.name, mutant.breaks, f"**not killed**: {failure}", "", ""]
    else:
        found = f"{said.asked}: {said.finding}"
        seconds = f"{said.seconds:.1f}"
        cells = [mutant.name, mutant.breaks, found, seconds, in_words(said.by_bench)]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


HEAD = """\
# Mutants: rungs with one fault in each

| mutant | its fault | killed by | after s | `make bench`, on the smallest case |
|---|---|---|---|---|
"""


def write_table(execution: Execution) -> str:
    """Writes all that is known, and sums it up in a line."""
    rows = [row_of(mutant, killing) for mutant, killing in execution.killings.items()]
    TABLE.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    outcomes = [killing.exception() for killing in execution.killings.values()]
    dead = [k.result() for k in execution.killings.values() if k.exception() is None]
    skipped = sum(isinstance(outcome, Skipped) for outcome in outcomes)
    line = f"mutants: {len(dead)} of {len(rows)} killed"
    if skipped:
        line += f", {skipped} not planted since something is not installed"
    by_bench = sum(bool(said.by_bench) for said in dead)
    return line + f"; make bench alone kills {by_bench} on their smallest case; see {TABLE.name}"


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py", description=__doc__.splitlines()[0])
    parser.add_argument("--only", metavar="NAME", help="this mutant alone, or this example's")
    options = parser.parse_args(words)
    mutants = [
        mutant for mutant in catalogue() if options.only in (None, mutant.name, mutant.example)
    ]
    if not mutants:
        print(f"run.py: there is no mutant {options.only}, nor such an example", file=sys.stderr)
        return 2
    execution = Execution(mutants)
    failures = 0
    for example, control in execution.controls.items():
        if isinstance(control.exception(), NotKilled):
            failures += 1
            print(control.exception())
        else:
            control.result()
            print(f"{example}: without faults nothing is found")
    for mutant, killing in execution.killings.items():
        failure = killing.exception()
        if isinstance(failure, NotKilled):
            failures += 1
            print(failure)
        elif isinstance(failure, Skipped):
            print(f"{mutant.name} is not planted: {failure}")
        else:
            said = killing.result()
            ending = f"({said.seconds:.1f} s; make bench {in_words(said.by_bench)})"
            print(f"{mutant.name}: {said.finding} {ending}")
    print(write_table(execution))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
