#!/usr/bin/env bash
# The command behind `make study` and `make threads`: sets up, builds, looks at something beside a
# run, into the folder of that run, and draws its charts and writes its report again.
#
#   scripts/study.sh locator    how the locator grows on cases that no ladder has
#   scripts/study.sh threads    who holds the lock when, who waits how long, what arguments cost
#
# Takes RUN=... (default: the latest run), PYTHONS="..." (threads), PRESET=... and NO_INSTALL=1, as
# arguments or from the environment. Exit status: 0 all well; 1 a rung gave a wrong answer; 2 bad
# usage or input, or there is no run; 3 set-up is impossible.
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
judges=yes
. scripts/ending.sh
what=${1:-}
if [[ ! $what =~ ^(locator|threads)$ ]]; then
  echo "usage: scripts/study.sh locator|threads" >&2
  exit 2
fi
shift
. scripts/variables.sh
. scripts/environment.sh
make_environment ""

scripts/set_up.sh bench
# Said before minutes of measuring, not after them.
folder=$(build/python scripts/suite where "${RUN:-latest}")
if [[ $what == threads ]]; then scripts/build.sh programs; else scripts/build.sh bench; fi

built=build/${PRESET:-release}
case $what in
  locator)
    build/python scripts/suite study --program "$built/mythbench" \
      --problems "$built/study-problems" -o "$folder"
    ;;
  threads)
    build/python scripts/suite threads --program "$built/gil" --pythons "${PYTHONS:-}" \
      --run "$folder"
    ;;
esac
build/python scripts/suite charts --run "$folder"
exec build/python scripts/suite report --run "$folder"
