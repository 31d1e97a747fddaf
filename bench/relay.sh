#!/bin/sh
# What a relay takes of the hub: its memory with many relayed peers, and how often it gets each byte, with peers that
# are equally fast and with one that is slow. Loopback; the hub is a process, the peers are hosts in one process.
#
#   bench/relay.sh [OPTIONS of 'Shoal.Bench relay']      [default: three swarms, one after the other]
set -eu
cd "$(dirname "$0")/.."

# The bench refers to the program, so this builds both; warnings are errors, and all are printed.
dotnet build bench/Shoal.Bench -c Release -v quiet -nologo | grep -E "(error|warning) [A-Z]" >&2 && exit 1

relay() {
  artifacts/bin/Shoal.Bench/release/Shoal.Bench relay --program "$PWD/artifacts/bin/Shoal.Cli/release/shoal" "$@"
}

if [ $# -gt 0 ]; then
  relay "$@"
else
  relay --peers 100 --owners 4 --size 5MB
  relay --peers 8 --owners 8 --size 20MB
  relay --peers 8 --owners 8 --size 20MB --slow-down 50Mbit
fi
