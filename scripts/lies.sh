#!/usr/bin/env bash
# The command behind `make lies`: sets up, builds, and measures the same work wrong and right, side
# by side. Takes PRESET=... and NO_INSTALL=1, as arguments or from the environment. Exit status: 0
# all well; 2 bad usage; 3 set-up is impossible.
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
. scripts/ending.sh
. scripts/variables.sh
. scripts/environment.sh
make_environment ""

scripts/prepare.sh programs
"build/${PRESET:-release}/lies"
exec build/python benchmarks/lies/cold_jit.py
