#!/usr/bin/env bash
# The command behind `make study`: sets up, builds, studies how the locator grows on cases that no
# ladder has, into the folder of a run, and writes the report of that run again.
#
# Takes RUN=... (default: the latest run), PRESET=... and NO_INSTALL=1, as arguments or from the
# environment. Exit status: 0 all well; 1 a rung gave a wrong answer; 2 bad usage or input, or there
# is no run; 3 set-up is impossible.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/variables.sh

scripts/set_up.sh bench
run=${RUN:-latest}
# Said before minutes of measuring, not after them.
folder=$(build/python scripts/results.py "$run")
scripts/build.sh bench

preset=${PRESET:-release}
build/python scripts/study_locator.py --program "build/$preset/mythbench" \
  --problems "build/$preset/study-problems" -o "$folder"
exec build/python scripts/build_report.py --run "$folder"
