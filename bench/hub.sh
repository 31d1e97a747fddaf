#!/bin/sh
# The memory of a hub whose members are there and do nothing: real connections, all from one process, that have joined
# one swarm and wait for one member more.
#
#   bench/hub.sh [PEERS] [OPTIONS of 'Shoal.Bench hub']      [default: 1000 peers]
set -eu
cd "$(dirname "$0")/.."

peers=1000
case "${1:-}" in
  "" | -*) ;;
  *)
    peers=$1
    shift
    ;;
esac

# The bench refers to the program, so this builds both; warnings are errors, and all are printed.
dotnet build bench/Shoal.Bench -c Release -v quiet -nologo | grep -E "(error|warning) [A-Z]" >&2 && exit 1
exec artifacts/bin/Shoal.Bench/release/Shoal.Bench hub --peers "$peers" \
  --program "$PWD/artifacts/bin/Shoal.Cli/release/shoal" "$@"
