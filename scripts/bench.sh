#!/usr/bin/env bash
# The command behind `make bench`: sets up, builds, runs the ladders, which ends in
# verdicts and a report.
#
# Takes the same variables as make, as arguments or from the environment:
#   scripts/bench.sh QUICK=1 ONLY=locator
# make turns every failure into its own exit status 2; this script gives the exact one:
# 0 all well; 1 a rung gave a wrong answer; 2 bad usage or input, or a budget in which nothing could
# be measured; 3 set-up is impossible, or all that was chosen lacks something here; 4 the system
# refuses something, a full disk say.
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
. scripts/ending.sh
. scripts/variables.sh
. scripts/environment.sh
make_environment "${KEEP_ENV:-}"

scripts/prepare.sh bench

options=(--preset "${PRESET:-release}")
[[ ${QUICK:-0} == 0 ]] || options+=(--quick)
[[ -z ${BUDGET:-} ]] || options+=(--budget "$BUDGET")
[[ -z ${ONLY:-} ]] || options+=(--only "$ONLY")
[[ -z ${ROUNDS:-} ]] || options+=(--rounds "$ROUNDS")
[[ -z ${PYTHONS:-} ]] || options+=(--pythons "$PYTHONS")
[[ -z ${KEEP_ENV:-} ]] || options+=(--keep-env "$KEEP_ENV")
[[ -z ${RESUME:-} ]] || options+=(--resume "$RESUME")

exec build/python scripts/suite bench "${options[@]}"
