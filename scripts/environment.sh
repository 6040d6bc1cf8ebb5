# shellcheck shell=bash
# Sourced, in the project's folder: makes the environment of a script by the list that
# scripts/suite/machine/environment.py makes that of a measured process by. Neither Python nor a
# compiler nor a program of ours starts with what a user has set for others.
#
#   make_environment "${KEEP_ENV:-}"    takes out all that the list names, but for these
#
# The names of what was taken out are kept in REMOVED_ENV: they stand in the run.

make_environment() {
  local IFS=' ' lines line words word prefix name names passed=" ${1//[[:space:]]/ } "
  mapfile -t lines < scripts/suite/machine/environment.list
  for line in "${lines[@]}"; do
    [[ $line != passes\ * ]] || passed+="${line#passes } "
  done
  for line in "${lines[@]}"; do
    [[ $line == removes\ * || $line == decides\ * ]] || continue
    # Not by `read`, whose text goes through a file in an older bash, and the disk may be full.
    set -o noglob
    # shellcheck disable=SC2206
    words=(${line%%|*})
    set +o noglob
    for word in "${words[@]:1}"; do
      prefix=${word%\*}
      names=("$word")
      [[ $prefix == "$word" ]] || eval "names=(\${!$prefix@})"
      for name in ${names[@]+"${names[@]}"}; do
        [[ -n ${!name+set} && $passed != *" $name "* ]] || continue
        unset -v "$name"
        export REMOVED_ENV="${REMOVED_ENV:+$REMOVED_ENV }$name"
      done
    done
  done
}
