#!/bin/bash
# How good the plans of `shoal simulate edge` are: for every variant the mean and the worst ratio to its bound over the
# random seeds 1 to SEEDS, and the most processor time that one of the runs took, planning, run, checker and bound.
#
#   bench/edge-plan.sh [SEEDS] [STEPS]   a search scores STEPS schedules [default: 10 30000]
set -euo pipefail
cd "$(dirname "$0")/.."

seeds=${1:-10}
steps=${2:-30000}

dotnet build src/Shoal.Cli -c Release -v quiet -nologo | grep -E "(error|warning) [A-Z]" >&2 && exit 1
shoal="$PWD/artifacts/bin/Shoal.Cli/release/shoal"
TIMEFORMAT='%U %S'

run() { # random seed, flags: prints the ratio and the processor seconds
  local seed=$1
  shift
  {
    time "$shoal" simulate edge --random-seed "$seed" --json "$@" | sed -n '0,/"ratio"/s/.*"ratio": *\([0-9.]*\).*/\1/p'
  } 2>&1
}

printf '%-28s %8s %8s %12s\n' variant mean worst 'most cpu, s'
variant() { # its name, its flags
  local name=$1
  shift
  for seed in $(seq "$seeds"); do
    run "$seed" "$@" | tr '\n' ' '
    echo
  done | awk -v name="$name" '
    NF < 3 { failed = 1; exit 1 }
    { sum += $1; worst = $1 > worst ? $1 : worst; cpu = $2 + $3 > cpu ? $2 + $3 : cpu }
    END { if (failed) exit 1; printf "%-28s %8.4f %8.4f %12.1f\n", name, sum / NR, worst, cpu }'
}

variant 'order kept' --search "$steps"
variant 'order kept, no search' --search 0
variant 'one direct' --one-direct --search "$steps"
variant 'one direct, no search' --one-direct --search 0
variant 'edges filled beforehand' --prefill --search "$steps"
variant 'order free' --order free
