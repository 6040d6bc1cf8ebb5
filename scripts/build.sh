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
# shellcheck source=/dev/null
. build/set-up/tools.sh
: "${cmake:?}" "${generator:?}"

preset=${PRESET:-release}
if [[ ! $preset =~ ^[a-z]+$ ]] || ! grep -q "\"name\": \"$preset\"" CMakePresets.json; then
  echo "PRESET=$preset is not a preset of CMakePresets.json" >&2
  exit 2
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

configure() {
  local arguments tests=$1
  mapfile -t arguments <<< "$(preset_arguments)"
  # CMake would go on with the old compiler, build modules for the old Python where both stand in the
  # same place, as two environments do, and keep arguments that are no longer given.
  if [[ -f $directory/tools && "$(< "$directory/tools")" != "$tools" ]]; then
    arguments+=(--fresh)
    rm -f "$directory/CMakeCache.txt"
  fi
  [[ -f $directory/CMakeCache.txt ]] || arguments+=(-G "$generator")
  # shellcheck disable=SC2206  # several arguments in one variable
  arguments+=("-DMYTHBENCH_BUILD_TESTS=$tests" ${CMAKE_ARGS:-})
  say "configuring preset $preset"
  echo "$tools" > "$directory/tools"
  if ! "$cmake" "${arguments[@]}" > "$log" 2> "$directory/configure.errors" < /dev/null; then
    if [[ -s $directory/lacking.txt ]]; then
      say "$(< "$directory/lacking.txt")" >&2
      exit 3
    fi
    need_to_write "$directory/configure.errors"
    cat "$directory/configure.errors" >&2
    exit 2
  fi
  cat "$directory/configure.errors" >&2
}

# Once built for the tests a folder stays so: `make bench` in between must not configure again.
tests=OFF
[[ $purpose != test && ! -f $directory/with-tests ]] || tests=ON
# What modules for Python are built for, and with.
interpreter=$(build/python -c 'import sys, importlib.util as u
print(sys.version, sys.prefix, *(bool(u.find_spec(m)) for m in ("pybind11", "cffi", "Cython")))')
tools="$(< build/set-up/tools.sh) ${CMAKE_ARGS:-} $interpreter"
configured="$tests $(cksum < CMakePresets.json) $tools"
if [[ ! -f $directory/configured || "$(< "$directory/configured")" != "$configured" ]]; then
  rm -f "$directory/configured"
  configure "$tests"
  echo "$configured" > "$directory/configured"
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
if ! "${build[@]}" > "$log" 2>&1 < /dev/null; then
  need_to_write "$log"
  # The compiler's words, without Ninja's progress and the long commands.
  grep -v -E '^(\[[0-9]+/[0-9]+\] |FAILED: |ninja: |[^ ]*(g|clang)\+\+.* -c )' "$log" >&2 || true
  say "failed; all of it is in $log" >&2
  exit 2
fi
((SECONDS - started < 3)) || say "done in $((SECONDS - started)) s"
