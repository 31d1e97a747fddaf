#!/bin/sh
# Every peer ends with every file, over loopback, in one run on the same files: a plain cp, a raw pump with SHA-256,
# Shoal, and aria2 if it is installed. Medians of three runs after one that is thrown away, as ratios to the pump.
#
#   bench/exchange.sh [SIZE] [OPTIONS of 'Shoal.Bench exchange']      each of 4 peers owns SIZE [default: 500MB]
set -eu
cd "$(dirname "$0")/.."

size=500MB
case "${1:-}" in
  "" | -*) ;;
  *)
    size=$1
    shift
    ;;
esac

# The bench refers to the program, so this builds both; warnings are errors, and all are printed.
dotnet build bench/Shoal.Bench -c Release -v quiet -nologo | grep -E "(error|warning) [A-Z]" >&2 && exit 1
exec artifacts/bin/Shoal.Bench/release/Shoal.Bench exchange --size "$size" \
  --program "$PWD/artifacts/bin/Shoal.Cli/release/shoal" "$@"
