#!/bin/sh
# The star under the system clock, live: a hub and four 'shoal join --relay always' on loopback, each with a file of
# CHUNKS chunks of 128 KiB. Prints the time on the wall from the start barrier to the last verified chunk, and the
# virtual makespan beside the simulator's.
#
#   bench/clock.sh [CHUNKS] [strict|fan-out]      [default: 100 chunks a file, strict]
set -eu
cd "$(dirname "$0")/.."

chunks=${1:-100}
mode=${2:-strict}
costs=6:0.6,7:0.7,8:0.8,9:0.9

# The bench refers to the program, so this builds both; warnings are errors, and all are printed.
dotnet build bench/Shoal.Bench -c Release -v quiet -nologo | grep -E "(error|warning) [A-Z]" >&2 && exit 1
shoal="$PWD/artifacts/bin/Shoal.Cli/release/shoal"
bench="$PWD/artifacts/bin/Shoal.Bench/release/Shoal.Bench"

root=$(mktemp -d /dev/shm/shoal-clock-XXXXXX)
started=""
clean() {
  for process in $started; do
    kill "$process" 2> /dev/null || true
    wait "$process" 2> /dev/null || true
  done
  rm -rf "$root"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# Whoever reads the output may have enough of it.
trap 'exit 141' PIPE

await() { # text, file
  tries=0
  until grep -q "$1" "$2" 2> /dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || { echo "'$1' never came to $2" >&2; exit 1; }
    sleep 0.1
  done
}

figure() { # name, file: a number of a JSON document
  sed -n "s/.*\"$1\": \\([0-9.]*\\).*/\\1/p" "$2" | head -n 1
}

"$shoal" hub --listen 127.0.0.1:0 --clock virtual --costs "$costs" --mode "$mode" --log "$root/hub.log" \
  > "$root/hub.out" 2>&1 &
started="$!"
await "action: hub_listen" "$root/hub.out"
hub=$(sed -n 's/.*action: hub_listen.*address: \([^ ]*\).*/\1/p' "$root/hub.out")

peers=""
for peer in 1 2 3 4; do
  mkdir "$root/$peer"
  "$bench" make "$root/$peer/file$peer" --size "$((chunks * 131072))" --random-seed "$peer"
  "$shoal" join clock --hub "$hub" --dir "$root/$peer" --name "peer$peer" --relay always --expect 4 --chunk 128KiB \
    --log "$root/$peer.log" --report "$root/$peer.json" > "$root/$peer.out" 2>&1 &
  peers="$peers $!"
  started="$started $!"
  await "action: join | result: success" "$root/$peer.out"
done
for process in $peers; do
  wait "$process"
done

wall=$(figure makespan_ms "$root/1.json")
live=$(figure virtual_makespan_ms "$root/1.json")
"$shoal" simulate relay --chunks "$chunks" --costs "$costs" --mode "$mode" --json > "$root/simulated.json"
simulated=$(figure virtual_makespan_ms "$root/simulated.json")
echo "wall ms              $wall"
echo "virtual makespan ms  $live"
echo "simulated            $simulated"
echo "lower bound          $(figure virtual_lower_bound_ms "$root/1.json")"
[ "$live" = "$simulated" ] || { echo "the live run and the simulated one differ" >&2; exit 1; }
