"""The commit that a run records is that of the suite's own files, or unknown with the reason."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest

from suite.machine import checkout, passport
from suite.pages import keep_reference

PROJECT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((PROJECT / "results" / "run.schema.json").read_text())
SUITE = {**SCHEMA["$defs"]["suite"], "$defs": SCHEMA["$defs"]}
ME = ["-c", "user.name=me", "-c", "user.email=me@example.org"]


def git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), *ME, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def repository(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "file").write_text("as committed")
    git(folder, "init", "-q")
    git(folder, "add", "file")
    git(folder, "commit", "-q", "-m", "First")
    return folder


def recorded(project: Path) -> dict:
    told = passport.suite(project, "0.1.0")
    jsonschema.validate(told, SUITE)
    return told


def refused_by(tools: Path, text: str, monkeypatch) -> str:
    """The reason where git is this script, or nothing at all."""
    tools.mkdir()
    if text:
        (tools / "git").write_text(f"#!/bin/sh\n{text}\n")
        (tools / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    told = recorded(tools)
    assert (told["commit"], told["dirty"]) == ("unknown", False)
    return told["reason"]


@pytest.mark.parametrize("name", ["plain", 'it\'s a "checkout" für 測試'])
def test_the_commit_is_that_of_the_checkout_and_changes_are_noticed(tmp_path, name):
    mine = repository(tmp_path / name)
    told = {"version": "0.1.0", "commit": git(mine, "rev-parse", "HEAD")}
    assert recorded(mine) == {**told, "dirty": False}
    (mine / "file").write_text("changed")
    assert recorded(mine) == {**told, "dirty": True}


def test_a_checkout_that_is_reached_by_a_link_is_a_checkout(tmp_path):
    mine = repository(tmp_path / "mine")
    (tmp_path / "link").symlink_to(mine)
    assert recorded(tmp_path / "link")["commit"] == git(mine, "rev-parse", "HEAD")


def test_an_archive_below_a_repository_is_none_of_its_commits(tmp_path):
    archive = repository(tmp_path / "home") / "downloads" / "mythbench"
    archive.mkdir(parents=True)
    told = recorded(archive)
    assert told["commit"] == "unknown"
    assert "no checkout of its own: the repository begins at ../../" in told["reason"]


def test_a_hook_of_another_repository_does_not_lend_its_commit(tmp_path, monkeypatch):
    mine, other = repository(tmp_path / "mine"), repository(tmp_path / "other")
    git(other, "commit", "-q", "--allow-empty", "-m", "Second")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    told = recorded(mine)["commit"]
    monkeypatch.delenv("GIT_DIR")
    assert told == git(mine, "rev-parse", "HEAD") != git(other, "rev-parse", "HEAD")


def test_outside_a_repository_git_says_why_the_commit_is_unknown(tmp_path):
    assert recorded(tmp_path)["reason"].startswith("git: not a git repository")


def test_a_repository_of_another_user_is_unknown_for_that_reason(tmp_path, monkeypatch):
    refusal = """echo "fatal: detected dubious ownership in repository at '/shared'" >&2
echo "To add an exception for this directory, call:" >&2
exit 128"""
    reason = refused_by(tmp_path / "tools", refusal, monkeypatch)
    assert reason == "git: detected dubious ownership in repository at '/shared'"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_repository_that_was_given_away_is_unknown_for_that_reason(tmp_path, monkeypatch):
    theirs = repository(tmp_path / "theirs")
    for file in (theirs, theirs / ".git"):
        shutil.chown(file, 12345, 12345)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    assert "dubious ownership" in recorded(theirs)["reason"]


def test_without_git_the_commit_is_unknown_for_that_reason(tmp_path, monkeypatch):
    assert refused_by(tmp_path / "tools", "", monkeypatch) == "git is not installed"


def test_a_git_that_waits_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(checkout, "PATIENCE", 0.2)
    reason = refused_by(tmp_path / "tools", "while :; do :; done", monkeypatch)
    assert reason == "git did not answer within 0.2 s"


def test_changes_that_cannot_be_told_leave_the_commit_unknown(tmp_path, monkeypatch):
    answers = """case $3 in
  rev-parse) echo; echo 0123456789 ;;
  *) echo "fatal: index file corrupt" >&2; exit 128 ;;
esac"""
    assert refused_by(tmp_path / "tools", answers, monkeypatch) == "git: index file corrupt"


def test_a_run_of_an_unknown_commit_is_no_evidence():
    unknown = {"commit": "unknown", "dirty": False, "reason": "git is not installed"}
    run = {"complete": True, "suite": unknown, "rows": []}
    assert keep_reference.objection(run) == "does not know its commit: git is not installed"
