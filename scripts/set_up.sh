#!/usr/bin/env bash
# Sets up what this machine needs for a command: scripts/set_up.sh bench|test|report [tools]
#
# With `tools` it may stop as soon as scripts/build.sh can begin: then there is no stamp yet, and it
# is to be called again for the rest. See scripts/prepare.sh.
#
# `make bench`, `make test` and `make report` call it first; a report needs Python and no compiler.
# It says what is missing and installs it where it may: on Debian and
# Ubuntu as root or with a sudo that asks for no password, never with NO_INSTALL=1. Elsewhere it
# uses what is there: CMake fetches missing C++ libraries, Python packages go into .venv, and where
# no package index is reached a Python that has NumPy, matplotlib, rich and fastjsonschema already serves.
# PYTHON=... and CXX=... name an interpreter and a compiler to use before all others.
#
# It leaves behind, and every other script relies on nothing else:
#   build/python           a command: the Python that the project's scripts run under
#   build/set-up/tools.sh  the compiler and the CMake to build with, for scripts/build.sh
# Exit status: 0 all is there; 2 bad usage; 3 impossible, and the last line says what to run; 4 the
# system refuses something, a full disk say.
set -euo pipefail

purpose=${1:-} part=${2:-all}
if [[ $# -gt 2 || ! "$purpose $part" =~ ^(bench|test|report)\ (all|tools)$ ]]; then
  echo "usage: scripts/set_up.sh bench|test|report [tools]" >&2
  exit 2
fi
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
. scripts/ending.sh
. scripts/environment.sh
make_environment ""
[[ -d build/set-up ]] || { need_to_write && mkdir -p build/set-up; }
stamp=build/set-up/$purpose.stamp
log=build/set-up/$purpose.log

requirement_files=(scripts/requirements.txt)
# Debian's names of what is needed, by their kind.
packages_of() {
  local kind names
  while read -r kind names; do [[ $kind != "$1:" ]] || echo "$names"; done < scripts/packages.txt
}
read -ra libraries <<< "$(packages_of libraries)"
built_with=("${libraries[@]}")
builds=yes
case $purpose in
  test)
    requirement_files+=(scripts/requirements-test.txt)
    read -ra libraries <<< "${libraries[*]} $(packages_of test-libraries)"
    ;;
  report)
    libraries=()
    builds=
    ;;
esac

say() { printf 'Set-up: %s\n' "$*"; }

# ---- The short way: nothing has changed since all was there ----

user=$(id -u)

# What the outcome of a set-up depends on. Builtins where possible: this runs every time.
state() {
  cat scripts/set_up.sh scripts/packages.txt scripts/requirements*.txt | cksum
  echo "$purpose $user ${PYTHON:-} ${CXX:-} ${NO_INSTALL:-} $PWD"
  local tool place places=()
  for tool in python3 g++ clang++ cmake ninja make git; do
    if place=$(command -v "$tool"); then places+=("$place"); else echo "no $tool"; fi
  done
  # And where these lead to: under an old name there may be another Python after an upgrade.
  echo "${places[@]}"
  readlink -f -- "${places[@]}" 2> /dev/null || true
  if [[ $builds ]] && command -v dpkg-query > /dev/null; then
    dpkg-query -W -f='${Package} ${Version} ${db:Status-Abbrev}\n' "${libraries[@]}" 2> /dev/null || true
  fi
}

# A file of two lines that starts an interpreter, without what PYTHON* would have it do: others have
# set that for their own. A symbolic link would not do: Python finds its virtual environment by the
# place it was started from. And %q would do for bash alone: where letters of other alphabets are no
# letters, it writes them as no other shell reads them.
launcher() { printf '#!/bin/sh\nexec '"'%s'"' -E "$@"\n' "${1//\'/\'\\\'\'}"; }

# Written beside and moved, so that nobody ever sees half a file.
write() {
  cat > "$1.$$"
  [[ ${2:-} != executable ]] || chmod +x "$1.$$"
  mv -f "$1.$$" "$1"
}

use_python() {
  [[ -x build/python && "$(< build/python)" == "$(launcher "$1")" ]] || launcher "$1" | write build/python executable
}

before=$(state)
if [[ -f $stamp && "$(< "$stamp")" == *$'\n'"$before" ]]; then
  IFS= read -r python < "$stamp"
  if [[ -x $python && (! $builds || -f build/set-up/tools.sh) && ! -e .venv/.unfinished ]]; then
    use_python "$python"
    exit 0
  fi
fi

# ---- The long way ----

need_to_write
if command -v flock > /dev/null; then
  exec 9> build/set-up/lock
  flock -n 9 || { say "another set-up is at work, waiting for it"; flock 9; }
else
  exec 9> /dev/null
fi
: > "$log"

# The lock belongs to this script alone: what a package starts in the background must not keep it.
run_logged() { "$@" >> "$log" 2>&1 < /dev/null 9>&-; }

# Runs a command; `why` is then what it said of its failure: its error, or its last words.
why=
run_quoted() {
  local status=0 line error=
  : > build/set-up/said
  "$@" > build/set-up/said 2>&1 < /dev/null 9>&- || status=$?
  why=
  while IFS= read -r line; do
    [[ -z ${line// /} ]] || why=$line
    case $line in
      *" Exception:") ;;
      *ERROR:\ * | *[Ee]rror:\ *) error=${error:-${line#ERROR: }} ;;
    esac
  done < build/set-up/said
  why=${error:-${why:-it ended with status $status}}
  cat build/set-up/said >> "$log"
  return $status
}

has() { command -v "$1" > /dev/null 2>&1; }

impossible() {
  need_to_write "$log"
  echo "Set-up: $1" >&2
  exit 3
}

# Is version $1 at least $2? Both as major.minor.
at_least() {
  local major=${1%%.*} rest=${1#*.} needed_major=${2%%.*} needed_minor=${2#*.}
  local minor=${rest%%.*}
  ((major > needed_major || (major == needed_major && minor >= needed_minor)))
}

# -- Compiler --

# Prints "clang 14" or "gcc 12" for a compiler that works.
compiler_version() {
  local answer
  # shellcheck disable=SC2086  # CXX may be two words: ccache g++
  answer=$($1 -x c++ -E -P - 2> /dev/null <<< '__clang_major__ __GNUC__') || return 1
  case $answer in
    __clang_major__\ [0-9]*) echo "gcc ${answer##* }" ;;
    [0-9]*) echo "clang ${answer%% *}" ;;
    *) return 1 ;;
  esac
}

is_new_enough() {
  local kind version
  read -r kind version <<< "$1"
  [[ ($kind == gcc && $version -ge 12) || ($kind == clang && $version -ge 14) ]]
}

compiler=
find_compiler() {
  local candidate version
  if [[ -n ${CXX:-} ]]; then
    # The user's choice is respected, whatever its version: the build will tell.
    has "${CXX%% *}" || impossible "CXX=$CXX: there is no command ${CXX%% *}."
    # shellcheck disable=SC2086
    run_quoted $CXX -x c++ -E -P /dev/null || impossible "CXX=$CXX is not a compiler that works: $why."
    compiler_version "$CXX" > /dev/null || impossible "CXX=$CXX is neither GCC nor Clang."
    compiler=$CXX
    return
  fi
  for candidate in g++ clang++ g++-{16,15,14,13,12} clang++-{22,21,20,19,18,17,16,15,14}; do
    if has "$candidate" && version=$(compiler_version "$candidate") && is_new_enough "$version"; then
      compiler=$candidate
      return
    fi
  done
  return 1
}

# Clang takes its OpenMP from a package of its own.
openmp_package() {
  [[ -n $compiler ]] || return 0
  local version
  version=$(compiler_version "$compiler")
  # shellcheck disable=SC2086
  if ! $compiler -fopenmp -x c++ -fsyntax-only - 2> /dev/null <<< '#include <omp.h>'; then
    case $version in
      clang\ *) echo "libomp-${version#clang }-dev" ;;
      *) echo libgomp1 ;;
    esac
  fi
}

# -- CMake --

cmake=
broken_cmake=
find_cmake() {
  local candidate version
  for candidate in cmake .venv/bin/cmake; do
    has "$candidate" || continue
    run_quoted "$candidate" --version || { broken_cmake=" ($candidate does not start: $why)"; continue; }
    version=$(< build/set-up/said)
    version=${version#cmake version }
    if at_least "$version" 3.24; then
      cmake=$candidate
      return
    fi
  done
  return 1
}

# -- Python --

pythons=(python3 /usr/bin/python3 python3.{14,13,12,11,10,9})
[[ -z ${PYTHON:-} ]] || pythons=("$PYTHON" "${pythons[@]}")

# The first interpreter that can make a virtual environment; its own path, not that of a shim.
# Debian's Python without python3-venv has no ensurepip.
base_python=
find_base_python() {
  local candidate
  for candidate in "${pythons[@]}"; do
    has "$candidate" || continue
    base_python=$("$candidate" -c '
import sys, venv, ensurepip
print(sys.executable)
sys.exit(sys.version_info < (3, 9))' 2> /dev/null < /dev/null) && return
  done
  base_python=
  return 1
}

# The first interpreter that needs no package index. Numba and the rest are welcome, not needed.
find_complete_python() {
  local candidate modules="numpy, matplotlib, rich, fastjsonschema"
  [[ $purpose != test ]] || modules="$modules, pytest, jsonschema"
  for candidate in "${pythons[@]}"; do
    has "$candidate" || continue
    python=$("$candidate" -c "
import sys, $modules
print(sys.executable)
sys.exit(sys.version_info < (3, 9))" 2> /dev/null < /dev/null) && return
  done
  python=
  return 1
}

# -- Debian's packages --

privilege=()
may_install() {
  [[ -z ${NO_INSTALL:-} || ${NO_INSTALL:-} == 0 ]] && has apt-get && has dpkg-query || return 1
  [[ $user -ne 0 ]] || return 0
  has sudo && sudo -n true 2> /dev/null || return 1
  privilege=(sudo -n)
}

is_installed() { [[ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2> /dev/null)" == ii* ]]; }

apt_get() {
  run_logged ${privilege[@]+"${privilege[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -y -q \
    -o DPkg::Lock::Timeout=120 -o Acquire::Retries=1 -o Acquire::http::Timeout=10 \
    -o Acquire::https::Timeout=10 "$@"
}

is_known() { apt-cache show "$1" > /dev/null 2>&1; }

updated=
update_package_lists() {
  [[ -z $updated ]] || return 0
  updated=yes
  say "asking for the newest list of packages"
  apt_get -o APT::Update::Error-Mode=any update || updated=incomplete
}

# Installs what it can of the packages named; what is missing after that is the caller's to judge.
install_packages() {
  local package known=()
  for package in "$@"; do is_known "$package" || { update_package_lists; break; }; done
  for package in "$@"; do
    if is_known "$package"; then known+=("$package"); else say "no package $package here, going on without it"; fi
  done
  [[ ${#known[@]} -gt 0 ]] || return 0
  say "installing ${known[*]}"
  apt_get install --no-install-recommends "${known[@]}" && return
  # An old list names files that are gone.
  update_package_lists
  apt_get install --no-install-recommends "${known[@]}" && return
  if [[ $updated == incomplete ]]; then
    say "no packages can be fetched, see $log"
    return
  fi
  # One package that fails must not stop the others.
  for package in "${known[@]}"; do
    is_installed "$package" || apt_get install --no-install-recommends "$package" ||
      say "could not install $package, see $log"
  done
}

# Modules in C are optional: without the headers the rungs that need one are skipped. A Python that
# is not the system's own came with its headers, or no package brings them.
has_python_headers() {
  [[ -n $base_python ]] || return 1
  [[ $base_python != /usr/bin/* ]] || "$base_python" -c \
    'import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))'
}

# What a Debian or Ubuntu machine lacks, as packages.
missing_packages() {
  local package
  find_base_python || echo python3-venv
  [[ $builds ]] || return 0
  has_python_headers || echo python3-dev
  find_compiler || echo g++
  find_cmake || echo cmake
  has ninja || echo ninja-build
  has git || echo git
  openmp_package
  if has dpkg-query; then
    for package in "${libraries[@]}"; do is_installed "$package" || echo "$package"; done
    # Ubuntu's chromium is a snap, which a script cannot drive; tests that need it are skipped.
    if [[ $purpose == test ]] && ! has chromium && ! grep -qs '^ID=ubuntu' /etc/os-release; then
      echo chromium
    fi
  fi
}

read -ra python_packages <<< "$(packages_of python)"
[[ $purpose != test ]] || read -ra python_packages <<< "${python_packages[*]} $(packages_of test-python)"

# -- The virtual environment --

# Settings of the user's pip that would put packages elsewhere; `user` may stand in a file of theirs.
unset PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV
export PIP_USER=0

venv_python=$PWD/.venv/bin/python

pip_install() {
  run_quoted "$venv_python" -m pip install --quiet --disable-pip-version-check --no-input \
    --only-binary=:all: --timeout 20 --retries 2 "$@"
}

# One small package, quickly: a machine without a network must not wait for pip's patience.
index_is_reached() {
  local place=build/set-up/index.$$ status=0 limit=()
  ! has timeout || limit=(timeout 20)
  run_quoted ${limit[@]+"${limit[@]}"} "$venv_python" -m pip download --quiet \
    --disable-pip-version-check --no-input --no-deps --no-cache-dir --timeout 4 --retries 0 \
    --dest "$place" "$(grep '^jinja2==' scripts/requirements.txt)" || status=$?
  rm -rf "$place"
  [[ $status -ne 0 ]] || return 0
  # Where there is no answer, pip knows of no version at all.
  if [[ $status == 124 || $why == *"from versions: none"* || $why == *ConnectionPool* ]]; then
    why="no package index is reached"
  else
    why="pip: $why"
  fi
  return 1
}

# A copy of each list stands in the environment that holds what it lists.
venv_has_packages() {
  local file
  for file in "${requirement_files[@]}"; do
    cmp -s "$file" ".venv/.has-$(basename "$file")" || return 1
  done
}

# A PYTHON that the user names rules out an environment made from another. The commands of one that
# was moved begin with the path of an interpreter that is gone.
venv_works() {
  [[ "$(cat .venv/.made-in 2> /dev/null)" == "$(pwd -P)" ]] || return 1
  "$venv_python" -c 'import pip, sys; sys.exit(sys.version_info < (3, 9))' 2> /dev/null || return 1
  [[ -z ${PYTHON:-} || "$(cat .venv/.made-from 2> /dev/null)" == "$base_python" ]]
}

venv_is_complete() {
  [[ ! -e .venv/.unfinished ]] && venv_has_packages && venv_works
}

# No more than what modules in C and C++ are built with: it takes seconds. Where it fails, all
# packages are tried at once, which tells of what is lacking.
install_what_modules_need() {
  say "installing what modules are built with into .venv"
  grep -E '^(numpy|pybind11|cffi)==' scripts/requirements.txt > build/set-up/tools.txt
  pip_install -r build/set-up/tools.txt
}

stops_early=

# .unfinished stands in the environment while it is being changed: killed in the middle, it is made
# anew by the next run.
make_venv() {
  if [[ -d .venv ]]; then
    if [[ -e .venv/.unfinished ]] || ! venv_works; then
      say "making the virtual environment .venv anew"
      rm -rf .venv
    fi
  fi
  if [[ ! -d .venv ]]; then
    mkdir .venv
    : > .venv/.unfinished
    if ! run_quoted "$base_python" -m venv .venv; then
      rm -rf .venv
      why="no virtual environment can be made: $why"
      return 1
    fi
    echo "$base_python" > .venv/.made-from
    pwd -P > .venv/.made-in
  fi
  # Without an index the environment stays as it was.
  if ! index_is_reached; then
    [[ ! -e .venv/.unfinished ]] || rm -rf .venv
    return 1
  fi
  : > .venv/.unfinished
  if [[ $part == tools ]] && install_what_modules_need; then
    rm .venv/.unfinished
    stops_early=yes
    return
  fi
  say "installing Python packages into .venv"
  local files=() file
  for file in "${requirement_files[@]}"; do files+=(-r "$file"); done
  if ! pip_install "${files[@]}"; then
    # Numba, numexpr, cffi, mypy and Playwright are built for fewer machines than the rest.
    say "pip: $why; trying without Numba, numexpr, cffi, mypy and Playwright"
    cat "${requirement_files[@]}" | grep -v -e '^numba' -e '^numexpr' -e '^cffi' -e '^mypy' -e '^playwright' > build/set-up/without.txt
    if ! pip_install -r build/set-up/without.txt; then
      rm -rf .venv
      why="pip: $why"
      return 1
    fi
  fi
  for file in "${requirement_files[@]}"; do cp "$file" ".venv/.has-$(basename "$file")"; done
  rm .venv/.unfinished
}

# ---- Doing it ----

missing=()
look_around() {
  # shellcheck disable=SC2207  # names of packages have no blanks
  missing=($(missing_packages))
  find_base_python || true
  [[ $builds ]] || return 0
  find_compiler || true
  find_cmake || true
}

look_around
if [[ ${#missing[@]} -eq 0 ]]; then
  :
elif ! may_install; then
  say "missing: ${missing[*]}; going on with what is there"
else
  say "missing: ${missing[*]}"
  install_packages "${missing[@]}"
  look_around
  if [[ $builds && -z $compiler ]]; then
    # Ubuntu 22.04 means version 11 when it says g++.
    for package in g++-14 g++-13 g++-12; do
      if [[ $updated != incomplete ]] && is_known "$package"; then
        install_packages "$package"
        look_around
        break
      fi
    done
  fi
fi

python=
why="no Python here makes virtual environments: it lacks venv or ensurepip"
if [[ -n $base_python ]] && { venv_is_complete || make_venv; }; then
  python=$venv_python
else
  find_complete_python || true
  if [[ -z $python ]] && may_install; then
    say "$why; the system's own Python packages will serve"
    install_packages "${python_packages[@]}"
    find_complete_python || true
  fi
  say "$why${python:+; using the packages of $python}"
fi

# An older system's CMake is too old; the package index has newer ones.
if [[ $builds && $python == "$venv_python" ]] && { [[ -z $cmake ]] || ! { has ninja || has make; }; }; then
  say "installing CMake and Ninja into .venv"
  pip_install -r scripts/requirements-build.txt || say "pip: $why (see $log)"
  hash -r
  find_cmake || true
fi

# ---- What is still missing makes it impossible ----

lacking=()
needed=()
if [[ $builds ]]; then
  [[ -n $compiler ]] || { lacking+=("a C++20 compiler (g++ 12, clang++ 14 or newer)"); needed+=(g++); }
  [[ -n $cmake ]] || { lacking+=("CMake 3.24 or newer$broken_cmake"); needed+=(cmake); }
  has ninja || has make || [[ -x .venv/bin/ninja ]] || { lacking+=("Ninja or make"); needed+=(ninja-build); }
fi
if [[ -z $python ]]; then
  if [[ $purpose == test ]]; then what="NumPy, matplotlib, rich, fastjsonschema, pytest and jsonschema"; else what="NumPy, matplotlib, rich and fastjsonschema"; fi
  lacking+=("a Python 3.9 or newer with $what, or one with venv and a package index to reach")
  needed+=("${python_packages[@]}")
fi
if [[ ${#lacking[@]} -gt 0 ]]; then
  if has dpkg-query; then
    for package in "${libraries[@]}"; do is_installed "$package" || needed+=("$package"); done
  fi
  sentence=$(printf ', %s' "${lacking[@]}")
  if has apt-get; then
    sudo=sudo\ ; [[ $user -ne 0 ]] || sudo=
    impossible "this machine lacks ${sentence:2}. Run: ${sudo}apt-get install ${needed[*]}"
  fi
  impossible "this machine lacks ${sentence:2}. Load a module or install what Debian calls: ${needed[*]}"
fi

# ---- Leaving it behind ----

[[ ! $stops_early ]] || rm -f "$stamp"
python_version=$("$python" -c 'import platform; print(platform.python_version())')
if [[ $builds ]]; then
  [[ $cmake != .venv/* ]] || cmake=$PWD/$cmake
  generator=Ninja path=
  if ! has ninja; then
    if [[ -x .venv/bin/ninja ]]; then path=$PWD/.venv/bin; else generator="Unix Makefiles"; fi
  fi
  {
    echo "# Written by scripts/set_up.sh."
    dpkg-query -W -f='# ${Package} ${Version}\n' "${built_with[@]}" 2> /dev/null || true
    printf 'export CXX=%q\ncmake=%q\ngenerator=%q\n' "$compiler" "$cmake" "$generator"
    # shellcheck disable=SC2016
    [[ -z $path ]] || printf 'PATH=$PATH:%q\n' "$path"
  } | write build/set-up/tools.sh
fi
use_python "$python"
[[ ! $stops_early ]] || exit 0
say "ready, with ${builds:+$compiler and }Python $python_version"
{ echo "$python"; state; } | write "$stamp"
