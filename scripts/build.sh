#!/usr/bin/env bash
# Configures and builds a preset: scripts/build.sh bench|programs|test, after scripts/set_up.sh.
#
# PRESET=release is the default; CMAKE_ARGS="-DName=value ..." goes to CMake as it is. Says nothing
# when there is nothing to do. `bench` builds what the ladders are timed with, `programs` all programs
# beside it, `test` everything: it alone needs Catch2.
# Exit status: 0 built; 2 the sources or the arguments are wrong; 3 a library can not be had; 4 the
# system refuses something, a full disk say.
set -euo pipefail

purpose=${1:-}
if [[ $# -ne 1 || ! $purpose =~ ^(bench|programs|test)$ ]]; then
  echo "usage: scripts/build.sh bench|programs|test" >&2
  exit 2
fi
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
. scripts/ending.sh
. scripts/environment.sh
make_environment ""
# shellcheck source=/dev/null
. build/set-up/tools.sh
: "${cmake:?}" "${generator:?}"

preset=${PRESET:-release}
if [[ ! $preset =~ ^[a-z]+$ ]] || ! grep -q "\"name\": \"$preset\"" CMakePresets.json; then
  echo "PRESET=$preset is not a preset of CMakePresets.json" >&2
  exit 2
fi
# What CMake tries by itself fails where a quotation mark stands in the name of a folder.
if [[ $PWD == *\"* ]]; then
  place=$(pwd -P)
  link=${TMPDIR:-/tmp}/mythbench-$UID-$(cksum <<< "$place" | tr ' ' -)
  if ! { ln -sfn "$place" "$link" && cd "$link"; }; then
    echo "Build: failed: with a quotation mark in its path it needs a link in ${TMPDIR:-/tmp}" >&2
    exit 3
  fi
fi
directory=build/$preset
log=$directory/build.log
need_to_write
mkdir -p "$directory"

if command -v flock > /dev/null; then
  exec 9> "$directory/lock"
  flock 9
fi

say() { printf 'Build: %s\n' "$*"; }

# CMake 3.24 can not read workflow presets and refuses the whole file.
preset_arguments() {
  if "$cmake" --version | grep -q ' 3\.24\.'; then
    printf '%s\n' -B "$directory"
    build/python - "$preset" << 'PYTHON'
import json, sys

presets = {each["name"]: each for each in json.load(open("CMakePresets.json"))["configurePresets"]}


def variables(name):
    preset = presets[name]
    inherited = variables(preset["inherits"]) if "inherits" in preset else {}
    return {**inherited, **preset.get("cacheVariables", {})}


for name, value in variables(sys.argv[1]).items():
    print("-D{}={}".format(name, value))
PYTHON
  else
    printf '%s\n' --preset "$preset"
  fi
}

# ---- What a build depends on, a line each ----

# In a locale of its own, since what is written has to be the same in every one.
cause() { LC_ALL=C printf '%s: %q\n' "$1" "${*:2}"; }

# Where a command lies and where that leads to. Another of this name may come first tomorrow, as
# after `module load gcc`.
place_of() {
  local place
  place=$(command -v -- "$1") && echo "$place $(readlink -f -- "$place")" || echo "$1"
}

# Those of these variables that are set, with their values.
set_of() {
  local name
  for name in "$@"; do [[ -z ${!name:-} ]] || printf '%s=%s ' "$name" "${!name}"; done
}

# What goes into an object and stands in no command: Ninja and make cannot see that it changed.
unseen_causes() {
  local word words commands=
  read -ra words <<< "$CXX"  # two of them: ccache g++
  for word in "${words[@]}"; do commands+="$(place_of "$word") "; done
  cause compiler "$commands" "$(LC_ALL=C "${words[@]}" -v 2>&1)"
  cause libraries "$(grep '^# ' build/set-up/tools.sh)"
  cause "folders of headers" "$(set_of CPATH CPLUS_INCLUDE_PATH LIBRARY_PATH COMPILER_PATH \
    GCC_EXEC_PREFIX LD_RUN_PATH SDKROOT MACOSX_DEPLOYMENT_TARGET)"
  # Machines that share a home may not share their instructions.
  if [[ "$preset ${CMAKE_ARGS:-} ${CXXFLAGS:-}" == *native* ]]; then
    cause processor "$("${words[@]}" -march=native -dM -E -x c++ /dev/null 2>&1 | cksum)"
  fi
}

seen_causes() {
  local package asked=()
  mapfile -t asked < <(compgen -e CMAKE_ | grep -vx CMAKE_ARGS)
  while read -r package; do
    asked+=("${package}_ROOT" "${package}_DIR")
  done < <(sed -nE 's/^ *find_(package|or_fetch)\(([A-Za-z0-9_]+).*/\2/p' scripts/cmake/*.cmake)
  cause flags "$(set_of CXXFLAGS CPPFLAGS LDFLAGS CC CFLAGS)"
  cause "variables of CMake" "$(set_of "${asked[@]}")"
  cause "place of the checkout" "$(pwd -P)"
  cause CMake "$(place_of "$cmake")" "$("$cmake" --version)"
  cause generator "$generator" "$(place_of ninja)"
  cause presets "$(cksum < CMakePresets.json)"
  cause arguments "${CMAKE_ARGS:-}"
  # What modules for Python are built for, and with.
  cause Python "$(build/python -c 'import sys, importlib.metadata as m
print(sys.version, sys.executable, sys.prefix, sys.base_prefix)
print([[d.version for d in m.distributions(name=n)] for n in ("pybind11", "cffi", "Cython", "numpy")])')"
}

# The names of those that are not as they were when all was configured.
changed_among() {
  local line before=
  [[ ! -f $directory/causes ]] || before=$'\n'$(< "$directory/causes")$'\n'
  while IFS= read -r line; do
    [[ $before == *$'\n'"$line"$'\n'* ]] || printf ', %s' "${line%%: *}"
  done <<< "$1"
}

configure() {
  local arguments given changed why=
  mapfile -t arguments <<< "$(preset_arguments)"
  changed=$(changed_among "$causes")
  [[ ! -f $directory/causes || -z $changed ]] || why=" anew, for these have changed: ${changed:2}"
  say "configuring preset $preset$why"
  # CMake would go on with the old compiler, refuse another place, and keep arguments that are no
  # longer given. What was fetched stays; what CMake noted beside it names the old place.
  if [[ $changed ]]; then
    arguments+=(--fresh)
    rm -rf "$directory/CMakeCache.txt" "$directory"/_deps/*-subbuild
  fi
  [[ -f $directory/CMakeCache.txt ]] || arguments+=(-G "$generator")
  # Several arguments in one variable: what stands in quotes may have blanks.
  if ! given=$(xargs printf '%s\n' <<< "${CMAKE_ARGS:-}"); then
    say "CMAKE_ARGS=$CMAKE_ARGS is not understood" >&2
    exit 2
  fi
  [[ -z $given ]] || mapfile -t -O "${#arguments[@]}" arguments <<< "$given"
  arguments+=("-DMYTHBENCH_BUILD_TESTS=$1")
  if ! "$cmake" "${arguments[@]}" > "$log" 2> "$directory/configure.errors" < /dev/null; then
    rm -f "$directory/CMakeCache.txt"  # it is not that of the causes noted last
    if [[ -s $directory/lacking.txt ]]; then
      say "$(< "$directory/lacking.txt")" >&2
      exit 3
    fi
    cat "$directory/configure.errors" >> "$log"
    fail
  fi
  cat "$directory/configure.errors" >&2
  if [[ $(changed_among "$unseen") ]]; then run_logged "$cmake" --build "$directory" --target clean; fi
  echo "$causes" > "$directory/causes"
}

# ---- What the tools say when they fail ----

# Their own words, without Ninja's progress and the long commands, and the one line that says why.
fail() {
  need_to_write "$log"
  awk '/^FAILED: / { print; getline; next } !/^\[ *[0-9]+[\/%]/' "$log" >&2
  say "failed: $(reason); all of it is in $log" >&2
  exit 2
}

# CMake has it below a place, others in one line; who names no error has it last.
reason() {
  awk '/^CMake Error/ { below = 1; next }
    below && NF { sub(/^ +/, ""); why = $0; exit }
    /([Ee]rror|fatal): |\*\*\* |undefined reference/ { why = $0; exit }
    NF { last = $0 }
    END { print why ? why : last ? last : "it does not say why" }' "$log"
}

run_logged() { "$@" > "$log" 2>&1 < /dev/null || fail; }

# ---- Doing it ----

# Once built for the tests a folder stays so: `make bench` in between must not configure again.
tests=OFF
[[ $purpose != test && ! -f $directory/with-tests ]] || tests=ON
unseen=$(unseen_causes)
causes=$unseen$'\n'$(seen_causes)
if [[ ! -f $directory/CMakeCache.txt || $(changed_among "$causes") ]] ||
  [[ $tests == ON && ! -f $directory/with-tests ]]; then
  configure "$tests"
  [[ $tests == OFF ]] || : > "$directory/with-tests"
fi

build=("$cmake" --build "$directory")
[[ $generator == Ninja ]] || build+=(--parallel "$(nproc)")
case $purpose in
  bench) build+=(--target mythbench_ladders) ;;
  programs) build+=(--target mythbench_programs) ;;
esac

started=$SECONDS
[[ -x $directory/mythbench ]] || say "compiling, the first time takes a minute or two"
run_logged "${build[@]}"
((SECONDS - started < 3)) || say "done in $((SECONDS - started)) s"
