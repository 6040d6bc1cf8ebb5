"""The scripts behind make, in other people's shells and clones."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
# Those that are not sourced.
COMMANDS = sorted(
    script.name for script in (ROOT / "scripts").glob("*.sh") if os.access(script, os.X_OK)
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
    settings = Path("scripts", "suite", "machine", "environment.list")
    (place / settings).parent.mkdir(parents=True)
    for file in (Path("Makefile"), Path("CMakePresets.json"), settings):
        shutil.copy(ROOT / file, place / file)
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


MISSPELT = [
    ("make bench BUGDET=10m", "BUGDET is not a variable of make bench; did you mean BUDGET?"),
    ("make bench budget=10m", "budget is not a variable of make bench; did you mean BUDGET?"),
    ("make test QUIK=1 ONLI=x", "ONLI is not a variable of make test; did you mean ONLY?"),
    ("make verdicts MYHT=gil", "MYHT is not a variable of make verdicts; did you mean MYTH?"),
    ("make report BUDGET=5m", "BUDGET is not a variable of make report; it takes RUN, "),
    ("make threads PYTHON=a PYTONS=b", "PYTONS is not a variable of make threads; did you mean "),
    ("scripts/bench.sh QUIK=1", "QUIK is not a variable of make bench; did you mean QUICK?"),
    ("scripts/test.sh BUDGET=1", "BUDGET is not a variable of make test; it takes ONLY, "),
    ("scripts/study.sh threads RN=1", "RN is not a variable of make threads; did you mean RUN?"),
]


@pytest.mark.parametrize("command, sentence", MISSPELT)
def test_a_misspelt_variable_is_named_before_anything_is_done(command, sentence, checkout):
    result = run(*command.split(), cwd=checkout)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith(sentence)
    assert not (checkout / "build").exists()


@pytest.mark.parametrize("target", re.findall(r"^([a-z]+): ##", MAKEFILE, re.MULTILINE)[1:])
def test_every_command_but_help_refuses_what_it_does_not_take(target, checkout):
    result = run("make", target, "SURPRISE=1", cwd=checkout)
    assert result.returncode == 2
    assert result.stderr.startswith(f"SURPRISE is not a variable of make {target}; it takes ")


def test_values_are_never_taken_for_names(checkout):
    command = ["make", "-n", "bench", "PYTHONS=a QUIK=1 'b", 'CMAKE_ARGS=-DX="1 2" -DY=3']
    asked = run(*command, cwd=checkout).stdout.splitlines()[0]
    assert re.search(r"given='([^']*)'", asked)[1].split() in (
        ["PYTHONS", "CMAKE_ARGS"],
        ["CMAKE_ARGS", "PYTHONS"],
    )


def told_to_run() -> set[tuple[str, str]]:
    """Each command of make with the names of its variables, as pages show it."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("src/*/README.md")]
    told = re.findall(
        r"make ([a-z]+)((?: [A-Z_]+=(?:\"[^\"]*\"|[^\s`]+))+)",
        "\n".join(page.read_text(encoding="utf-8") for page in pages),
    )
    return {(target, " ".join(re.findall(r" ([A-Z_]+)=", given))) for target, given in told}


@pytest.mark.parametrize("target, names", sorted(told_to_run()))
def test_what_pages_tell_to_run_is_understood(target, names):
    words = ["-v", f"command={target}", "-v", f"given={names}", "-f", "scripts/variables.awk"]
    result = run("awk", *words, "Makefile", cwd=ROOT)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_folder_with_a_quote_in_its_name_is_handed_on(checkout):
    (checkout / "build").mkdir()
    for stub in ("scripts/set_up.sh", "build/python"):
        (checkout / stub).write_text('#!/bin/sh\n[ "$2" != report ] || printf "%s|" "$@"\n')
        (checkout / stub).chmod(0o755)
    result = run("make", "report", 'RUN=it\'s a "run"', cwd=checkout)
    assert result.stdout == 'scripts/suite|report|--run|it\'s a "run"|', result.stderr


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
