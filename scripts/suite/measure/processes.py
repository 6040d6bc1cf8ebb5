"""Start one process, wait for it, and let nothing of it survive."""

from __future__ import annotations

import ctypes
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from ..runs import refusals
from .forecasts import Sampling

LIBC = ctypes.CDLL(None)
DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG
VMSTAT = Path("/proc/vmstat")
TICK = 0.25  # seconds


@dataclass(frozen=True)
class Ended:
    """How a process ended: its status (negative for a signal), or None if it was stopped."""

    status: int | None
    wall: float
    last_words: str  # the last line it wrote to its standard error

    @property
    def killed(self) -> bool:
        """By others, as the system does that runs out of memory. No process of ours asks for it."""
        return self.status == -signal.SIGKILL

    def complaint(self) -> str:
        """Why nothing came of it."""
        if self.status is None:
            return f"stopped after {self.wall:.0f} s"
        if self.status < 0:
            return f"ended by signal {-self.status}"
        if self.last_words:
            return f"ended with status {self.status}: {self.last_words}"
        return f"ended with status {self.status} and no result"


def timing_of_cpp(
    program: Path, labels: Mapping[str, int], problems: Path, sampling: Sampling, out: Path
) -> list[str]:
    """`labels` are of the form example/rung/case; how often to run each, or 0 to find out."""
    any_of_them = "|".join(map(escaped, labels))
    return [
        str(program),
        f"--benchmark_filter=^({any_of_them})/(iterations:[0-9]+/)?(process_time|real_time)",
        *(f"--iterations={label}={known}" for label, known in labels.items() if known),
        f"--benchmark_min_time={sampling.min_time:.4f}",
        f"--benchmark_out={out}",
        "--benchmark_out_format=json",
        f"--problems={problems}",
        "--no-forecast",
        f"--warm-up-seconds={sampling.warm_up:.4f}",
    ]


def timing_of_python(
    python: list[str], rung: Path, problems: Mapping[Path, int], sampling: Sampling, out: Path
) -> list[str]:
    """For each problem, how often to run, or 0 to find out."""
    sample = ["--min-time", f"{sampling.min_time:.4f}", "--warm-up", f"{sampling.warm_up:.4f}"]
    sample += [word for known in problems.values() for word in ("--iterations", str(known))]
    return [*python, "--rung", str(rung), *_each(problems), *sample, "--out", str(out)]


def layers_of_cpp(program: Path, labels: Sequence[str]) -> list[str]:
    return [str(program), "--layers", *labels]


def layers_of_python(python: list[str], rung: Path, problems: Sequence[Path]) -> list[str]:
    return [*python, "--layers", "--rung", str(rung), *_each(problems)]


def escaped(label: str) -> str:
    """For POSIX and for ECMAScript regular expressions alike, unlike re.escape."""
    return re.sub(r"([.\[\]{}()\\*+?|^$])", r"\\\1", label)


def run(
    command: list[str],
    timeout: float,
    output: Path,
    env: dict[str, str],
    tick: Callable[[], None] = lambda: None,
) -> Ended:
    """Runs a command with its standard output in a file. Stops it, and its children, in time.

    Calls `tick` a few times per second while it waits.
    """
    began = time.monotonic()
    errors = output.with_name(f"{output.name}.stderr")
    try:
        with open(output, "wb") as out, open(errors, "wb") as err:
            status = _wait(start(command, out, err, env), began + timeout, tick)
        return Ended(status, time.monotonic() - began, last_line(errors))
    except OSError as error:
        if refusals.is_refusal(error):
            raise
        return Ended(127, time.monotonic() - began, f"cannot be started: {error}")
    finally:
        errors.unlink(missing_ok=True)


def start(
    command: list[str],
    out: IO[bytes] | int,
    err: IO[bytes] | int,
    env: dict[str, str],
    input: int = subprocess.DEVNULL,
) -> subprocess.Popen:
    # A session of its own: Ctrl-C reaches only us, and one signal reaches all its children.
    return subprocess.Popen(
        command,
        stdin=input,
        stdout=out,
        stderr=err,
        env=env,
        start_new_session=True,
        preexec_fn=partial(_die_with, os.getpid()) if sys.platform == "linux" else None,
    )


def _wait(child: subprocess.Popen, deadline: float, tick: Callable[[], None]) -> int | None:
    try:
        with _alarm(child) as ended_within:
            while (left := deadline - time.monotonic()) > 0:
                if ended_within(min(left, TICK)):
                    return child.wait()
                tick()
        return None
    finally:
        end(child)


@contextmanager
def _alarm(child: subprocess.Popen) -> Iterator[Callable[[float], bool]]:
    """A function that says whether the child ended within so many seconds.

    Popen.wait looks only every 50 ms, which would be most of the time of a short process.
    """
    try:
        handle = os.pidfd_open(child.pid)
    except (AttributeError, OSError):  # no Linux, or an old one
        yield lambda seconds: _ended_within(child, seconds)
        return
    try:
        yield lambda seconds: bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


def _ended_within(child: subprocess.Popen, seconds: float) -> bool:
    try:
        child.wait(seconds)
        return True
    except subprocess.TimeoutExpired:
        return False


def end(child: subprocess.Popen) -> None:
    """The whole group: a rung may have left threads or processes of its own."""
    kill_group(child.pid)
    child.wait()


def kill_group(leader: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _die_with(parent: int) -> None:
    """So that a run killed by force leaves no rung behind to disturb the next one."""
    LIBC.prctl(DIE_WITH_PARENT, signal.SIGKILL)
    # Where memory runs out the rung is to go, not the run.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_bytes(b"1000")
    if os.getppid() != parent:  # it ended before it was asked for
        os._exit(1)


def last_line(file: Path) -> str:
    lines = file.read_bytes()[-4000:].decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip() if lines else ""


def kills_for_memory() -> int | None:
    """How many processes this system has killed for lack of memory; None if it does not tell."""
    try:
        counted = re.search(r"^oom_kill (\d+)$", VMSTAT.read_text(), re.MULTILINE)
    except OSError:
        return None
    return int(counted[1]) if counted else None


def _each(problems: Iterable[Path]) -> list[str]:
    return [word for problem in problems for word in ("--problem", str(problem))]
