"""Processes forked from one with its imports, by the real benchmarks/python.py."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from suite.measure import processes
from suite.measure.forecasts import Sampling
from suite.measure.servers import Servers, imported_by

HARNESS = Path(__file__).resolve().parents[3] / "benchmarks" / "python.py"
SAMPLING = Sampling(0.001, 0.0)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has servers")

CONTRACT = """
import math

def make_input(fields):
    return fields["numbers"]

def answer(output):
    return output

def distance(got, expected):
    return max(abs(a - b) for a, b in zip(got, expected))
"""

# The answer is that of a process in which nobody was before: upward, the sum would not be 1.
LOOKS = """
import math, os, sys

def looks(numbers):
    with open("/proc/self/statm") as sizes:
        pages = int(sizes.read().split()[1])
    few_pages = pages * os.sysconf("SC_PAGESIZE") < 150e6
    threads = len(os.listdir("/proc/self/task"))
    known = float("leaves" not in sys.modules and "left" not in os.environ)
    return [math.sqrt(4.0), numbers[0] + 1e-30, threads, float(few_pages), known]
"""

# All that one rung can leave to the next in a process of theirs.
LEAVES = """
import ctypes, ctypes.util, math, os, platform, subprocess, sys, threading, time

UPWARD = {"x86_64": 0x800, "aarch64": 0x400000}.get(platform.machine(), 0)
HELD = []

def leaves(numbers):
    if not HELD:
        HELD.append(b"x" * 300000000)
        child = subprocess.Popen(["sleep", "1000"])
        with open(os.path.join(os.path.dirname(__file__), "child"), "w") as file:
            file.write(str(child.pid))
        thread = threading.Thread(target=time.sleep, args=(1000,))
        thread.daemon = True
        thread.start()
        os.environ["left"] = sys.modules["leaves"] = "behind"
        math.sqrt = lambda number: 7.0
        ctypes.CDLL(ctypes.util.find_library("m")).fesetround(UPWARD)
    return [2.0, 1.0, 1.0, 1.0, 1.0]
"""


class Example:
    """A folder with rungs, a problem, and the servers that run them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.servers, self.count = folder, Servers(), 0
        (folder / "seeing.py").write_text(CONTRACT)
        self.problem = folder / "problem.json"
        problem = {
            "example": "seeing",
            "label": "n:1",
            "input": {"numbers": [1.0]},
            "answer": [2.0, 1.0, 1.0, 1.0, 1.0],
            "tolerance": 0.0,
            "work": {"items": 1.0},
        }
        self.problem.write_text(json.dumps(problem))

    def rung(self, name: str, source: str) -> Path:
        file = self.folder / f"10_{name}.py"
        file.write_text(textwrap.dedent(source))
        return file

    def run(
        self, rung: Path, timeout: float = 60.0, python: str = sys.executable, **variables: str
    ) -> tuple[processes.Ended, dict | None]:
        """How it ended, and the row that it wrote."""
        self.count += 1
        out = self.folder / f"{self.count}.json"
        command = [python, str(HARNESS)]
        words = processes.timing_of_python(command, rung, {self.problem: 0}, SAMPLING, out)
        env = {**os.environ, **variables}
        output = self.folder / "stdout"
        ended = self.servers.run(words, imported_by(rung), timeout, output, env)
        return ended, json.loads(out.read_text())["benchmarks"][0] if out.exists() else None

    def row(self, rung: Path, **options) -> dict:
        ended, row = self.run(rung, **options)
        assert row, ended
        return row

    def parent(self, rung_that_tells: Path) -> int:
        return int(self.row(rung_that_tells)["note_parent"])


TELLS = """
import os

def tells(numbers):
    return [2.0, 1.0, 1.0, 1.0, 1.0]

def tells_notes(numbers):
    return {"parent": os.getppid(), "own": os.getpid()}
"""


@pytest.fixture
def example(tmp_path) -> Iterator[Example]:
    made = Example(tmp_path)
    yield made
    made.servers.close()


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("order", [("leaves", "looks"), ("looks", "leaves", "looks")])
def test_what_one_rung_leaves_behind_the_next_one_does_not_meet(example, order):
    rungs = {"leaves": example.rung("leaves", LEAVES), "looks": example.rung("looks", LOOKS)}
    # Of one server, as those are that import the same.
    same = imported_by(rungs["leaves"])
    rungs["looks"].write_text(LOOKS + "".join(f"import {module}\n" for module in same))
    assert imported_by(rungs["looks"]) == same
    for name in order:
        row = example.row(rungs[name])
        assert not row.get("error_occurred"), row.get("error_message")
    assert not is_alive(int((example.folder / "child").read_text()))


def test_a_rung_that_looks_for_leftovers_finds_them_in_its_own_process(example):
    both = LEAVES.replace("def leaves(", "def leave(") + LOOKS.replace("def looks(", "def look(")
    rung = example.rung(
        "both",
        both + "\ndef both(numbers):\n    leave(numbers)\n    return look(numbers)\n",
    )
    assert "wrong answer: error" in example.row(rung)["error_message"]


def test_rungs_that_import_the_same_are_children_of_one_process(example):
    one = example.rung("tells", TELLS)
    first, second = example.row(one), example.row(one)
    assert first["note_parent"] == second["note_parent"] != os.getpid()
    assert first["note_own"] != second["note_own"]


def test_the_next_round_has_another_process(example):
    rung = example.rung("tells", TELLS)
    first = example.parent(rung)
    example.servers.close()
    assert not is_alive(first)
    assert example.parent(rung) != first


def test_another_environment_has_another_process(example):
    rung = example.rung("tells", TELLS)
    parents = {example.row(rung, OMP_NUM_THREADS=count)["note_parent"] for count in "12"}
    assert len(parents) == 2


def test_a_server_that_died_is_started_again(example):
    rung = example.rung("tells", TELLS)
    first = example.parent(rung)
    os.kill(first, signal.SIGKILL)
    assert example.parent(rung) not in (first, os.getpid())


def test_a_rung_that_takes_its_server_along_is_told_as_what_it_is(example):
    rung = example.rung("tells", TELLS)
    # It waits for its own end, which comes with the server's, but not at once.
    kill = "os.kill(os.getppid(), 9); os.read(os.pipe()[0], 1); ["
    killer = TELLS.replace("tells", "kills").replace("return [", kill)
    ended, row = example.run(example.rung("kills", killer))
    assert (ended.status, row) == (-9, None)
    assert not example.row(rung).get("error_occurred")


def test_a_crash_a_status_and_last_words_are_told_as_of_a_process_of_its_own(example):
    crash = "import os\ndef crash(numbers): os.abort()\n"
    leave = "import os, sys\ndef leave(n): sys.stderr.write('no luck\\n'); os._exit(5)\n"
    for name, source in (("crash", crash), ("leave", leave)):
        rung = example.rung(name, source)
        command = [sys.executable, str(HARNESS), "--rung", str(rung)]
        command += ["--problem", str(example.problem), "--out", str(example.folder / "none")]
        alone = processes.run(command, 60, example.folder / "alone", dict(os.environ))
        ended, row = example.run(rung)
        assert row is None
        assert (ended.status, ended.complaint()) == (alone.status, alone.complaint())
    assert ended.complaint() == "ended with status 5: no luck"


def test_a_child_that_hangs_is_stopped_and_the_server_goes_on(example):
    hang = "import os, time\ndef hang(numbers):\n    open('pid', 'w').write(str(os.getpid()))\n"
    hang = hang.replace("'pid'", repr(str(example.folder / "pid"))) + "    time.sleep(1000)\n"
    rung = example.rung("hang", hang)
    for timeout in (2.0, 10.0, 50.0):  # a busy machine may stop it before it has begun
        ended, row = example.run(rung, timeout=timeout)
        if (example.folder / "pid").exists():
            break
    assert (ended.status, row) == (None, None)
    assert ended.complaint().startswith("stopped after")
    assert not is_alive(int((example.folder / "pid").read_text()))
    calm = example.rung("calm", "import os, time\ndef calm(n): return [2.0, 1.0, 1.0, 1.0, 1.0]\n")
    assert not example.row(calm).get("error_occurred")


def test_what_starts_threads_when_it_is_imported_gets_a_process_of_its_own(example):
    source = "import threading, time\n"
    source += "threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\n"
    (example.folder / "site").mkdir()
    (example.folder / "site" / "starts_threads.py").write_text(source)
    rung = example.rung("tells", "import starts_threads\n" + TELLS)
    row = example.row(rung, PYTHONPATH=str(example.folder / "site"))
    assert row["note_parent"] == os.getpid()


def test_an_import_that_is_missing_is_told_by_the_rung(example):
    rung = example.rung("tells", "import no_such_thing\n" + TELLS)
    assert example.row(rung)["error_message"] == "skipped: no_such_thing is not installed"


def test_nothing_survives_a_runner_that_is_killed(example):
    rung = example.rung("hang", "import os\ndef hang(numbers): os.read(os.pipe()[0], 1)\n")
    program = f"""
import os, sys
sys.path[:0] = {[str(HARNESS.parents[1] / "scripts"), str(Path(__file__).parent)]!r}
from pathlib import Path
from test_servers import Example
example = Example(Path({str(example.folder)!r}))
print(example.parent(example.rung("tells", {TELLS!r})), flush=True)
example.run(Path({str(rung)!r}), timeout=1000)
"""
    runner = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    server = int(runner.stdout.readline())
    children = Path(f"/proc/{server}/task/{server}/children")
    deadline = time.monotonic() + 60
    while not (found := children.read_text().split()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    runner.kill()
    runner.communicate()
    deadline = time.monotonic() + 60
    while any(map(is_alive, [server, *map(int, found)])) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(map(is_alive, [server, *map(int, found)]))


LATE = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
import python as harness
real = harness.death_with_parent
def death_with_parent():
    die, parent = real(), os.getpid()
    def late():
        while os.getppid() == parent:
            time.sleep(0.01)
        die()
    return late
harness.death_with_parent = death_with_parent
harness.serve([])
"""


def test_a_child_ends_though_its_server_ended_before_it_was_told_to(example):
    hang = example.rung("hang", "import os\ndef hang(numbers): os.read(os.pipe()[0], 1)\n")
    words = ["--rung", hang, "--problem", example.problem, "--out", example.folder / "out"]
    asked = {"words": list(map(str, words)), "output": os.devnull, "errors": os.devnull}
    server = subprocess.Popen(
        [sys.executable, "-c", LATE, str(HARNESS.parent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    server.stdin.write(json.dumps(asked) + "\n")
    server.stdin.flush()
    said = [json.loads(server.stdout.readline()) for _ in range(2)]
    server.kill()
    server.communicate()
    deadline = time.monotonic() + 60
    while is_alive(said[1]["child"]) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_alive(said[1]["child"])


@pytest.mark.parametrize("name", ["python2.7", "python3.6", "python3.8", "python3.13", "pypy3"])
def test_other_interpreters_have_servers_too(example, name):
    python = shutil.which(name)
    if not python or subprocess.run([python, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"there is no {name}")
    rung = example.rung("tells", TELLS)
    rows = [example.row(rung, python=python) for _ in range(2)]
    assert rows[0]["note_parent"] == rows[1]["note_parent"] != os.getpid()


def test_imports_are_those_at_the_top_of_a_rung_and_of_files_beside_it(tmp_path):
    (tmp_path / "beside.py").write_text("import math\nfrom os import path\nimport rung\n")
    (tmp_path / "10_rung.py").write_text(
        "import beside\ntry:\n    import numpy.random as random\nexcept ImportError:\n    pass\n"
        "def rung(n):\n    import json\n"
    )
    found = imported_by(tmp_path / "10_rung.py")
    assert found == ("math", "numpy.random", "os", "rung")
