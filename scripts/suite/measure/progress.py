"""Says what runs now and how much longer it takes: a bar on a terminal, else a line at times."""

from __future__ import annotations

import sys
import time

from ..runs.words import duration
from .plan import Process

SECONDS_BETWEEN_LINES = 5.0
KIND_WORDS = {"time": "", "layers": "counting ", "glimpse": "trying ", "sentinel": "once more "}


class Lines:
    """For logs, and for terminals without tqdm."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def show(self, text: str, done: float, left: float) -> None:
        if time.monotonic() - self._last >= SECONDS_BETWEEN_LINES:
            self._last = time.monotonic()
            print(f"{text}, {duration(left)} left", flush=True)

    def tick(self) -> None:
        pass

    def close(self) -> None:
        pass


class Bar:
    """tqdm's bar, counting the seconds of the plan."""

    FORMAT = "{percentage:3.0f}%|{bar:24}| {postfix[0]} left · {desc}"

    def __init__(self, tqdm) -> None:
        tqdm.monitor_interval = 0  # its thread would not survive the forks
        self._bar = tqdm(
            total=1.0, bar_format=self.FORMAT, postfix=["?"], dynamic_ncols=True, leave=False
        )
        self._shown = time.monotonic()
        self._left = 0.0

    def show(self, text: str, done: float, left: float) -> None:
        self._shown, self._left = time.monotonic(), left
        self._bar.total = max(done + left, 1e-9)
        self._bar.n = min(done, self._bar.total)
        self._bar.desc = text
        self.tick()

    def tick(self) -> None:
        waited = time.monotonic() - self._shown
        self._bar.postfix[0] = duration(max(1, round(self._left - waited)))
        self._bar.refresh()

    def close(self) -> None:
        self._bar.close()


def progress() -> Bar | Lines:
    if not sys.stderr.isatty() or not sys.stdout.isatty():
        return Lines()
    try:
        from tqdm import tqdm
    except ImportError:
        return Lines()
    return Bar(tqdm)


def described(process: Process) -> str:
    """round 2: locator/talk grid:small"""
    doing = KIND_WORDS[process.kind]
    python = f" ({process.interpreter})" if process.interpreter else ""
    what = f"{doing}{process.example}/{process.rung}{python} {process.cases[-1]}"
    return f"round {process.round}: {what}"
