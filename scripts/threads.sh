#!/usr/bin/env bash
# The command behind `make threads`: sets up, builds, watches threads, and draws what they did into
# the charts of a run.
#
# Takes RUN=... (default: the latest run), PYTHONS="...", PRESET=... and NO_INSTALL=1, as arguments
# or from the environment. Exit status: 0 all well; 2 bad usage or input, or there is no run; 3
# set-up is impossible.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/variables.sh

scripts/set_up.sh bench
run=${RUN:-latest}
folder=$(build/python scripts/results.py "$run")
scripts/build.sh bench

build/python scripts/study_threads.py --program "build/${PRESET:-release}/gil" \
  --pythons "${PYTHONS:-}" --run "$folder"
exec build/python scripts/draw_threads.py --run "$folder"
