#!/usr/bin/env bash
# The command behind `make test`: sets up, builds, runs every test of C++ and of Python.
#
# Takes PRESET=... and NO_INSTALL=1, as arguments or from the environment. Exit status: 0 all tests
# passed; 1 one failed; 2 the sources do not build; 3 set-up is impossible.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/variables.sh

scripts/set_up.sh test
scripts/build.sh test

# shellcheck source=/dev/null
. build/set-up/tools.sh
: "${cmake:?}"
status=0
"${cmake%cmake}ctest" --test-dir "build/${PRESET:-release}" --output-on-failure --no-tests=error || status=1
MYTHBENCH_PROGRAM=$PWD/build/${PRESET:-release}/mythbench build/python -m pytest -q tests || status=1
exit $status
