#!/usr/bin/env bash
# The command behind `make test`: sets up, builds, runs every test of C++ and of Python.
#
#   scripts/test.sh ONLY=tests/scripts    these tests in Python alone, as pytest names them
#
# Takes PRESET=... and NO_INSTALL=1, too, as arguments or from the environment. Exit status: 0 all
# tests passed; 1 one failed; 2 bad usage, or the sources do not build; 3 set-up is impossible.
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
judges=yes
. scripts/ending.sh
. scripts/variables.sh
. scripts/environment.sh
make_environment ""

IFS=', ' read -ra paths <<< "${ONLY:-tests}"
for path in "${paths[@]}"; do
  file=${path%%::*}
  if [[ ! ($file/ == tests/* && (-d $file || (-f $file && $file == *.py))) ]]; then
    echo "$0: ONLY=$path is no folder and no Python file under tests/" >&2
    exit 2
  fi
done

scripts/prepare.sh test

# shellcheck source=/dev/null
. build/set-up/tools.sh
: "${cmake:?}"
# Threads of OpenMP that spin while they wait take the core from those they wait for, where tests
# run side by side or the machine has other work.
export OMP_WAIT_POLICY=passive
cores=$(cd ./scripts && ../build/python -c 'from suite.machine import passport; print(passport.usable_cores())')

status=0
if [[ -z ${ONLY:-} ]]; then
  "${cmake%cmake}ctest" --test-dir "build/${PRESET:-release}" --output-on-failure --no-tests=error \
    --parallel "$cores" || status=1
fi
# Tests of one file share what it builds, so they stay together. More processes than a few would
# wait for the longest file.
side_by_side=()
if ((cores > 1)) && build/python -c 'import xdist' 2> /dev/null; then
  side_by_side=(--numprocesses "$((cores < 8 ? cores : 8))" --dist loadfile)
fi
tested=0
MYTHBENCH_PROGRAM=$PWD/build/${PRESET:-release}/mythbench \
  build/python -m pytest -q ${side_by_side[@]+"${side_by_side[@]}"} "${paths[@]}" || tested=$?
case $tested in
  0) exit "$status" ;;
  4 | 5)
    echo "$0: ONLY=${ONLY:-} names no test" >&2
    exit 2
    ;;
  *)
    echo "$0: not all tests passed"
    exit 1
    ;;
esac
