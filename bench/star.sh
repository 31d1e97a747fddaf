#!/bin/sh
# How close a planned star comes to its bound with costs that nobody chose: each of four links draws a chunk of 6 to
# 24 ms and a message of 0.6 to 2.4 ms. A line a draw, and the worst of all.
#
#   bench/star.sh [DRAWS] [OPTIONS of 'shoal simulate relay']      [default: 30 draws]
#
# Each peer owns 1000 chunks.
set -eu
cd "$(dirname "$0")/.."

draws=30
case "${1:-}" in
  "" | -*) ;;
  *)
    draws=$1
    shift
    ;;
esac

# Warnings are errors, and all are printed.
dotnet build src/Shoal.Cli -c Release -v quiet -nologo | grep -E "(error|warning) [A-Z]" >&2 && exit 1
worst=0
seed=1
while [ "$seed" -le "$draws" ]; do
  costs=$(awk -v seed="$seed" 'BEGIN {
    srand(seed)
    for (i = 0; i < 4; i++) {
      printf "%s%.3f:%.3f", (i ? "," : ""), 6 + 18 * rand(), 0.6 + 1.8 * rand()
    }
  }')
  ratio=$(artifacts/bin/Shoal.Cli/release/shoal simulate relay --chunks 1000 --costs "$costs" "$@" |
    awk '$1 == "ratio" { print $2 }')
  echo "$ratio  --costs $costs"
  worst=$(printf '%s\n%s\n' "$worst" "$ratio" | sort -n | tail -1)
  seed=$((seed + 1))
done
echo "worst of $draws: $worst times the bound"
