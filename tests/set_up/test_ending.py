"""How the scripts behind make end where the system refuses something, or somebody stops them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REFUSED = 4


def mounted(place: Path, size: str) -> None:
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no file system may be mounted here")


def copy_scripts(place: Path) -> None:
    """Those that are shell's, and what they read of the suite."""
    shutil.copytree(ROOT / "scripts", place / "scripts", ignore=shutil.ignore_patterns("suite"))
    (place / "scripts" / "suite" / "machine").mkdir(parents=True)
    read = Path("scripts", "suite", "machine", "environment.list")
    shutil.copy(ROOT / read, place / read)


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    """A file system of its own, with the scripts of the project."""
    place = tmp_path / "disk"
    mounted(place, "8m")
    copy_scripts(place)
    for file in ("Makefile", "CMakePresets.json"):
        shutil.copy(ROOT / file, place)
    (place / "build" / "set-up").mkdir(parents=True)
    (place / "tests").mkdir()
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path) -> None:
    with suppress(OSError), open(place / "ballast", "wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def ended(*words: str, cwd: Path, **more) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_INSTALL": "1", **more.pop("env", {})}
    pipe = subprocess.PIPE
    return subprocess.run(
        words, cwd=cwd, env=environment, stdout=pipe, stderr=pipe, text=True, check=False, **more
    )


def check_one_sentence(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert done.returncode == REFUSED
    assert done.stderr.count("\n") == 1
    assert sentence in done.stderr


COMMANDS = [["set_up.sh", "bench"], ["set_up.sh", "report"], ["bench.sh"], ["test.sh"], ["lies.sh"]]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_full_disk_is_told_before_anything_is_tried(command, disk):
    fill(disk)
    done = ended(f"scripts/{command[0]}", *command[1:], cwd=disk)
    check_one_sentence(done, f"the disk of {disk} is full; make room on it")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_tree_that_is_mounted_read_only_is_told_in_one_sentence(command, disk):
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    done = ended(f"scripts/{command[0]}", *command[1:], cwd=disk)
    what = "cannot be written: it is mounted read-only, or protected; copy the project to where"
    check_one_sentence(done, what)


@pytest.mark.skipif(os.geteuid() != 0, reason="who is not root can be nobody else")
def test_a_tree_of_another_user_is_told_with_its_owner(disk):
    # It is in the folder before it becomes the user to whom those above are closed.
    done = ended("scripts/set_up.sh", "report", cwd=disk, user=65534, extra_groups=[])
    check_one_sentence(done, "cannot be written: it belongs to root; copy the project to where")


def test_a_full_folder_for_temporary_files_is_told_by_name(disk, tmp_path):
    temporary = tmp_path / "temporary"
    mounted(temporary, "64k")
    fill(temporary)
    done = ended("scripts/set_up.sh", "report", cwd=disk, env={"TMPDIR": str(temporary)})
    subprocess.run(["umount", str(temporary)], check=True)
    check_one_sentence(done, f"the disk of {temporary} is full; make room on it")


def project(folder: Path, compiler: str) -> Path:
    """One whose set-up is done, and whose CMake is this script."""
    copy_scripts(folder)
    shutil.copy(ROOT / "CMakePresets.json", folder)
    (folder / "build" / "set-up").mkdir(parents=True)
    cmake = folder / "cmake"
    cmake.write_text(
        f"#!/bin/sh\ncase $1 in --version) echo cmake version 3.31 ;; *) {compiler} ;; esac\n"
    )
    (folder / "build" / "python").write_text("#!/bin/sh\n")
    for program in (cmake, folder / "build" / "python"):
        program.chmod(0o755)
    tools = f"export CXX=true cmake={cmake} generator=Ninja\n"
    (folder / "build" / "set-up" / "tools.sh").write_text(tools)
    return folder


def test_a_compiler_that_found_no_room_has_found_no_fault_in_the_sources(tmp_path):
    says = "echo 'fatal error: error writing to /tmp/c.s: No space left on device' >&2; exit 1"
    folder = project(tmp_path, says)
    done = ended("scripts/build.sh", "bench", cwd=folder)
    assert done.returncode == REFUSED
    assert "a disk was full, or your quota on it used up, as build/release/" in done.stderr
    (folder / "cmake").write_text("#!/bin/sh\n")
    assert ended("scripts/build.sh", "bench", cwd=folder).returncode == 0


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_build_that_is_stopped_has_not_failed(tmp_path, number, status):
    # As Ninja, which ends with a status of its own when it is told to stop.
    folder = project(
        tmp_path, "touch begun; trap 'exit 2' INT TERM HUP; while :; do sleep 0.05; done"
    )
    done = subprocess.Popen(
        ["scripts/build.sh", "bench"],
        cwd=folder,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.monotonic() + 300
    while not (folder / "begun").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(done.pid, number)
    told = done.communicate()[1].decode()
    assert done.returncode == status
    assert "failed" not in told


@pytest.mark.parametrize(("set_up", "tests", "status"), [(0, 0, 0), (0, 8, 1), (4, 0, 4)])
def test_only_failed_tests_end_with_their_status(tmp_path, set_up, tests, status):
    folder = project(tmp_path, "true")
    (folder / "tests").mkdir()
    stubs = {"scripts/set_up.sh": set_up, "scripts/build.sh": 0, "ctest": tests}
    for name, ends in stubs.items():
        (folder / name).write_text(f"#!/bin/sh\nexit {ends}\n")
        (folder / name).chmod(0o755)
    (folder / "build" / "python").write_text("#!/bin/sh\necho 1\n")
    assert ended("scripts/test.sh", cwd=folder).returncode == status
