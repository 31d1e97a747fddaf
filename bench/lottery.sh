#!/bin/bash
# Whole draws from the first connection to the last winners, 5 and 100 agencies, batches of 50 and 1,000, text protocol
# and HTTP, SQLite and PostgreSQL, three of each kind after one that is not counted, each between two runs of five bare
# connections that insert, commit and ack as many bets on the same disk: medians; then a million bets, the hub's memory
# with 5,000 agencies, the time of an ack at half load, and the memory with a file of five million bets.
#
#   bench/lottery.sh [--quick] [--bets N] [--store CONNECTION]      [default: 78697 bets]
#
# PostgreSQL is the one of --store, whose lottery is emptied before each draw; else one that runs as long as the bench
# does, where PostgreSQL is installed. --quick: 20,000 bets, one race of each kind, no million, everything else for a
# shorter time.
set -euo pipefail
cd "$(dirname "$0")/.."

bets=78697 million=1000000 crowd=5000 file=5000000 rounds=3 store=
while [ $# -gt 0 ]; do
  case $1 in
    --quick) bets=20000 million= crowd=1000 file=500000 rounds=1 ;;
    --bets) bets=$2 && shift ;;
    --store) store=$2 && shift ;;
    *)
      echo "lottery.sh: there is no '$1'; see its first lines" >&2
      exit 2
      ;;
  esac
  shift
done

# The bench refers to the program, so this builds both; warnings are errors, and all are printed.
dotnet build bench/Shoal.Bench -c Release -v quiet -nologo | grep -E "(error|warning) [A-Z]" >&2 && exit 1
dir=$(mktemp -d)
postgres=
finish() {
  [ -z "$postgres" ] || .ci/postgres stop "$postgres" || true
  rm -rf "$dir"
}
trap finish EXIT
if [ -z "$store" ]; then
  postgres=$(mktemp -d /tmp/shoal-bench-XXXXXX)
  store=$(.ci/postgres start "$postgres" 2> "$dir/postgres.log") || {
    echo "left out, PostgreSQL: $(cat "$dir/postgres.log")"
    rm -rf "$postgres"
    postgres=
  }
fi

# Agencies run in the bench's process as they do in the program's own: not compiled anew while they run (the settings of
# Shoal.Cli.csproj). So do the bare loops.
measure() {
  DOTNET_TieredPGO=0 DOTNET_TC_CallCountingDelayMs=2710 \
    artifacts/bin/Shoal.Bench/release/Shoal.Bench lottery --program "$PWD/artifacts/bin/Shoal.Cli/release/shoal" \
    --dir "$(mktemp -d "$dir/XXXXXX")" "$@"
}

for agencies in 5 100; do
  measure --agencies "$agencies" --bets "$bets" --rounds "$rounds"
  [ -z "$store" ] || measure --agencies "$agencies" --bets "$bets" --rounds "$rounds" --store "$store"
done
[ -z "$million" ] || measure --agencies 5 --bets "$million" --batch 1000 --rounds 1
measure --crowd "$crowd"
measure --file "$file"
