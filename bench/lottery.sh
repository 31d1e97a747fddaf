#!/bin/sh
# Whole draws from the first connection to the last winners, 5 and 100 agencies, batches of 50 and 1,000, text protocol
# and HTTP, beside bare loops that insert and commit on the same disk; then the hub's memory with 5,000 agencies, and
# the time of an ack at half load.
#
#   bench/lottery.sh [--bets N] [--store CONNECTION]      [default: 78697 bets, SQLite]
#
# The PostgreSQL database of --store is emptied of its lottery before each draw.
set -eu
cd "$(dirname "$0")/.."

# The bench refers to the program, so this builds both; warnings are errors, and all are printed.
dotnet build bench/Shoal.Bench -c Release -v quiet -nologo | grep -E "(error|warning) [A-Z]" >&2 && exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
bench=artifacts/bin/Shoal.Bench/release/Shoal.Bench
program=$PWD/artifacts/bin/Shoal.Cli/release/shoal
for agencies in 5 100; do
  "$bench" lottery --program "$program" --dir "$dir/$agencies" --agencies "$agencies" "$@"
done
"$bench" lottery --program "$program" --dir "$dir/crowd" --crowd 5000
