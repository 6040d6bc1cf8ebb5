#!/usr/bin/env bash
# Runs a program that the preset aarch64 has built, with its arguments, under QEMU.
#
#   scripts/aarch64/run.sh build/aarch64/bytecode FILE
set -euo pipefail

root=$(dirname "${BASH_SOURCE[0]}")/../../build/aarch64-root
if ! command -v qemu-aarch64-static > /dev/null; then
  echo "run.sh: there is no qemu-aarch64-static. On Debian: sudo apt-get install qemu-user-static" >&2
  exit 3
fi
# The C library of the compiler, and what a rung loads by name alone.
libraries=$root/usr/lib/aarch64-linux-gnu
exec qemu-aarch64-static -L /usr/aarch64-linux-gnu \
  -E LD_LIBRARY_PATH="$libraries:$libraries/openblas-pthread" "$@"
