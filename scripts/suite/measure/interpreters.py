"""The Python interpreters that run the Python rungs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ..machine import environment

# Runs on every Python since 2.7.
QUESTION = """
import json, platform, sys
holds_a_lock = getattr(sys, "_is_gil_enabled", lambda: True)
print(json.dumps({"implementation": platform.python_implementation(),
                  "version": platform.python_version(), "gil": holds_a_lock()}))
"""
PATIENCE = 20  # seconds; a first start from a cold disk may be slow
PROGRAM = re.compile(r"(python|pypy)[0-9.]*t?")


@dataclass(frozen=True)
class Interpreter:
    """How it is started, and what it says of itself."""

    command: str
    implementation: str
    version: str
    gil: bool

    @property
    def key(self) -> str:
        """cpython-3.12.1, for names of files"""
        return f"{self.implementation}-{self.version}{'' if self.gil else '-nogil'}".lower()

    @property
    def kind(self) -> tuple:
        """Alike for two that differ in the last part of their version only."""
        return self.implementation, self.numbers[:2], self.gil

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(int(number) for number in re.findall(r"\d+", self.version))

    def described(self) -> dict:
        """As the rows of a run name it."""
        return {"implementation": self.implementation, "version": self.version, "gil": self.gil}


def find(names: Iterable[str]) -> list[Interpreter]:
    """The interpreters of these names or paths. Raises ValueError with one sentence."""
    found: dict[str, Interpreter] = {}
    for name in names:
        interpreter = ask(name)
        found.setdefault(interpreter.key, interpreter)
    return list(found.values())


def others(known: list[Interpreter]) -> list[Interpreter]:
    """What else there is in PATH and in pyenv's folder, the newest of each 3.x, in their order."""
    with ThreadPoolExecutor() as several:
        answers = list(several.map(_asked, _programs()))
    newest: dict[tuple, Interpreter] = {}
    for found in sorted(filter(None, answers), key=lambda python: python.numbers):
        newest[found.kind] = found
    for python in known:
        newest.pop(python.kind, None)
    return sorted(newest.values(), key=lambda python: (python.implementation, python.numbers))


def _programs() -> list[str]:
    """Paths of what is named as an interpreter, each program once."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    # pyenv's shims stand for the programs in its folder, if for any.
    folders = [folder for folder in folders if folder.name != "shims"]
    folders += sorted(pyenv.glob("versions/*/bin"))
    programs: dict[Path, str] = {}
    for folder in folders:
        try:
            files = sorted(file for file in folder.iterdir() if PROGRAM.fullmatch(file.name))
        except OSError:
            continue
        for file in files:
            if os.access(file, os.X_OK) and not file.is_dir():
                # A virtual environment's program is a link to another one, with other packages;
                # to the rungs that guests run that makes no difference.
                programs.setdefault(file.resolve(), str(file))
    return list(programs.values())


def _asked(path: str) -> Interpreter | None:
    try:
        return ask(path)
    except ValueError:
        return None


def ask(name: str) -> Interpreter:
    command = shutil.which(name)
    if command is None:
        raise ValueError(f"PYTHONS names '{name}', which is neither in PATH nor a program")
    try:
        answer = subprocess.run(
            [command, "-c", QUESTION],
            capture_output=True,
            timeout=PATIENCE,
            check=True,
            env=environment.of_python({}),
        )
        return Interpreter(command, **json.loads(answer.stdout))
    except (OSError, ValueError, TypeError, subprocess.SubprocessError):
        raise ValueError(f"PYTHONS names '{name}', which does not run as a Python") from None
