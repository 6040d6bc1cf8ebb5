"""What is shown on a terminal, wide and narrow, and in a pipe."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path

import pytest
from rich.console import Console

from suite.judge import verdicts
from suite.measure import progress, terminal
from suite.runs import results
from synthetic_run import two_examples

SUITE = results.PROJECT / "scripts" / "suite"
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
COLOUR = re.compile(r"\x1b\[([0-9]+;)*3[0-9](;[0-9]+)*m")


def shown_to(columns: int, *command, **environment: str) -> str:
    """What a command writes to a terminal so wide."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    known = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    child = subprocess.Popen(
        [sys.executable, str(SUITE), *map(str, command)],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**known, "TERM": "xterm-256color", **environment},
    )
    os.close(theirs)
    parts = []
    with suppress(OSError):  # Linux's way to say that nobody writes any more
        while part := os.read(ours, 4096):
            parts.append(part)
    os.close(ours)
    assert child.wait() == 0
    return b"".join(parts).decode()


# What a terminal is told by, beside its device.
SETTINGS = {"COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM", "COLORTERM", "TTY_COMPATIBLE"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    results.write_json(folder / "run.json", two_examples().document())
    return folder


@pytest.fixture(scope="module")
def piped(folder: Path) -> str:
    command = [sys.executable, str(SUITE), "verdicts", "--run", str(folder)]
    told = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    return told.stdout


def test_in_a_pipe_each_sentence_is_a_line_of_plain_text(piped: str):
    assert "\x1b" not in piped
    lines = piped.splitlines()
    assert [line for line in lines if line != line.rstrip()] == []
    for verdict in verdicts.decide(results.read(two_examples().document())):
        head = f"{verdict['verdict']:<12}  {verdict['example']}: {verdict['says']}"
        assert " ".join(head.split()) in [" ".join(line.split()) for line in lines]
        assert verdicts.evidence_text(verdict) in [line.strip() for line in lines]


def test_in_a_pipe_evidence_is_aligned(piped: str):
    evidence = [line for line in piped.splitlines() if line.lstrip().startswith(("of ", "over "))]
    assert len(evidence) == 8
    assert len({line.index(":") for line in evidence if " n:" in line}) == 1


@pytest.mark.parametrize("columns", [30, 44, 80, 200])
def test_on_a_terminal_no_line_is_wider_than_it_and_no_word_is_lost(folder, piped, columns):
    told = ESCAPE.sub("", shown_to(columns, "verdicts", "--run", folder))
    assert max(len(line.rstrip("\r")) for line in told.split("\n")) <= columns
    letters = "".join(told.split())
    assert sorted(letters) == sorted("".join(piped.split()))


def test_colours_are_left_out_where_nobody_wants_them(folder):
    command = ("verdicts", "--run", folder)
    assert COLOUR.search(shown_to(80, *command))
    assert not COLOUR.search(shown_to(80, *command, NO_COLOR="1"))
    assert "\x1b" not in shown_to(80, *command, TERM="dumb")


def test_where_there_are_no_claims_this_is_said(capsys):
    terminal.say(terminal.verdict_table([]))
    assert capsys.readouterr().out == "No claims to decide.\n"


def test_brackets_and_colons_are_what_they_are(capsys):
    words = "[red] n:1000/t:2 :smile: [/]"
    terminal.say(words, terminal.listed("doubts", [words]))
    assert capsys.readouterr().out == f"{words}\ndoubts:\n  {words}\n"


def test_what_a_run_says_is_no_command_to_the_terminal(capsys):
    document = two_examples().document()
    document["ladders"][0]["claims"][0]["says"] = "\x1b[2J\x1b]0;gone\x07 \u202eso"
    terminal.say(terminal.verdict_table(verdicts.decide(results.read(document))))
    terminal.say(terminal.listed("doubts", ["\x1b[2Jgone"]))
    shown = capsys.readouterr().out
    assert "\ufffd[2J\ufffd]0;gone\ufffd \ufffdso" in shown
    assert "doubts:\n  \ufffd[2Jgone\n" in shown
    assert not set(shown) & set("\x1b\x07\u202e")


@pytest.mark.parametrize("columns", [20, 40, 80])
def test_a_bar_says_what_runs_and_how_long_it_takes_in_one_line(columns):
    file = io.StringIO()
    bar = progress.Bar(Console(file=file, force_terminal=True, width=columns, color_system=None))
    bar.show("round 2: locator/talk [grid:small]", 25.0, 75.0)
    bar.tick()
    bar.close()
    told = ESCAPE.sub("", file.getvalue())
    assert all(len(line) <= columns for line in re.split(r"[\r\n]+", told))
    assert " 25%" in told
    if columns == 80:
        assert "75 s left · round 2: locator/talk [grid:small]" in told
    assert file.getvalue().count("\n") == 1  # that of the end, and the line is wiped
    assert "\x1b[?25h" in file.getvalue()  # the cursor is back


def test_before_anybody_knows_how_long_it_takes_no_time_is_told():
    file = io.StringIO()
    bar = progress.Bar(Console(file=file, force_terminal=True, width=80, color_system=None))
    bar.show("round 1 of 5: spacing:400", 0.0, None)
    bar.close()
    assert "round 1 of 5: spacing:400" in file.getvalue()
    assert "left" not in file.getvalue()


def test_a_log_gets_a_line_at_times_and_no_bar(monkeypatch, capsys):
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0.0)
    shown = progress.progress()
    shown.show("round 1: sums/naive n:1000", 1.0, 5.0)
    shown.tick()
    shown.close()
    assert capsys.readouterr().out == "round 1: sums/naive n:1000, 5 s left\n"
