#!/usr/bin/env bash
# Measures the talk's counting loop in LuaJIT, beside the rungs that are held against it: its
# interpreter alone (luajit -joff) beside 70_registers, its compiler beside 80_native.
#
# Takes PRESET=... and ROUNDS=... Alternates between the two, and of each takes
# the best: what else the machine does can only slow a loop down. Exit status: 0; 3 without LuaJIT.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

luajit=$(command -v luajit) || {
  echo "luajit_reference: LuaJIT is not installed; on Debian: apt install luajit" >&2
  exit 3
}
program="build/${PRESET:-release}/mythbench"
iterations=10000000
rounds=${ROUNDS:-5}

# The number of seconds of one loop, the best of three after a first that warms up.
lua='
local function gauss(n)
  local count = 0
  for i = 0, n do count = count + 1 end
  return count
end
local n = tonumber(arg[1])
assert(gauss(n) == n + 1)
local best = math.huge
for _ = 1, 3 do
  local start = os.clock()
  gauss(n)
  best = math.min(best, os.clock() - start)
end
print(best * 1e9 / (n + 1))'

script=$(mktemp)
trap 'rm -f "$script"' EXIT
echo "$lua" > "$script"

# Nanoseconds of the processor per iteration.
rung() {
  "$program" --benchmark_filter="^bytecode/$1/n:$iterations/" --benchmark_min_time=0.05 \
    --no-forecast --benchmark_format=json 2> /dev/null |
    awk -F': ' -v n="$iterations" '/"cpu_time"/ { sub(",", "", $2); print $2 / (n + 1) }'
}

measure() {
  for ((round = 0; round < rounds; ++round)); do
    echo "luajit-joff $("$luajit" -joff "$script" "$iterations")"
    echo "70_registers $(rung registers)"
    echo "luajit $("$luajit" "$script" "$iterations")"
    echo "80_native $(rung native)"
  done
}

measure | awk '
  NF == 2 && (!($1 in best) || $2 < best[$1]) { best[$1] = $2 }
  END {
    split("luajit-joff 70_registers luajit 80_native", names, " ")
    for (i = 1; i <= 4; ++i) printf "%-14s %6.2f ns per iteration\n", names[i], best[names[i]]
    printf "70_registers takes %.2f times as long as luajit -joff\n",
           best["70_registers"] / best["luajit-joff"]
    printf "80_native takes %.2f times as long as luajit\n", best["80_native"] / best["luajit"]
  }'
