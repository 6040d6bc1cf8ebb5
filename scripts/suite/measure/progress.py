"""Says what runs now and how much longer it takes: a bar on a terminal, else a line at times."""

from __future__ import annotations

import time

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Column

from ..runs.words import duration
from .steps import Process
from .terminal import console, say_whole

SECONDS_BETWEEN_LINES = 5.0
WIDEST_BAR = 24
KIND_WORDS = {"time": "", "layers": "counting ", "glimpse": "trying ", "sentinel": "once more "}


class Lines:
    """For logs, and for terminals that cannot go back."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def show(self, text: str, done: float, left: float | None) -> None:
        if time.monotonic() - self._last >= SECONDS_BETWEEN_LINES:
            self._last = time.monotonic()
            say_whole(text if left is None else f"{text}, {duration(left)} left")

    def tick(self) -> None:
        pass

    def close(self) -> None:
        pass


class Bar:
    """rich's bar, counting the seconds of the plan."""

    def __init__(self, shown: Console) -> None:
        words = Column(no_wrap=True, overflow="ellipsis", ratio=1)
        self._progress = Progress(
            TextColumn("{task.percentage:3.0f}%", markup=False),
            BarColumn(min(WIDEST_BAR, shown.width // 4)),
            TextColumn("{task.fields[left]}{task.description}", markup=False, table_column=words),
            console=shown,
            # Its thread would not survive the forks, and take time from what is measured.
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
            transient=True,
            expand=True,
        )
        self._task = self._progress.add_task("", total=1.0, left="")
        self._shown = time.monotonic()
        self._left: float | None = None
        self._progress.start()

    def show(self, text: str, done: float, left: float | None) -> None:
        self._shown, self._left = time.monotonic(), left
        if left is not None:
            self._progress.update(self._task, total=max(done + left, 1e-9), completed=done)
        self._progress.update(self._task, description=text)
        self.tick()

    def tick(self) -> None:
        if self._left is not None:
            left = max(1, round(self._left - (time.monotonic() - self._shown)))
            self._progress.update(self._task, left=f"{duration(left)} left · ")
        self._progress.refresh()

    def close(self) -> None:
        self._progress.stop()


def progress() -> Bar | Lines:
    shown = console()
    return Bar(shown) if shown.is_interactive else Lines()


def described(process: Process) -> str:
    """round 2: locator/talk grid:small"""
    doing = KIND_WORDS[process.kind]
    python = f" ({process.interpreter})" if process.interpreter else ""
    what = f"{doing}{process.example}/{process.rung}{python} {process.cases[-1]}"
    return f"round {process.round}: {what}"
