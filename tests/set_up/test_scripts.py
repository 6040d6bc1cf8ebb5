"""The scripts behind make, in other people's shells and clones."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = sorted(
    script.name for script in (ROOT / "scripts").glob("*.sh") if script.name != "variables.sh"
)


def run(*command: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        command,
        cwd=cwd,
        env={**environment, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.fixture
def checkout(tmp_path) -> Path:
    """The sources as they are, with nothing built."""
    place = tmp_path / "checkout"
    shutil.copytree(ROOT / "scripts", place / "scripts", ignore=shutil.ignore_patterns("suite"))
    for file in ("Makefile", "CMakePresets.json"):
        shutil.copy(ROOT / file, place)
    return place


# What each refuses as soon as it is in its folder; set_up.sh is told to go on in test_set_up.py.
REFUSED = {"build.sh": "bench", "study.sh": "locator N=1", "set_up.sh": ""}


@pytest.mark.parametrize("script", COMMANDS)
def test_a_search_path_of_the_shell_leads_no_script_to_another_folder(script, checkout, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "scripts").mkdir(parents=True)
    (checkout / "build/set-up").mkdir(parents=True)
    (checkout / "build/set-up/tools.sh").write_text("cmake=cmake generator=Ninja")
    words = REFUSED.get(script, "N=1").split()
    variables = {"CDPATH": str(elsewhere), "PRESET": "nonsense"}
    result = run(f"scripts/{script}", *words, cwd=checkout, **variables)
    assert result.returncode == 2
    assert result.stdout == ""  # of `cd`, which says where CDPATH has led it
    assert "No such file" not in result.stderr


def clone(place: Path) -> Path:
    """The files that are there now, as a user gets them whose git writes line ends of Windows."""
    origin = place.with_name("origin")
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, listed.stdout.split("\0")):
        (origin / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file() and not name.startswith("results/reference/"):
            shutil.copy(ROOT / name, origin / name)
    me = ["-c", "user.name=me", "-c", "user.email=me@example.org"]
    for command in (["init", "-q"], ["add", "-A"], [*me, "commit", "-q", "-m", "All"]):
        assert run("git", "-c", "core.autocrlf=false", *command, cwd=origin).returncode == 0
    windows = ["git", "-c", "core.autocrlf=true", "clone", "-q", str(origin), str(place)]
    assert run(*windows, cwd=origin).returncode == 0
    return place


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no repository")
def test_a_clone_with_line_ends_of_windows_starts(tmp_path):
    cloned = clone(tmp_path / "cloned")
    for script in COMMANDS:
        assert run("bash", "-n", f"scripts/{script}", cwd=cloned).returncode == 0
    assert "usage: scripts/set_up.sh" in run("scripts/set_up.sh", cwd=cloned).stderr
    written = [file for file in cloned.rglob("*") if file.is_file() and ".git" not in file.parts]
    assert written
    assert [file for file in written if b"\r\n" in file.read_bytes()] == []
