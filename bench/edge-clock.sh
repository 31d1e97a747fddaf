#!/bin/bash
# Scenario E live by the virtual clock: an origin, two edges and four clients as processes on loopback, real files, and
# beside it the simulation with the same lists and plan. Says makespan, what left the origin, hits and misses of both,
# and fails if they are not the same.
#
#   bench/edge-clock.sh [FILES] [PER_CLIENT] [STEPS]   of FILES files, file n with n kb, each client wants PER_CLIENT;
#                                                      the plan scores STEPS schedules [default: 1000 100 5000]
#
# All of the scenario is 10000 1000 30000: 2.5 GB of files that are wanted, three times on the disk.
set -euo pipefail
cd "$(dirname "$0")/.."

files=${1:-1000}
wanted=${2:-100}
steps=${3:-5000}
# As large beside the catalogue as the 200,000 kb of the scenario beside its 10,000 files.
capacity_kb=$((files * files / 500))

dotnet build src/Shoal.Cli -c Release -v quiet -nologo | grep -E "(error|warning) [A-Z]" >&2 && exit 1
shoal="$PWD/artifacts/bin/Shoal.Cli/release/shoal"

root=$(mktemp -d "${TMPDIR:-/tmp}/shoal-edge-clock-XXXXXX")
started=""
clean() {
  trap '' EXIT INT TERM
  for process in $started; do
    kill "$process" 2> /dev/null || true
    wait "$process" 2> /dev/null || true
  done
  rm -rf "$root"
}
trap clean EXIT
trap 'clean; exit 130' INT
trap 'clean; exit 143' TERM

start() { # output, arguments of shoal
  local output=$1
  shift
  "$shoal" "$@" > "$root/$output" 2>&1 &
  started="$started $!"
}

shape="--files $files --per-client $wanted --search $steps --capacity-kb $capacity_kb"
# shellcheck disable=SC2086
"$shoal" simulate edge $shape --make "$root/made" > /dev/null
# shellcheck disable=SC2086
"$shoal" simulate edge $shape --json > "$root/simulated.json"

start hub.out hub --listen 127.0.0.1:0
for _ in $(seq 100); do
  hub=$(sed -n 's/.*action: hub_listen .*address: \([0-9.:]*\).*/\1/p' "$root/hub.out")
  [ -n "$hub" ] && break
  sleep 0.1
done
began=$(date +%s%N)
start origin.out origin --dir "$root/made/catalogue" --hub "$hub" --clock virtual --search "$steps" \
  --expect-edges 2 --expect-clients 4 --report "$root/live.json"
members=$!
for edge in 1 2; do
  start "edge$edge.out" edge --hub "$hub" --capacity "$((capacity_kb * 125))" --dir "$root/edge$edge" --name "edge$edge"
  members="$members $!"
done
for client in 1 2 3 4; do
  start "client$client.out" fetch --hub "$hub" --list "$root/made/client$client.txt" --dir "$root/client$client" \
    --name "client$client"
  members="$members $!"
done
for process in $members; do
  wait "$process" || { tail -n 3 "$root"/*.out >&2; exit 1; }
done
ended=$(date +%s%N)
for client in 1 2 3 4; do
  while read -r name; do
    cmp "$root/made/catalogue/$name" "$root/client$client/$name"
  done < "$root/made/client$client.txt"
done

figures() { # report
  local name
  for name in virtual_makespan_ms lower_bound_ms origin_kb distinct_kb hits misses; do
    # Of hits and misses each edge has some.
    sed -n "s/.*\"$name\": \\([0-9.]*\\).*/$name \\1/p" "$1"
  done
}
figures "$root/simulated.json" > "$root/simulated"
figures "$root/live.json" > "$root/live"
printf '%-20s %16s %16s\n' figure simulated live
paste -d ' ' "$root/simulated" "$root/live" | while read -r name simulated _ live; do
  printf '%-20s %16s %16s\n' "$name" "$simulated" "$live"
done
echo "the live run took $(((ended - began) / 1000000)) ms on the wall"
if ! cmp -s "$root/simulated" "$root/live"; then
  echo "the live run is not the simulated one" >&2
  exit 1
fi
