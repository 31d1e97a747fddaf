#!/bin/sh
# What the hub's directory does in a second, over loopback, one connection a request, as clients of its protocol come:
# registrations, which are on the disk when they are answered, and listings of 200 users; one after the other and over
# many connections at once. Then its memory over many more requests. The data is beside the built program, on its disk.
# At last, files from a user's machine, one and four at once, beside nginx where that is installed; and one in verified
# chunks between two users of Shoal, beside a raw pump that hashes too.
#
#   bench/directory.sh [--quick] [CONNECTIONS] [OPTIONS of 'Shoal.Bench directory']      [default: 64 at once]
#
# --quick: fewer requests, and smaller files for one round; the targets are those of the whole. Both parts have a limit
# of time, and say so when they reach it.
set -eu
cd "$(dirname "$0")/.."

connections=64 limit=10m short= files=
if [ "${1:-}" = --quick ]; then
  short="--requests 2000 --memory-requests 20000" files="--size 100MB --rounds 1"
  shift
fi
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
bounded() {
  timeout --kill-after=10 "$limit" "$@" || {
    code=$?
    [ "$code" -ne 124 ] || echo "directory.sh: stopped after $limit: $1 $2" >&2
    exit "$code"
  }
}

# shellcheck disable=SC2086 # Each is several words, or none.
bounded "$bench" directory --connections "$connections" --program "$program" $short "$@"
echo
# shellcheck disable=SC2086
bounded "$bench" fetch --program "$program" $files
