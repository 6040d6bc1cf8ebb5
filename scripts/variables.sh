# shellcheck shell=bash
# Sourced: takes NAME=value arguments, as make does, into the environment.

for argument in "$@"; do
  case $argument in
    QUICK=* | BUDGET=* | ONLY=* | ROUNDS=* | PYTHONS=* | RESUME=* | RUN=* | NO_INSTALL=* | PRESET=* | \
      PYTHON=* | CXX=* | CMAKE_ARGS=*) export "${argument?}" ;;
    *)
      echo "$0: '$argument' is not understood; it takes NAME=value, the variables that 'make' lists" >&2
      exit 2
      ;;
  esac
done
