"""What the system refuses, or takes away, while a command is at work: one sentence, the status that
the README says, and nothing lost of what was measured."""

from __future__ import annotations

import itertools
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from fake_suite import FakeSuite, example, rung
from small_disk import fill, small_disk
from suite import cli
from suite.machine import environment
from suite.measure import processes
from suite.runs import refusals, results

PROJECT = Path(__file__).resolve().parents[2]
SUITE = [sys.executable, str(PROJECT / "scripts" / "suite")]
REFERENCE = next((PROJECT / "results" / "reference").glob("*/run.json")).parent
# As who reads the README's table would have it.
REFUSED, HUNG_UP, STOPPED, TERMINATED, NOBODY_READS = 4, 129, 130, 143, 141


def project(folder: Path) -> FakeSuite:
    sums = [rung(5, "loop", "python"), rung(10, "naive"), rung(20, "blocked")]
    return FakeSuite(folder, [example("sums", sums)])


@pytest.fixture
def fake(tmp_path) -> FakeSuite:
    return project(tmp_path)


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    """A file system of its own, of a few megabytes."""
    with small_disk(tmp_path / "disk", "8m") as place:
        yield place


def bench(fake: FakeSuite, *options: str) -> list[str]:
    chosen = ["--project", str(fake.project), "--no-report", *options]
    return [*SUITE, "bench", *chosen]


def start(command: list[str], **streams) -> subprocess.Popen:
    # Tests that a shell runs in the background would hand on that Ctrl-C is ignored.
    return subprocess.Popen(command, preexec_fn=heeds_signals, **streams)


def heeds_signals() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)


def measured(fake: FakeSuite) -> dict[str, bytes]:
    files = (fake.runs / "latest" / "raw").glob("[0-9]*.json")
    return {file.name: file.read_bytes() for file in files}


def wait_for(condition: Callable[[], object], seconds: float = 300.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def check_it_goes_on(fake: FakeSuite, before: dict[str, bytes]) -> None:
    """What was measured stays, is not measured again, and the run comes to its end."""
    assert not list((fake.latest / "raw").glob(".*"))
    assert subprocess.run(bench(fake, "--resume", fake.latest.name)).returncode == 0
    assert before.items() <= measured(fake).items()
    document = results.load(fake.latest).document
    assert document["complete"]
    for row in document["rows"]:
        assert [sample["round"] for sample in row["samples"]] == [1, 2]


def check_told(told: str, fake: FakeSuite, what: str) -> None:
    assert what in told
    assert "kept in" in told
    assert f"`make bench RESUME={fake.latest.name}` goes on" in told
    assert "Traceback" not in told


def test_a_disk_that_fills_while_a_run_measures_stops_it_and_costs_nothing(disk):
    fake = project(disk)
    fake.write(nap=0.02)
    run = start(bench(fake, "--rounds", "2"), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    wait_for(lambda: len(measured(fake)) > 3)
    ballast = fill(disk)
    told = run.communicate()[1].decode()
    before = measured(fake)
    assert run.returncode == REFUSED
    check_told(told, fake, "the disk is full; make room on it")
    assert not list(fake.latest.glob(".*.json.*"))
    ballast.unlink()
    fake.write(nap=0)
    check_it_goes_on(fake, before)


def test_a_run_that_finds_no_room_to_begin_leaves_no_folder(disk):
    fake = project(disk)
    fill(disk)
    run = subprocess.run(bench(fake), capture_output=True, text=True)
    assert run.returncode == REFUSED
    assert "the disk is full; make room on it" in run.stderr
    assert run.stderr.count("\n") == 1
    assert list(fake.runs.glob("*")) == []


def test_a_file_that_cannot_be_replaced_stays_as_it_was(disk):
    results.write_text(disk / "run.json", "good")
    ballast = fill(disk)
    with pytest.raises(OSError, match="No space left") as refused:
        results.write_text(disk / "run.json", "x" * 100_000)
    assert refused.value.filename == str(disk / "run.json")
    assert {file.name for file in disk.iterdir()} == {"run.json", ballast.name}
    assert (disk / "run.json").read_text() == "good"


def test_a_project_that_cannot_be_written_is_refused_in_one_sentence(disk):
    fake = project(disk)
    remount = ["mount", "-o", "remount,ro", str(disk)]
    assert subprocess.run(remount).returncode == 0
    run = subprocess.run(bench(fake), capture_output=True, text=True)
    assert run.returncode == REFUSED
    assert run.stderr.count("\n") == 1
    assert "it is mounted read-only; copy the project to where you may write" in run.stderr


def test_who_has_no_permission_is_told_whose_it_is(tmp_path):
    error = PermissionError(13, "Permission denied", str(tmp_path / "results" / "runs"))
    told = refusals.sentence(error)
    owner = tmp_path.owner()
    assert f"you have no permission, {tmp_path} belongs to {owner}; copy the project" in told


@pytest.mark.parametrize("number", refusals.KINDS)
def test_every_kind_of_refusal_is_told_with_what_helps_and_ends_alike(number, monkeypatch, capsys):
    def fail(name):
        raise OSError(number, os.strerror(number), "/some/file")

    monkeypatch.setattr("suite.runs.results.find_run", fail)
    assert cli.main(["where"]) == REFUSED
    told = capsys.readouterr().err
    assert told.startswith("suite where: /some/file: ")
    assert refusals.KINDS[number][1] in told


def test_a_program_without_memory_gave_no_wrong_answer(monkeypatch, capsys):
    def fail(name):
        raise MemoryError

    monkeypatch.setattr("suite.runs.results.find_run", fail)
    assert cli.main(["where"]) == REFUSED
    assert "there is not enough memory" in capsys.readouterr().err


SHORT_COMMANDS = [
    ["charts", "--list"],
    ["verdicts", "--run", str(REFERENCE)],
    ["where", str(REFERENCE)],
    ["--help"],
]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", SHORT_COMMANDS, ids=lambda words: words[0])
def test_an_output_that_is_full_is_told_with_the_status_of_a_refusal(command):
    with open("/dev/full", "wb") as full:
        run = subprocess.run(
            [*SUITE, *command], stdout=full, stderr=subprocess.PIPE, env=buffered()
        )
    assert run.returncode == REFUSED
    assert run.stderr.decode().endswith(": the output: the disk is full; make room on it\n")
    assert run.stderr.count(b"\n") == 1


@pytest.mark.parametrize("command", SHORT_COMMANDS, ids=lambda words: words[0])
def test_who_reads_no_further_hears_nothing_of_it(command):
    reader, writer = os.pipe()
    os.close(reader)
    run = subprocess.run([*SUITE, *command], stdout=writer, stderr=subprocess.PIPE, env=buffered())
    os.close(writer)
    assert run.returncode == NOBODY_READS
    assert run.stderr == b""


def test_who_closed_the_output_hears_nothing_either():
    command = [*SUITE, "verdicts", "--run", str(REFERENCE)]
    run = subprocess.run(["sh", "-c", '"$@" >&-', "sh", *command], stderr=subprocess.PIPE)
    assert (run.returncode, run.stderr) == (0, b"")


def buffered() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


def test_a_run_that_nobody_reads_any_more_stops_and_can_go_on(fake):
    pipe = subprocess.PIPE
    run = start(bench(fake, "--rounds", "2"), stdout=pipe, stderr=pipe)
    run.stdout.close()  # as head does, but before the first line
    told = run.stderr.read().decode()
    assert run.wait() == NOBODY_READS
    check_told(told, fake, "nobody reads the output any more")
    check_it_goes_on(fake, measured(fake))


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, STOPPED), (signal.SIGTERM, TERMINATED), (signal.SIGHUP, HUNG_UP)],
)
def test_a_run_that_a_signal_stops_says_by_which(fake, number, status):
    fake.behave(naive={"hangs": True, "only_on": ["n:10000"]})
    run = start(bench(fake, "--rounds", "2"), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    wait_for(lambda: hangs(fake))
    run.send_signal(number)
    told = run.communicate()[1].decode()
    assert run.returncode == status
    check_told(told, fake, "stopped on the way")
    fake.behave(naive={})
    check_it_goes_on(fake, measured(fake))


def hangs(fake: FakeSuite) -> bool:
    return ("time", ["sums/naive/n:10000"]) in [(kind, labels) for kind, labels in fake.log()]


def test_a_run_that_is_to_outlive_its_terminal_does(fake):
    fake.write(nap=0.02)
    command = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *bench(fake, "--rounds", "2")]
    run = start(command, stdout=subprocess.DEVNULL)
    wait_for(lambda: measured(fake))
    run.send_signal(signal.SIGHUP)
    assert run.wait() == 0
    assert fake.document()["complete"]


class Terminal:
    """A pseudo-terminal, and the command that has it for its own."""

    def __init__(self, command: list[str]) -> None:
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            heeds_signals()
            os.execvp(command[0], command)

    def read_to_the_end(self) -> str:
        told = b""
        with suppress(OSError):  # Linux says so that nobody writes any more
            while part := os.read(self.handle, 65536):
                told += part
        return told.decode()

    def status(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@pytest.mark.parametrize("pipe", ["| tee", "2>&1 | tee"])
def test_ctrl_c_before_a_pipe_says_on_the_terminal_how_to_go_on(fake, tmp_path, pipe):
    fake.behave(naive={"hangs": True, "only_on": ["n:10000"]})
    script = f'trap : INT; "$@" {pipe} {tmp_path / "log"}; echo status ${{PIPESTATUS[0]}}'
    shown = Terminal(["bash", "-c", script, "bash", *bench(fake, "--rounds", "2")])
    wait_for(lambda: hangs(fake))
    os.write(shown.handle, b"\x03")
    told = shown.read_to_the_end()
    assert shown.status() == 0
    assert f"status {STOPPED}" in told
    check_told(told, fake, "stopped on the way")
    fake.behave(naive={})
    check_it_goes_on(fake, measured(fake))


@pytest.fixture
def made(fake) -> FakeSuite:
    """With the Makefile and what stands behind it; all is set up and built."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PROJECT / "scripts", fake.project / "scripts", ignore=ignored)
    shutil.copy(PROJECT / "Makefile", fake.project)
    (fake.project / "results").mkdir()
    for schema in (PROJECT / "results").glob("*.schema.json"):
        shutil.copy(schema, fake.project / "results")
    done = "#!/bin/sh\n"
    python = fake.project / "build" / "python"
    scripts = {python: f'{done}exec {sys.executable} "$@"\n'}
    scripts.update({fake.project / "scripts" / f"{name}.sh": done for name in ("set_up", "build")})
    for file, content in scripts.items():
        file.write_text(content)
        file.chmod(0o755)
    return fake


def shell(script: str) -> list[str]:
    return ["bash", "-c", f"trap : INT; {script}; echo status ${{PIPESTATUS[*]}}"]


def test_ctrl_c_while_make_is_read_by_tee_says_on_the_terminal_how_to_go_on(made):
    made.behave(naive={"hangs": True, "only_on": ["n:10000"]})
    command = f"make -C {made.project} bench ROUNDS=2 2>&1 | tee {made.project}/log"
    shown = Terminal(shell(command))
    wait_for(lambda: hangs(made))
    os.write(shown.handle, b"\x03")
    told = shown.read_to_the_end()
    assert shown.status() == 0
    check_told(told, made, "stopped on the way")
    made.behave(naive={})
    check_it_goes_on(made, measured(made))


def test_make_bench_before_head_measures_no_further_and_loses_nothing(made):
    command = f"make -C {made.project} bench ROUNDS=2 | head -1"
    run = subprocess.run(shell(command), capture_output=True, text=True)
    assert "Error 141" in run.stderr or "Broken pipe" in run.stderr  # as make calls it
    check_told(run.stderr, made, "nobody reads the output any more")
    check_it_goes_on(made, measured(made))


def test_a_run_whose_terminal_is_closed_ends_and_can_go_on(fake):
    fake.behave(naive={"hangs": True, "only_on": ["n:10000"]})
    shown = Terminal(bench(fake, "--rounds", "2"))
    wait_for(lambda: hangs(fake))
    os.close(shown.handle)
    assert shown.status() == HUNG_UP
    fake.behave(naive={})
    check_it_goes_on(fake, measured(fake))


def test_a_rung_that_the_system_kills_gave_no_wrong_answer(fake):
    fake.behave(naive={"killed": True, "only_on": ["n:100000"]})
    assert cli.main(bench(fake, "--rounds", "1")[2:]) == 0
    row = fake.rows()["naive", 100_000]
    assert (row["status"], row["samples"]) == ("skipped", [])
    assert row["reason"].startswith("killed: ")
    assert fake.rows()["naive", 10_000]["status"] == "ok"


def test_a_rung_that_was_killed_for_lack_of_memory_says_so(fake, monkeypatch):
    fake.behave(naive={"exits": 1, "only_on": ["n:100000"]})  # as who lost a worker does
    monkeypatch.setattr(processes, "kills_for_memory", itertools.count().__next__)
    assert cli.main(bench(fake, "--rounds", "1")[2:]) == 0
    assert fake.rows()["naive", 100_000]["reason"] == "killed: memory"


@pytest.mark.parametrize(("told", "kills"), [("a 1\noom_kill 3\nb 2\n", 3), ("a 1\n", None)])
def test_kills_for_lack_of_memory_are_counted_where_the_system_tells(
    tmp_path, monkeypatch, told, kills
):
    (tmp_path / "vmstat").write_text(told)
    monkeypatch.setattr(processes, "VMSTAT", tmp_path / "vmstat")
    assert processes.kills_for_memory() == kills


def test_a_run_is_never_killed_before_its_rungs(tmp_path):
    told = tmp_path / "told"
    processes.run(["cat", "/proc/self/oom_score_adj"], 60.0, told, environment.of_tools())
    assert json.loads(told.read_text()) == 1000
