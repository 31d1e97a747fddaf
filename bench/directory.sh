#!/bin/sh
# What the hub's directory does in a second, over loopback, one connection a request, as clients of its protocol come:
# registrations, which are on the disk when they are answered, and listings of 200 users; one after the other and over
# many connections at once. Then its memory over many more requests. The data is beside the built program, on its disk.
# At last, files from a user's machine, one and four at once, beside nginx where that is installed; and one in verified
# chunks between two users of Shoal, beside a raw pump that hashes too.
#
#   bench/directory.sh [CONNECTIONS] [OPTIONS of 'Shoal.Bench directory']      [default: 64 at once]
set -eu
cd "$(dirname "$0")/.."

connections=64
case "${1:-}" in
  "" | -*) ;;
  *)
    connections=$1
    shift
    ;;
esac

# The bench refers to the program, so this builds both; warnings are errors, and all are printed.
dotnet build bench/Shoal.Bench -c Release -v quiet -nologo | grep -E "(error|warning) [A-Z]" >&2 && exit 1
bench=artifacts/bin/Shoal.Bench/release/Shoal.Bench
program=$PWD/artifacts/bin/Shoal.Cli/release/shoal
"$bench" directory --connections "$connections" --program "$program" "$@"
echo
exec "$bench" fetch --program "$program"
