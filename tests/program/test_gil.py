"""The programs around the experiment of the two threads: what they print, and how they refuse."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
BUILT = PROJECT / "build" / os.environ.get("PRESET", "release")
EXAMPLE = PROJECT / "src" / "gil"


def ran(*words) -> subprocess.CompletedProcess:
    return subprocess.run([str(word) for word in words], capture_output=True, text=True)


def told(*words) -> dict:
    done = ran(*words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("lock", ["tick", "interval"])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_at_any_time_one_thread_at_most_holds_the_lock(lock, threads):
    words = ("--timeline", "--lock", lock, "--threads", threads, "--n", 300_000)
    watched = told(BUILT / "gil", *words)
    tenures = watched["tenures"]
    assert {tenure["thread"] for tenure in tenures} == set(range(threads))
    for tenure in tenures:
        assert 0 <= tenure["asked"] <= tenure["taken"] <= tenure["given"] <= watched["seconds"]
    for before, after in zip(tenures, tenures[1:]):
        assert before["given"] <= after["taken"]


def test_a_library_that_gives_the_lock_up_hardly_holds_it():
    words = ("--timeline", "--work", "matmul", "--n", 300)

    def held(*more: str) -> float:
        return sum(t["given"] - t["taken"] for t in told(BUILT / "gil", *words, *more)["tenures"])

    whole = held()
    # Whoever has the lock may lose its core for a moment to something else, but not each time.
    assert any(held("--release") < whole for _ in range(10))


@pytest.mark.parametrize("lock", ["tick", "interval", "none"])
def test_a_convoy_says_how_late_each_waking_was(lock):
    watched = told(BUILT / "gil", "--convoy", "--lock", lock, "--n", 2_000_000)
    assert watched["lock"] == lock
    assert watched["latencies"]
    assert all(late >= 0 for late in watched["latencies"])


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--timeline", "--convoy"),
        ("--timeline", "--lock", "none"),
        ("--convoy", "--lock", "padlock"),
        ("--timeline", "--threads", "0"),
        ("--timeline", "--n", "-1"),
    ],
)
def test_bad_usage_is_refused_in_one_sentence(words):
    done = ran(BUILT / "gil", *words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("gil: ") and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("what", ["timeline", "convoy", "payload"])
def test_an_interpreter_watches_itself(what):
    watched = told(sys.executable, EXAMPLE / "gil" / "watch.py", what)
    assert watched["what"] == what
    assert watched["interpreter"]["gil"] in (True, False)
    if what == "timeline":
        assert {tenure["thread"] for tenure in watched["tenures"]} == {0, 1}
        assert all(tenure["taken"] <= tenure["given"] for tenure in watched["tenures"])
    elif what == "convoy":
        assert watched["latencies"]
    else:
        sizes = [point["bytes"] for point in watched["points"]]
        assert (sizes[0], sizes[-1]) == (1000, 128_000_000)
        assert all(point["seconds"] > 0 for point in watched["points"])
        # The job takes no longer for more arguments; to get them there does.
        least, most = watched["points"][0], watched["points"][-1]
        assert most["seconds"] - most["job_seconds"] > least["seconds"] - least["job_seconds"]


def test_the_readme_shows_what_the_functions_of_threading_say():
    done = ran(sys.executable, EXAMPLE / "show_threading.py")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in (EXAMPLE / "README.md").read_text(encoding="utf-8")


def test_three_lies_are_shown_beside_the_truth():
    done = ran(BUILT / "lies")
    assert done.returncode == 0, done.stderr
    head, *exhibits = done.stdout.splitlines()
    assert head.split() == ["wrong", "right", "why"]
    assert len(exhibits) == 3
    for line in exhibits:
        assert line.count(" ms ") == 2


def test_what_nobody_uses_is_not_computed():
    def seconds() -> list[float]:
        exhibit = ran(BUILT / "lies").stdout.splitlines()[3]
        return [float(cell.split()[-1]) for cell in exhibit.split(" ms ")[:2]]

    # Whatever else the machine does, it does not come between two looks at the clock each time.
    assert any(wrong < right / 100 for wrong, right in (seconds() for _ in range(10)))


def test_make_lists_and_starts_all_lies():
    listed = ran("make", "-C", PROJECT, "help").stdout
    assert "make lies" in listed
    started = (PROJECT / "scripts" / "lies.sh").read_text(encoding="utf-8")
    assert '/lies"' in started and "benchmarks/lies/cold_jit.py" in started
    told = ran("make", "-C", PROJECT, "-n", "lies").stdout
    assert "scripts/lies.sh" in told


def test_the_fourth_lie_needs_a_compiler_or_says_so():
    done = ran(sys.executable, PROJECT / "benchmarks" / "lies" / "cold_jit.py")
    assert done.returncode == 0, done.stderr
    line = done.stdout.strip()
    if "skipped" in line:
        assert line.endswith("skipped: numba is not installed")
    else:
        wrong, right = (float(cell.split()[-1]) for cell in line.split(" ms ")[:2])
        assert wrong > right
