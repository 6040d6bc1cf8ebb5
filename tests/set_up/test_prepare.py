"""Setting up and building side by side, with stubs that say what they are about to do."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# The first part of the set-up ends at once, without a stamp: the rest runs beside the build.
STUB = """#!/usr/bin/env bash
echo "{name} $*" >> calls
{first}
{body}
"""
# As the compiler and pip do it, which are no shells.
FOR_EVER = "sleep 600 &\necho $! >> started\nwait"


class Project:
    def __init__(self, folder: Path):
        self.folder = folder
        (folder / "scripts").mkdir()
        (folder / "build/set-up").mkdir(parents=True)
        shutil.copy(ROOT / "scripts/prepare.sh", folder / "scripts")
        self.stub("set_up", "true")
        self.stub("build", "true")

    def stub(self, name: str, body: str) -> None:
        first = "[[ ${2:-} != tools ]] || exit 0" if name == "set_up" else ""
        path = self.folder / f"scripts/{name}.sh"
        path.write_text(STUB.format(name=name, first=first, body=body))
        path.chmod(0o755)

    def start(self, purpose: str = "bench") -> subprocess.Popen:
        return subprocess.Popen(
            ["bash", "scripts/prepare.sh", purpose],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # Who runs tests in the background has it ignored, and so would what they start.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def prepare(self, purpose: str = "bench") -> tuple[int, str]:
        process = self.start(purpose)
        out, errors = process.communicate(timeout=600)
        return process.returncode, out + errors

    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()

    def started(self) -> list[int]:
        """What is to be stopped: there is as much of it as there are lines."""
        file = self.folder / "started"
        return [int(line) for line in file.read_text().split()] if file.exists() else []


@pytest.fixture
def project(tmp_path) -> Project:
    return Project(tmp_path)


def runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # Whoever adopted it has not looked yet.
    state = Path(f"/proc/{process}/stat")
    return not (state.exists() and state.read_text().rsplit(")")[-1].split()[0] == "Z")


def test_what_is_set_up_already_is_built_and_nothing_else(project):
    (project.folder / "build/set-up/bench.stamp").touch()
    assert project.prepare() == (0, "")
    assert project.calls() == ["set_up bench tools", "build bench"]


def test_packages_are_installed_while_the_compiler_works(project):
    # Neither ends before the other has begun.
    for name, other in (("set_up", "build"), ("build", "set_up")):
        project.stub(name, f"touch {name}.began\nuntil [[ -e {other}.began ]]; do sleep 0.05; done")
    assert project.prepare() == (0, "")
    assert sorted(project.calls()) == [
        "build bench",
        "build bench",  # for a Python that took the place of another
        "set_up bench",
        "set_up bench tools",
    ]


def test_programs_need_no_more_than_the_ladders_do(project):
    assert project.prepare("programs") == (0, "")
    assert project.calls()[0] == "set_up bench tools"
    assert project.calls()[-1] == "build programs"


@pytest.mark.parametrize(
    ("fails", "other", "status"), [("build", "set_up", 2), ("set_up", "build", 3)]
)
def test_what_fails_says_why_and_the_other_is_stopped(project, fails, other, status):
    project.stub(other, FOR_EVER)
    until_begun = "until [[ -s started ]]; do sleep 0.05; done"
    project.stub(fails, f"{until_begun}\necho the reason >&2\nexit {status}")
    assert project.prepare() == (status, "the reason\n")
    [left] = project.started()
    assert not runs(left)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_both(project, number):
    for name in ("set_up", "build"):
        project.stub(name, FOR_EVER)
    process = project.start()
    while len(project.started()) < 2:
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, number)  # as a terminal does it
    out, errors = process.communicate(timeout=600)
    assert process.returncode == -number
    assert out + errors == ""
    assert not any(runs(left) for left in project.started())


@pytest.mark.parametrize("purpose", ["", "lunch", "report"])
def test_bad_usage_is_refused(project, purpose):
    status, said = project.prepare(purpose)
    assert status == 2
    assert "usage" in said
