"""The Python interpreters that run the Python rungs."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass

# Runs on every Python since 2.7.
QUESTION = """
import json, platform, sys
holds_a_lock = getattr(sys, "_is_gil_enabled", lambda: True)
print(json.dumps({"implementation": platform.python_implementation(),
                  "version": platform.python_version(), "gil": holds_a_lock()}))
"""
PATIENCE = 20  # seconds; a first start from a cold disk may be slow


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


def ask(name: str) -> Interpreter:
    command = shutil.which(name)
    if command is None:
        raise ValueError(f"PYTHONS names '{name}', which is neither in PATH nor a program")
    try:
        answer = subprocess.run(
            [command, "-c", QUESTION], capture_output=True, timeout=PATIENCE, check=True
        )
        return Interpreter(command, **json.loads(answer.stdout))
    except (OSError, ValueError, TypeError, subprocess.SubprocessError):
        raise ValueError(f"PYTHONS names '{name}', which does not run as a Python") from None
