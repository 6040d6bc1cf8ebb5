#!/usr/bin/env bash
# The command behind `make passport` and `make noise`: sets up, builds, looks at this machine.
#
#   scripts/machine.sh passport    what it is and what it can do at most
#   scripts/machine.sh noise       by how much its times differ for no reason
#
# Takes FRESH=1, ANONYMOUS=1 (passport), BUDGET=... (noise), PRESET=... and NO_INSTALL=1, as
# arguments or from the environment. Exit status: 0 all well; 2 bad usage, or a budget in which too
# little could be measured; 3 set-up is impossible; 4 the system refuses something.
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
. scripts/ending.sh
. scripts/environment.sh
make_environment ""
what=${1:-}
if [[ ! $what =~ ^(passport|noise)$ ]]; then
  echo "usage: scripts/machine.sh passport|noise" >&2
  exit 2
fi
shift
. scripts/variables.sh

scripts/prepare.sh bench

options=(--preset "${PRESET:-release}")
case $what in
  passport)
    [[ ${FRESH:-0} == 0 ]] || options+=(--fresh)
    [[ ${ANONYMOUS:-0} == 0 ]] || options+=(--anonymous)
    ;;
  noise)
    [[ -z ${BUDGET:-} ]] || options+=(--budget "$BUDGET")
    ;;
esac
exec build/python scripts/suite "$what" "${options[@]}"
