"""A mutant: a source file with one fault in it, such as people make, that the tests have to find.

The files in catalogue/ hold them, one file per example. Adding one is adding an entry there.
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = PROJECT / "src"
RUNG_FILE = re.compile(r"(\w+)/\d\d_(\w+?)(?:\.\w+)?\.(?:cpp|py)")


class NotKilled(Exception):
    """A mutant that the tests did not find, or that could not be planted; the message says why."""


@dataclass(frozen=True)
class Mutant:
    name: str
    file: str  # below src/
    text: str  # occurs once in the file
    instead: str
    breaks: str  # what is wrong now, in a sentence
    # Which rungs are asked, as <example>/<name>; the file itself where it is one.
    rungs: tuple[str, ...] = ()
    # Or which tests in C++ are run, as a filter of Catch2: for what no rung reaches.
    tests: str = ""
    # What is compiled anew where the file is a header; all that include it if nothing is said.
    units: tuple[str, ...] = ()

    @property
    def example(self) -> str:
        return self.asked[0].split("/")[0] if self.asked else self.file.split("/")[0]

    @property
    def language(self) -> str:
        return "python" if self.file.endswith(".py") else "c++"

    @property
    def asked(self) -> tuple[str, ...]:
        own = RUNG_FILE.fullmatch(self.file)
        return self.rungs or (() if self.tests or own is None else ("/".join(own.groups()),))

    def source(self) -> str:
        """The file with the fault in it."""
        right = (SOURCES / self.file).read_text(encoding="utf-8")
        times = right.count(self.text)
        if times != 1:
            raise NotKilled(
                f"{self.name} no longer applies: in src/{self.file} its text stands {times} times"
                " instead of once"
            )
        return right.replace(self.text, self.instead)


def catalogue() -> list[Mutant]:
    mutants: list[Mutant] = []
    for file in sorted((Path(__file__).parent / "catalogue").glob("*.py")):
        spec = importlib.util.spec_from_file_location(file.stem, file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        mutants += module.MUTANTS
    return mutants
