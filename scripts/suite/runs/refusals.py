"""What the system refuses, a full disk say: in one sentence with what helps, and the exit status.

Every command ends by these, whichever of its files or streams it was. A path that leads nowhere is
none of them: that is an input that somebody named.
"""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path

STATUS = 4
NOBODY_READS = 128 + signal.SIGPIPE

ELSEWHERE = "copy the project to where you may write, and go on there"
# What is wrong, and what helps.
KINDS = {
    errno.ENOSPC: ("the disk is full", "make room on it"),
    errno.EDQUOT: ("your quota there is used up", "delete something of yours or ask for more"),
    errno.EROFS: ("it is mounted read-only", ELSEWHERE),
    errno.EACCES: ("you have no permission", ELSEWHERE),
    errno.EPERM: ("you have no permission", ELSEWHERE),
    errno.EFBIG: ("no file may become so large here", "allow it with ulimit -f"),
    errno.EMFILE: ("too many files are open", "allow more with ulimit -n"),
    errno.ENFILE: ("too many files are open on this machine", "end other programs"),
    errno.EAGAIN: ("the system starts no more processes", "allow more with ulimit -u"),
    errno.ENOMEM: ("there is not enough memory", "end other programs"),
    errno.EIO: ("the device fails", "look after it"),
    errno.ESTALE: ("the file server has lost it", "mount it again"),
}


class Refusal(Exception):
    """The system refused something; the text says what, and what became of the work."""

    def __init__(self, text: str, status: int = STATUS) -> None:
        super().__init__(text)
        self.status = status


class Stopped(KeyboardInterrupt):
    """By a signal, as Ctrl-C stops. A text, if there is one, goes on after the word "stopped"."""

    def __init__(self, by: int) -> None:
        super().__init__()
        self.status = 128 + by


def is_refusal(error: OSError) -> bool:
    return error.errno in KINDS


def status_of(error: OSError) -> int:
    if isinstance(error, BrokenPipeError):
        return NOBODY_READS
    return STATUS if is_refusal(error) else 2


def sentence(error: OSError) -> str:
    if isinstance(error, BrokenPipeError):
        return "nobody reads the output any more"
    if error.errno not in KINDS:
        return f"{error.filename}: {error.strerror}" if error.filename else str(error)
    what, helps = KINDS[error.errno]
    place = error.filename if error.filename else "the output"
    return f"{place}: {what}{_whose(error)}; {helps}"


def _whose(error: OSError) -> str:
    """To whom it belongs, or the folder that it would lie in."""
    if not isinstance(error, PermissionError) or not isinstance(error.filename, (str, os.PathLike)):
        return ""
    path = Path(error.filename)
    for place in (path, *path.parents):
        try:
            return f", {place} belongs to {_named(place.lstat().st_uid)}"
        except OSError:
            continue
    return ""


def _named(user: int) -> str:
    try:
        import pwd

        return pwd.getpwuid(user).pw_name
    except (ImportError, KeyError):
        return f"the user {user}"
