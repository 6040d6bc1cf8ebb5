"""Runs of the real programs, as `make bench` starts them, in a calm shell and in a hostile one."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from hostile import HOSTILE

ROOT = Path(__file__).resolve().parents[2]
PRESET = os.environ.get("PRESET", "release")
PROGRAM = Path(os.environ.get("MYTHBENCH_PROGRAM", ROOT / "build" / PRESET / "mythbench"))

pytestmark = pytest.mark.skipif(
    not (PROGRAM.is_file() and (ROOT / "build" / "python").is_file()),
    reason="the suite is not set up and built",
)

BENCH = """
. scripts/environment.sh
make_environment ""
exec build/python scripts/suite bench --project "$0" --only matmul --rounds 1 --seed 1 \\
  --budget 40s --no-report
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """The suite with its own folder for runs."""
    project = tmp_path_factory.mktemp("project")
    for name in ("benchmarks", "slides", "src"):
        (project / name).symlink_to(ROOT / name)
    (project / "build" / "release").mkdir(parents=True)
    (project / "build" / "release" / "mythbench").symlink_to(PROGRAM)
    return project


def measured(project: Path, variables: dict[str, str]) -> dict:
    """The run.json of what is started with these variables and no others."""
    environment = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    done = subprocess.run(
        ["bash", "-euc", BENCH, project],
        cwd=ROOT,
        env={**environment, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((project / "results/runs/latest/run.json").read_text())


def kinds(document: dict) -> dict[tuple, dict]:
    """What is said of each row that was measured but for its times."""
    said = ("status", "language", "interpreter", "check")
    return {
        (row["rung"], json.dumps(row["case"])): {name: row[name] for name in said}
        for row in document["rows"]
        if row["status"] == "ok"
    }


def doubts_of_settings(document: dict) -> list[str]:
    return [doubt for doubt in document["warnings"] if "KEEP_ENV" in doubt]


def test_a_hostile_shell_gets_the_run_of_a_calm_one(project, tmp_path):
    for name in ("numpy", "sitecustomize", "encodings"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('of another Python')\n")
    hostile = {**HOSTILE, "PYTHONPATH": str(tmp_path)}
    calm, other = measured(project, {}), measured(project, hostile)
    assert not [row for run in (calm, other) for row in run["rows"] if row["status"] == "failed"]
    one, two = kinds(calm), kinds(other)
    same = one.keys() & two.keys()  # on a busy machine some may have taken too long
    assert {row: one[row] for row in same} == {row: two[row] for row in same}
    assert {one[row]["language"] for row in same} == {"c++", "python"}
    assert calm["ladders"] == other["ladders"]
    assert calm["machine"]["openmp"] == other["machine"]["openmp"]
    assert doubts_of_settings(calm) == doubts_of_settings(other) == []
    assert calm["machine"]["environment"] == {"kept": [], "removed": []}
    assert other["machine"]["environment"] == {"kept": [], "removed": sorted(hostile)}
