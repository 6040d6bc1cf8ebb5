"""How the programs end where their output or a file cannot be written."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from small_disk import fill, small_disk

ROOT = Path(__file__).parents[2]
MYTHBENCH = Path(os.environ.get("MYTHBENCH_PROGRAM", ROOT / "build" / "release" / "mythbench"))
EXAMPLE = ROOT / "src" / "locator" / "example"
LOCATE = [
    "locate",
    f"--stations={EXAMPLE / 'stations.csv'}",
    f"--events={EXAMPLE / 'events.csv'}",
    f"--grid={EXAMPLE / 'grid.json'}",
    "--rung=branch_and_bound",
]
# What each says when all is well.
SPEAKERS = [
    ["mythbench", "--list"],
    ["mythbench", "--catalogue"],
    ["mythbench", "--help"],
    ["mythbench", "--benchmark_list_tests"],
    ["gil", "--timeline", "--n=1000"],
    ["gil", "--help"],
    ["bytecode", "--help"],
    ["locate", "--help"],
    ["lies"],
]

pytestmark = pytest.mark.skipif(not MYTHBENCH.is_file(), reason=f"{MYTHBENCH} is not built")


def run(words: list[str], **more) -> subprocess.CompletedProcess[str]:
    command = [str(MYTHBENCH.with_name(words[0])), *words[1:]]
    more.setdefault("stdout", subprocess.PIPE)
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, **more)


def ignore_closed_pipes() -> None:
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)


@pytest.fixture
def full(tmp_path) -> Iterator[Path]:
    """A folder on a disk without a byte to spare, in which a file `kept` says "good"."""
    with small_disk(tmp_path / "full", "64k") as place:
        (place / "kept").write_text("good")
        fill(place)
        yield place


def check_full(done: subprocess.CompletedProcess[str], full: Path) -> None:
    assert "No space left on device; make room on the disk\n" in done.stderr
    assert done.returncode == 4
    assert {file.name for file in full.rglob("*") if file.is_file()} == {"kept", "ballast"}
    assert (full / "kept").read_text() == "good"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", SPEAKERS, ids=" ".join)
def test_an_output_that_is_full_ends_a_program_with_the_status_of_a_refusal(words):
    with open("/dev/full", "w") as full:
        done = run(words, stdout=full)
    told = "cannot write the output: No space left on device; make room on the disk\n"
    assert done.stderr.endswith(f"{words[0]}: {told}")
    assert done.returncode == 4


@pytest.mark.parametrize("words", SPEAKERS, ids=" ".join)
def test_a_closed_pipe_ends_a_program_as_a_shell_expects(words):
    reader, writer = os.pipe()
    os.close(reader)
    done = run(words, stdout=writer, preexec_fn=ignore_closed_pipes)
    os.close(writer)
    assert done.returncode == 141
    assert "write" not in done.stderr


TIMED = ["mythbench", "--benchmark_filter=^bytecode/closed_form/", "--benchmark_min_time=0.001"]


def test_times_that_find_no_room_are_no_result(full):
    check_full(run([*TIMED, f"--benchmark_out={full / 'kept'}"]), full)


def test_times_replace_a_file_when_they_are_all_there(tmp_path):
    (tmp_path / "times.json").write_text("old")
    assert run([*TIMED, f"--benchmark_out={tmp_path / 'times.json'}"]).returncode == 0
    assert [file.name for file in tmp_path.iterdir()] == ["times.json"]
    assert '"benchmarks"' in (tmp_path / "times.json").read_text()


@pytest.mark.parametrize(
    "wrong", ["--benchmark_out=/none/times.json", "--benchmark_min_time=soon", "--benchmark_noise"]
)
def test_wrong_usage_of_google_benchmark_is_no_wrong_answer(wrong):
    done = run([*TIMED, wrong])
    assert done.returncode == 2
    assert done.stderr


def test_a_problem_that_finds_no_room_leaves_nothing_behind(full):
    words = ["mythbench", "--write-problem=dummy_objects/n:1000", f"--problems={full}"]
    check_full(run(words), full)


def test_a_table_of_locate_that_finds_no_room_leaves_the_old_one(full):
    check_full(run([*LOCATE, f"--output={full / 'kept'}"]), full)


def test_pictures_that_find_no_room_cost_no_table(full, tmp_path):
    located = tmp_path / "located.csv"
    check_full(run([*LOCATE, f"--output={located}", f"--plot={full}"]), full)
    assert located.read_text().startswith("event,")
