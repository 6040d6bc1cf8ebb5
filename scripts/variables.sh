# shellcheck shell=bash
# Sourced: takes NAME=value arguments, as make does, into the environment. What there is for which
# command, the list in the Makefile says.

# The command behind which the script stands; study.sh and machine.sh stand behind two each.
command=$(basename -- "$0" .sh)
[[ $command != machine ]] || command=${what:?}
[[ $command != study || ${what:?} == locator ]] || command=$what
given=()
for argument in "$@"; do
  if [[ ! $argument =~ ^[A-Za-z_][A-Za-z_0-9]*= ]]; then
    echo "$0: '$argument' is not understood; it takes NAME=value, the variables that 'make' lists" >&2
    exit 2
  fi
  given+=("${argument%%=*}")
done
if [[ $# -gt 0 ]]; then
  awk -v command="$command" -v given="${given[*]}" -f scripts/variables.awk Makefile || exit 2
  export "${@?}"
fi
