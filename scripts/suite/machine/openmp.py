"""How threads of OpenMP wait, in whatever the suite starts."""

from __future__ import annotations

import os


def cpp_environment() -> dict[str, str]:
    """Threads of OpenMP sleep while they wait, unless the user wants them to spin.

    Spinning, two threads that share a core for a moment, because something else has the other,
    wait for each other until the scheduler's time slices are over.
    """
    return {"OMP_WAIT_POLICY": "passive", **os.environ}
