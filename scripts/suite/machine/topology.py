"""How the processors of this machine lie to each other, by the suite's program."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from . import environment

PATIENCE = 20  # seconds; hwloc looks at every device of a large machine


class NotTold(Exception):
    """There is no topology; the text says why."""


def told(program: Path) -> dict:
    """As the schema of run.json describes it. Raises NotTold."""
    command = [str(program), "--topology"]
    try:
        env = environment.of_cpp({})
        answer = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=env)
        return json.loads(answer.stdout)["topology"]
    except subprocess.TimeoutExpired:
        raise NotTold(f"not told within {PATIENCE} seconds") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise NotTold(f"{program.name} --topology tells none") from None
