# shellcheck shell=bash
# Sourced: how a script ends. Status 1 is for wrong answers and failed tests alone, and is what
# set -e gives for everything else: here it becomes 4, with one sentence of what the system refused
# and what helps. A script with `judges=yes` may end with 1, of what it runs.

ending() {
  local status=$? why
  trap - EXIT
  [[ $status -eq 1 && ! ${judges:-} ]] || exit "$status"
  why=$(refused) || why="stopped by what the line above says"
  refuse "$why"
}

refuse() {
  printf '%s: %s\n' "$0" "$1" >&2
  exit 4
}

# What the system refuses to write here, if anything, or refused to who wrote these logs. A bare
# return would give, in a trap, the status from before it.
refused() {
  local place why places=(build "build/${PRESET:-release}" build/set-up .venv)
  local temporary=${TMPDIR:-/tmp}
  [[ -d build && -d .venv ]] || places=(. "${places[@]}")
  for place in "${places[@]}"; do
    if [[ -e $place && ! -w $place ]]; then
      why=$(why_not "$place")
      place=$PWD/$place
      echo "${place%/.} cannot be written: $why;" \
        "copy the project to where you may write, and go on there"
      return 0
    fi
  done
  for place in . "$temporary"; do
    if is_full "$place"; then
      [[ $place != . ]] || place=$PWD
      echo "the disk of $place is full; make room on it"
      return 0
    fi
  done
  if [[ $# -gt 0 ]] && grep -qs -e 'No space left on device' -e 'Disk quota exceeded' "$@"; then
    echo "a disk was full, or your quota on it used up, as $* says; make room there"
    return 0
  fi
  return 1
}

# Ends at once where nothing could be written: sooner than at the first attempt, and in fewer words.
# After an attempt its logs may tell, too.
need_to_write() {
  local why
  ! why=$(refused "$@") || refuse "$why"
}

why_not() {
  local owner
  if [[ $(id -u) -eq 0 || -O $1 ]]; then
    echo "it is mounted read-only, or protected"
  else
    read -r _ _ owner _ < <(ls -ld -- "$1")
    echo "it belongs to $owner"
  fi
}

is_full() {
  local free=
  { read -r _ && read -r _ _ _ free _; } < <(df -Pk -- "$1" 2> /dev/null)
  [[ $free =~ ^[0-9]+$ && $free -lt 100 ]]
}

trap ending EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
