"""Charts and report of a run, and how much time to set aside for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from ..runs import documents
from ..runs.documents import Refused
from ..runs.results import write_json
from .built import Suite

# Draws the charts of the run in a folder and writes its report; how many problems it has drawn.
Illustrate = Callable[[Path], int]

# Imports and the page itself, whatever it shows.
FIXED_SECONDS = 3.0
# Each problem of an example has a picture of its own; taken until this machine has drawn some.
SECONDS_EACH = 1.0
MORE_THAN_LAST_TIME = 1.3
# What took longer was drawn on a busy machine, and must not take the next run's time away.
MOST_SECONDS_EACH = 2.0


def make(folder: Path, suite: Suite, illustrate: Illustrate) -> str:
    """What could not be drawn or written, if anything: the run is measured and kept."""
    began = time.monotonic()
    try:
        drawn = illustrate(folder)
    except OSError:
        raise  # what the system refuses ends every command alike
    except Exception as error:
        return str(error)
    if drawn:
        each = max(0.0, time.monotonic() - began - FIXED_SECONDS) / drawn
        write_json(_memory(suite), {"seconds_each": each})
    return ""


def seconds_each(suite: Suite) -> float:
    """For every picture, by what the last one took on this machine."""
    try:
        last = documents.read(_memory(suite), "pictures")
        return min(MOST_SECONDS_EACH, MORE_THAN_LAST_TIME * last["seconds_each"])
    except Refused:
        return SECONDS_EACH


def _memory(suite: Suite) -> Path:
    return suite.build / "pictures.json"
