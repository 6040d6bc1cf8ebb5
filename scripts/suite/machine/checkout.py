"""Which commit the suite's own files are."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

PATIENCE = 5  # seconds for each question
# As a hook of git has them, these name the repository that the hook is of.
OF_ANOTHER = {
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
}


class Unknown(Exception):
    """The commit cannot be told; the text says why."""


def commit(project: Path) -> tuple[str, bool]:
    """The commit, and whether files have been changed since. Raises Unknown."""
    up, _, commit = _git(project, "rev-parse", "--show-cdup", "HEAD").rpartition("\n")
    # An archive unpacked somewhere below a repository is none of its commits.
    if up:
        raise Unknown(f"this folder is no checkout of its own: the repository begins at {up}")
    changed = _git(project, "status", "--porcelain", "--untracked-files=no")
    return commit, bool(changed)


def _git(project: Path, *question: str) -> str:
    environment = {name: text for name, text in os.environ.items() if name not in OF_ANOTHER}
    try:
        answer = subprocess.run(
            ["git", "-C", str(project), *question],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
            env={**environment, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
        )
    except FileNotFoundError:
        raise Unknown("git is not installed") from None
    except subprocess.TimeoutExpired:
        raise Unknown(f"git did not answer within {PATIENCE} s") from None
    except OSError as error:
        raise Unknown(f"git cannot be started: {error.strerror}") from None
    if answer.returncode:
        raise Unknown(_complaint(answer))
    return answer.stdout[:-1]


def _complaint(answer: subprocess.CompletedProcess[str]) -> str:
    """The line in which git says why; what to do about it comes after that."""
    lines = answer.stderr.strip().splitlines()
    fatal = [line for line in lines if line.startswith("fatal: ")]
    why = (fatal or lines or [f"ended with status {answer.returncode}"])[0]
    return f"git: {why[7:] if fatal else why}"
