"""The one command: found from any folder, its subcommands, what it ends with."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from suite import cli

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def call(*command, **more) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *map(str, command)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        **more,
    )


def test_by_its_folder_and_as_a_module_it_is_the_same_command(tmp_path):
    by_folder = call(SCRIPTS / "suite", "--help", cwd=tmp_path)
    as_module = call("-m", "suite", "--help", cwd=SCRIPTS)
    assert by_folder.returncode == as_module.returncode == 0
    assert by_folder.stdout == as_module.stdout
    for command in ("bench", "report", "charts", "study", "threads", "keep", "readmes", "slices"):
        assert f"\n    {command} " in by_folder.stdout


def test_a_folder_with_blanks_in_its_name_will_do(tmp_path):
    there = tmp_path / "my talk" / "scripts"
    shutil.copytree(SCRIPTS / "suite", there / "suite")
    done = call(there / "suite", "where", tmp_path / "no run", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("suite where: no run '")
    assert done.stderr.count("\n") == 1


def test_another_package_of_that_name_is_not_taken_for_it(tmp_path):
    (tmp_path / "suite").mkdir()
    (tmp_path / "suite" / "__init__.py").write_text("raise SystemExit('the wrong one')")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    assert call(SCRIPTS / "suite", "--help", cwd=tmp_path, env=environment).returncode == 0


@pytest.mark.parametrize("command", ["bench", "report", "charts", "study", "slices"])
def test_who_only_asks_for_help_waits_for_no_library(command):
    code = (
        "import sys; from suite import cli\n"
        f"try: cli.main(['{command}', '--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'numpy', 'matplotlib', 'jinja2', 'rich'} & set(sys.modules)))"
    )
    done = call("-c", code, cwd=SCRIPTS)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "the following arguments are required: command"),
        (["dance"], "invalid choice: 'dance'"),
        (["charts", "--format", "gif"], "'gif' is none of svg, pdf, png"),
        (["bench", "--rounds", "0"], "'0' is no number of rounds"),
        (["bench", "--budget", "later"], "'later' is no time"),
        (["study", "--spacings", "400,x"], "'x' is no number of metres"),
        (["bench", "--pythons", "'python3"], "'python3: no closing quotation"),
        (["threads"], "the following arguments are required: --program"),
    ],
)
def test_bad_usage_ends_with_2_and_says_what_is_wrong(arguments, complaint, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert complaint in capsys.readouterr().err.splitlines()[-1]


class Told(Exception):
    status = 1


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (ValueError("no run"), 2, "suite where: no run\n"),
        (OSError("the disk is full"), 2, "suite where: the disk is full\n"),
        (Told("a wrong answer"), 1, "suite where: a wrong answer\n"),
        (KeyboardInterrupt("before anything was measured"), 130, "stopped before anything"),
        (KeyboardInterrupt(), 130, "suite where: stopped\n"),
        (
            ModuleNotFoundError("?", name="numpy"),
            3,
            "suite where: numpy is not installed (python3 ",
        ),
    ],
)
def test_how_it_ends_is_told_by_one_line_and_the_status(error, status, said, monkeypatch, capsys):
    def fail(name):
        raise error

    monkeypatch.setattr("suite.runs.results.find_run", fail)
    assert cli.main(["where"]) == status
    complaint = capsys.readouterr().err
    assert said in complaint
    assert complaint.count("\n") == 1


@pytest.mark.parametrize("error", [KeyError("row"), ModuleNotFoundError("?", name="suite.runs.x")])
def test_what_nobody_foresaw_keeps_its_traceback(error, monkeypatch):
    def fail(name):
        raise error

    monkeypatch.setattr("suite.runs.results.find_run", fail)
    with pytest.raises(type(error)):
        cli.main(["where"])


@pytest.mark.parametrize("command", [["bench"], ["threads", "--program", "gil"]])
def test_an_interpreter_may_lie_in_a_folder_with_blanks(command):
    asked = cli.parser().parse_args([*command, "--pythons", "'/opt/my pythons/pypy3' python2.7"])
    assert asked.pythons == ["/opt/my pythons/pypy3", "python2.7"]
