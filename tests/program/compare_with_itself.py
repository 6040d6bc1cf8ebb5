"""How often a machine is called faster or slower than itself, by real runs of it.

Measures the same so many times, holds each run against the next one, and counts the rows that
`make compare` would call different. At most 3 rows in 100 may be. With --of nothing is measured:
runs that there are, of one machine and one program, are held against each other.

    build/python tests/program/compare_with_itself.py --comparisons 60 --only bytecode --budget 60s
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "scripts"))

from suite.judge.comparison import FASTER, SLOWER, compared  # noqa: E402
from suite.runs import results, timings  # noqa: E402

MOST = 0.03


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--comparisons", type=int, default=60)
    parser.add_argument("--only", default="bytecode", help="as of make bench")
    parser.add_argument("--budget", default="60s", help="of each run")
    parser.add_argument("--of", nargs="+", metavar="RUN", help="these runs, instead of new ones")
    asked = parser.parse_args()
    runs = asked.of or [measured(asked) for _ in range(asked.comparisons + 1)]
    different, rows = 0, 0
    machines = timings.load_all(runs)
    for one, two in zip(machines, machines[1:]):
        (beside,) = compared([one, two])
        sure = [row for row in beside.common if not row.why]
        called = beside.having(FASTER, SLOWER)
        different, rows = different + len(called), rows + len(sure)
        named = ", ".join(f"{row.row.label} {row.speed.value:.3g}" for row in called)
        print(f"{two.name}: {len(called)} of {len(sure)} rows, noise {beside.floor:.1%}; {named}")
    if not rows:
        print("no row had rounds enough on both sides", file=sys.stderr)
        return 2
    print(f"in all {different} of {rows} rows: {different / rows:.1%}, at most {MOST:.0%} may be")
    return int(different > MOST * rows)


def measured(asked: argparse.Namespace) -> str:
    """The folder of a new run."""
    command = [sys.executable, str(PROJECT / "scripts" / "suite"), "bench", "--no-report"]
    command += ["--only", asked.only, "--budget", asked.budget]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return str(results.find_run("latest"))


if __name__ == "__main__":
    sys.exit(main())
