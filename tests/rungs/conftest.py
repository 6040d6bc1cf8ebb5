from __future__ import annotations

import json
import math
import os
import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
# What a problem file says of other problems.
OTHERS = ("twin", "stand_in")
PACKAGE = re.compile(r"^(?:import|from) (numpy|numba|numexpr)\b", re.MULTILINE)


class Problems:
    """Problem files, each written once; a case is a label with its example before it."""

    def __init__(self, program: Path, folder: Path):
        self.program = program
        self.folder = folder
        text = subprocess.run([program, "--catalogue"], check=True, capture_output=True).stdout
        self.examples = {example["name"]: example for example in json.loads(text)["examples"]}
        self.files: dict[str, Path] = {}

    def entry(self, rung: Path) -> dict:
        (found,) = [
            entry
            for entry in self.examples[rung.parent.name]["rungs"]
            if PROJECT / entry["file"] == rung
        ]
        return found

    def awkward(self, rung: Path) -> list[Path]:
        threaded = self.entry(rung)["threaded"]
        # What packages do in a moment takes the interpreter by itself a minute.
        helped = PACKAGE.search(rung.read_text(encoding="utf-8"))
        most = math.inf if helped else 8e6
        return [
            self.file(f"{rung.parent.name}/{case['label']}")
            for case in self.examples[rung.parent.name]["awkward_cases"]
            if threaded or case["parameters"].get("threads", 1) == 1
            if case["work"]["items"] <= most
        ]

    def alone(self, file: Path) -> Path:
        """The same problem, with no other that could take its place."""
        copy = self.folder / "alone" / file.parent.name / file.name
        if not copy.is_file():
            problem = json.loads(file.read_text())
            left = {key: value for key, value in problem.items() if key not in OTHERS}
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(json.dumps(left))
        return copy

    def file(self, case: str) -> Path:
        if case not in self.files:
            command = [self.program, "--write-problem", case, f"--problems={self.folder}"]
            path = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            self.files[case] = Path(path.strip())
        return self.files[case]


@pytest.fixture(scope="session")
def problems(tmp_path_factory: pytest.TempPathFactory) -> Problems:
    built = PROJECT / "build" / os.environ.get("PRESET", "release") / "mythbench"
    program = Path(os.environ.get("MYTHBENCH_PROGRAM", built))
    if not program.exists():
        pytest.fail(f"{program} is not built; `make test` builds it", pytrace=False)
    return Problems(program, tmp_path_factory.mktemp("problems"))
