#!/usr/bin/env bash
# Sets up and builds: scripts/prepare.sh bench|programs|test
#
# Python packages that are lacking are installed while the compiler works. What fails first says why
# and stops the other; its exit status is this one's: 2 the sources or the arguments are wrong; 3
# set-up is impossible.
set -euo pipefail

purpose=${1:-}
if [[ $# -ne 1 || ! $purpose =~ ^(bench|programs|test)$ ]]; then
  echo "usage: scripts/prepare.sh bench|programs|test" >&2
  exit 2
fi
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
set_up_for=${purpose/programs/bench}

scripts/set_up.sh "$set_up_for" tools
if [[ -f build/set-up/$set_up_for.stamp ]]; then exec scripts/build.sh "$purpose"; fi

# Each gets a process group, so that it can be stopped with all that it has started.
set -m
scripts/set_up.sh "$set_up_for" < /dev/null &
groups=("-$!")
scripts/build.sh "$purpose" < /dev/null &
groups+=("-$!")
set +m

stop() {
  local group
  for group in "${groups[@]}"; do kill -TERM -- "$group" 2> /dev/null || true; done
  wait 2> /dev/null || true
  # What they have started may need a moment longer. Where nobody takes leave of the dead, as in some
  # containers, they would be waited for in vain.
  for _ in {1..50}; do
    kill -0 -- "${groups[@]}" 2> /dev/null || break
    sleep 0.1
  done
}

# Ends as it would have, had nothing run beside it: who called can tell.
for signal in INT TERM HUP; do
  # shellcheck disable=SC2064  # the name of this signal, not of the last
  trap "stop; trap - $signal; kill -$signal \$\$" "$signal"
done

for _ in "${groups[@]}"; do
  status=0
  wait -n || status=$?
  if ((status != 0)); then
    stop
    exit "$status"
  fi
done

# For a Python that took the place of the one that was built for; else there is nothing to do.
exec scripts/build.sh "$purpose"
