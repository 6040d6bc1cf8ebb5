"""The built suite: its program, its catalogue, the problems that it writes."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
import weakref
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..machine import environment
from ..runs import documents
from ..runs.documents import Refused
from ..runs.results import write_json

SEVERAL_WORDS = re.compile(r"[\s:]")


class NotBuilt(Exception):
    """There is nothing to run; the text says what to do."""

    status = 3


@dataclass(frozen=True)
class Suite:
    project: Path
    preset: str

    @property
    def build(self) -> Path:
        return self.project / "build" / self.preset

    @property
    def program(self) -> Path:
        return self.build / "mythbench"

    @cached_property
    def counting_library(self) -> Path:
        """Loaded into processes that count, it counts what they ask of malloc; not everywhere."""
        return _in_one_word(self.build.resolve() / "libcount_allocations.so", self)

    @property
    def python_program(self) -> Path:
        return self.project / "benchmarks" / "python.py"

    @property
    def numba_cache(self) -> Path:
        return self.build / "numba"

    @property
    def machines(self) -> Path:
        return self.project / "results" / "machines"

    @property
    def runs(self) -> Path:
        return self.project / "results" / "runs"

    @cached_property
    def binary_sha256(self) -> str:
        if not self.program.is_file():
            raise NotBuilt(f"{self.program} is not built: `make bench` builds and runs it")
        return hashlib.sha256(self.program.read_bytes()).hexdigest()

    @cached_property
    def problems(self) -> Path:
        """The folder of this very program's problem files. Those of older ones are removed."""
        folder = self.build / "problems" / self.binary_sha256[:16]
        for other in folder.parent.glob("*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def catalogue(self) -> dict:
        try:
            command = [str(self.program), "--catalogue"]
            env = environment.of_cpp({})
            told = subprocess.run(command, capture_output=True, check=True, env=env)
            return json.loads(told.stdout)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise NotBuilt(f"{self.program} does not tell its catalogue: {error}") from None

    def problem_file(self, example: str, case: str) -> Path:
        return self.problems / example / f"{case.replace('/', '_').replace(':', '-')}.json"

    def problem_seconds(self) -> dict[str, float]:
        """How long the problem files took to write, by example/case. For forecasts."""
        try:
            return documents.read(self._seconds_file, "problems")
        except Refused:
            return {}

    def keep_problem_seconds(self, example: str, case: str, seconds: float) -> None:
        write_json(self._seconds_file, {**self.problem_seconds(), f"{example}/{case}": seconds})

    @property
    def _seconds_file(self) -> Path:
        return self.problems / "seconds.json"


def _in_one_word(file: Path, owner: object) -> Path:
    """By a name that LD_PRELOAD takes for one: it takes what is around a blank or a colon for two.

    A link that is needed for that goes when its owner does.
    """
    if not SEVERAL_WORDS.search(str(file)):
        return file
    somewhere = tempfile.gettempdir()
    try:
        folder = tempfile.mkdtemp(dir="/tmp" if SEVERAL_WORDS.search(somewhere) else somewhere)
    except OSError:
        return file  # whoever counts says that the library was not loaded
    weakref.finalize(owner, shutil.rmtree, folder, ignore_errors=True)
    link = Path(folder, file.name)
    link.symlink_to(file)
    return link
