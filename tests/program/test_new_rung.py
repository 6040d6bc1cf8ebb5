"""A file dropped into a ladder is a rung, with no other edit; made wrong, it is found out."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

RIGHT = """// Each number from a call of its own.

#include "dummy_objects/dummy_objects.hpp"
#include "random/mt19937.hpp"

namespace mythbench::dummy_objects {

void mine(Input const& in, Output& out) {
  random::Mt19937 generator{in.seed};
  double sum = 0;
  for (std::size_t row = 0; row < in.n; ++row) {
    double row_sum = 0;
    for (std::size_t i = 0; i < in.n; ++i) row_sum += generator.uniform();
    sum += row_sum;
  }
  out.mersenne_twister = sum;
}

}  // namespace mythbench::dummy_objects
"""

# One number too few.
WRONG = RIGHT.replace("void mine", "void hasty").replace("i = 0", "i = row == 0")

# Right in every run, and a run takes no time.
KEEPER = RIGHT.replace("void mine", "void keeper").replace(
    "  random::Mt19937", "  if (out.mersenne_twister) return;\n  random::Mt19937"
)


def leave_small_cases(contract: Path) -> None:
    """So that the work is the same small one whatever the machine has time and memory for."""
    body = r"(std::vector<Case> Example::cases\(\) \{\n).*?(^\}\n)"
    few = """\\1  return {{{"n", 1'000}}, {{"n", 2'000}}};\n\\2"""
    cases = re.compile(body, re.DOTALL | re.MULTILINE)
    text, times = cases.subn(few, contract.read_text())
    assert times == 1
    contract.write_text(text)


def left_behind(folder: str, names: list[str]) -> set[str]:
    """What was built or measured; a room of the scripts is called "runs", too."""
    made = shutil.ignore_patterns("build", ".venv", ".git", "__pycache__", ".*_cache")(
        folder, names
    )
    return made | ({"runs"} if Path(folder) == ROOT / "results" else set())


def leave_one_example(sources: Path, example: str) -> None:
    """With what it and the program need of the folders that others share with it."""
    needed, waiting = {example, "core", "layers", "machine"}, [sources.with_name("benchmarks")]
    waiting += [sources / folder for folder in needed]
    while waiting:
        for file in waiting.pop().rglob("*.[ch]pp"):
            named = set(re.findall(r'#include "(\w+)/', file.read_text())) - needed
            needed |= named
            waiting += [sources / folder for folder in named]
    for folder in sources.iterdir():
        if folder.is_dir() and folder.name not in needed:
            shutil.rmtree(folder)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The suite with one example only, which has three new rungs, built."""
    if not shutil.which("cmake"):
        pytest.skip("no cmake on the PATH")
    copy = tmp_path_factory.mktemp("suite") / "mythbench"
    shutil.copytree(ROOT, copy, ignore=left_behind)
    leave_one_example(copy / "src", "dummy_objects")
    ladder = copy / "src" / "dummy_objects"
    leave_small_cases(ladder / "dummy_objects.cpp")
    (ladder / "45_mine.cpp").write_text(RIGHT)
    (ladder / "46_hasty.cpp").write_text(WRONG)
    (ladder / "47_keeper.cpp").write_text(KEEPER)
    build = copy / "build" / "release"
    configure = ["cmake", "-S", copy, "-B", build, "-DMYTHBENCH_BUILD_TESTS=OFF"]
    # How fast the rungs are is of no interest here, how soon they are compiled is.
    kind = ["-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG"]
    subprocess.run([*configure, *kind], check=True, capture_output=True)
    make = ["cmake", "--build", build, "--target", "mythbench_program", "--parallel", "2"]
    subprocess.run(make, check=True, capture_output=True)
    return copy


@pytest.fixture(scope="module")
def bench(project: Path) -> subprocess.CompletedProcess[str]:
    # There is little to do: the budget is for slow machines.
    command = [sys.executable, "scripts/suite", "bench", "--quick", "--rounds", "1"]
    return subprocess.run(
        [*command, "--budget", "20m"], cwd=project, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def run(project: Path, bench: subprocess.CompletedProcess[str]) -> dict:
    file = project / "results" / "runs" / "latest" / "run.json"
    assert file.is_file(), bench.stdout + bench.stderr
    return json.loads(file.read_text())


def statuses(run: dict, rung: str) -> set[str]:
    return {row["status"] for row in run["rows"] if row["rung"] == rung}


def test_the_new_rungs_are_on_the_ladder_in_their_place(run: dict):
    names = [rung["name"] for rung in run["ladders"][0]["rungs"]]
    place = names.index("mine")
    new = ["mine", "hasty", "keeper"]
    assert names[place - 1 : place + 4] == ["no_array", *new, "counter_based"]


def test_a_right_rung_is_timed(run: dict):
    assert "ok" in statuses(run, "mine")
    assert "failed" not in statuses(run, "mine")


def test_a_wrong_rung_is_named_and_never_timed(run: dict, bench):
    rows = [row for row in run["rows"] if row["rung"] == "hasty"]
    assert "failed" in statuses(run, "hasty")
    assert "ok" not in statuses(run, "hasty")
    assert not any(row["samples"] for row in rows)
    assert any("wrong answer" in row.get("reason", "") for row in rows)
    wrong = bench.stdout.partition("wrong answers")[2]
    assert "dummy_objects/hasty" in wrong


def test_a_rung_that_keeps_its_answer_is_wrong_where_it_is_timed(project: Path, run: dict):
    rows = [row for row in run["rows"] if row["rung"] == "keeper"]
    assert "ok" not in statuses(run, "keeper")
    assert not any(row["samples"] for row in rows)
    assert any("wrong answer: the same is given for" in row.get("reason", "") for row in rows)

    program = project / "build" / "release" / "mythbench"
    command = [program, "--benchmark_filter=dummy_objects/keeper/n:1000/", "--warm-up-seconds=0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "wrong answer: the same is given for n:1000/" in done.stdout


def test_a_wrong_rung_decides_the_exit_status(bench):
    assert bench.returncode == 1, bench.stdout + bench.stderr


def test_charts_show_the_right_rung_and_leave_the_wrong_one_out(project: Path, run: dict):
    tables = sorted((project / "results" / "runs" / "latest" / "charts").glob("*-ladder.csv"))
    assert tables
    bars = [line for table in tables for line in table.read_text().splitlines()]
    assert any("mine" in line for line in bars)
    timed = [line for line in bars if "hasty" in line]
    assert all("failed" in line for line in timed)


def test_the_report_shows_both_sources_and_names_the_wrong_one(project: Path, run: dict):
    report = (project / "results" / "runs" / "latest" / "report.html").read_text()
    assert "45_mine.cpp" in report
    assert "46_hasty.cpp" in report
    assert "wrong answer" in report
