#!/usr/bin/env bash
# Builds the suite for 64-bit Arm, runs its C++ tests under QEMU, and compares what locate and
# bytecode say there with what they say here.
#
# Wants Debian's g++-aarch64-linux-gnu and qemu-user-static, and a built preset release to compare
# with. Exit status: 0 all passed; 1 a test failed; 2 it does not build; 3 set-up is impossible.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

scripts/aarch64/root.sh
cmake --preset aarch64 > build/aarch64.log || exit 2
cmake --build --preset aarch64 --parallel "$(nproc)" || exit 2
status=0
# A processor that is pretended takes its time, and threads that wait for each other more of it.
OMP_WAIT_POLICY=passive ctest --preset aarch64 --timeout 7200 --parallel "$(nproc)" || status=1
build/python -m pytest -q -rs tests/program/test_aarch64.py || status=1
exit "$status"
