#!/bin/bash
# An edge tier live, over links as the model has them: an origin, two edges and four clients in network namespaces on a
# bridge, every pair with a rate of its own by tc: 1 Mbit/s from origin to client, 2 to an edge, 3 from edge to client
# (of payload; tc counts whole frames, so it gets 4.5 % more). Prints makespan and origin bytes beside what the plan
# promises for the same lists and links, and the lower bound. Then the same lists over the same links through nginx
# where that and curl are installed: each of two caches (proxy_cache, as large, each file fetched once however many wait
# for it) serves two clients, which fetch four files at a time.
#
#   bench/edge.sh [FILES] [PER_CLIENT]      of FILES files each of 4 clients wants PER_CLIENT [default: 1000 60]
#
# Less than a minute with 400 40 once it is built.
set -euo pipefail
cd "$(dirname "$0")/.."

files=${1:-1000}
wanted=${2:-60}
capacity_kb=5000

. bench/namespaces.sh

dotnet build src/Shoal.Cli -c Release -v quiet -nologo | grep -E "(error|warning) [A-Z]" >&2 && exit 1
shoal="$PWD/artifacts/bin/Shoal.Cli/release/shoal"

prefix="shoal$$-"
members="origin edge1 edge2 client1 client2 client3 client4"
root=$(mktemp -d /dev/shm/shoal-edge-XXXXXX)
started=""
clean() {
  # A second signal must not stop the cleaning.
  trap '' EXIT INT TERM
  for process in $started; do
    kill "$process" 2> /dev/null || true
    wait "$process" 2> /dev/null || true
  done
  for name in hub $members; do
    ip netns del "$prefix$name" 2> /dev/null || true
  done
  rm -rf "$root"
}
trap clean EXIT
trap 'clean; exit 130' INT
trap 'clean; exit 143' TERM

if ! ip netns add "${prefix}hub" 2> /dev/null; then
  echo "skipped: this machine does not let root make network namespaces"
  exit 0
fi
ip -n "${prefix}hub" link set lo up
ip -n "${prefix}hub" link add bridge0 type bridge
ip -n "${prefix}hub" address add 10.78.0.254/24 dev bridge0
ip -n "${prefix}hub" link set bridge0 up
number=0
for name in $members; do
  number=$((number + 1))
  ip netns add "$prefix$name"
  ip -n "$prefix$name" link set lo up
  ip -n "${prefix}hub" link add "port$number" type veth peer name link0 netns "$prefix$name"
  ip -n "${prefix}hub" link set "port$number" master bridge0 up
  ip -n "$prefix$name" address add "10.78.0.$number/24" dev link0
  ip -n "$prefix$name" link set link0 up
done

limit() { # from, number of the receiver, rate
  tc -n "$prefix$1" class add dev link0 parent 1: classid "1:$2" htb rate "$3" burst 8kb
  tc -n "$prefix$1" qdisc add dev link0 parent "1:$2" bfifo limit 64kb
  tc -n "$prefix$1" filter add dev link0 parent 1: protocol ip u32 match ip dst "10.78.0.$2/32" flowid "1:$2"
}
for sender in origin edge1 edge2; do
  tc -n "$prefix$sender" qdisc add dev link0 root handle 1: htb
done
for client in 4 5 6 7; do
  limit origin "$client" 1045kbit
  limit edge1 "$client" 3135kbit
  limit edge2 "$client" 3135kbit
done
limit origin 2 2090kbit
limit origin 3 2090kbit

start() { # namespace, output, arguments of shoal
  local where=$1 output=$2
  shift 2
  ip netns exec "$prefix$where" "$shoal" "$@" > "$root/$output" 2>&1 &
  started="$started $!"
}

"$shoal" simulate edge --files "$files" --per-client "$wanted" --make "$root/made" > /dev/null
start hub hub.out hub --listen 10.78.0.254:9999 --open
start origin origin.out origin --dir "$root/made/catalogue" --hub 10.78.0.254 --rates 1,2,3 --chunk 16KiB \
  --expect-edges 2 --expect-clients 4 --report "$root/origin.json"
origin=$!
for edge in 1 2; do
  start "edge$edge" "edge$edge.out" edge --hub 10.78.0.254 --capacity "$((capacity_kb * 125))" \
    --dir "$root/edge$edge" --name "edge$edge"
done
clients=""
for client in 1 2 3 4; do
  start "client$client" "client$client.out" fetch --hub 10.78.0.254 --list "$root/made/client$client.txt" \
    --dir "$root/client$client" --name "client$client"
  clients="$clients $!"
done
for process in $clients $origin; do
  wait "$process" || { tail -n 3 "$root"/*.out >&2; exit 1; }
done
compare() { # folder of the clients' folders
  local client name
  for client in 1 2 3 4; do
    while read -r name; do
      cmp "$root/made/catalogue/$name" "$1/client$client/$name"
    done < "$root/made/client$client.txt"
  done
}
compare "$root"

figure() { # name
  sed -n "s/.*\"$1\": \\([0-9.]*\\).*/\\1/p" "$root/origin.json" | head -n 1
}
"$shoal" simulate edge --files "$files" --per-client "$wanted" --capacity-kb "$capacity_kb" --json > "$root/plan.json"
promised=$(sed -n 's/.*"origin_kb": \([0-9]*\).*/\1/p' "$root/plan.json" | head -n 1)
makespan=$(figure makespan_ms)
planned=$(figure planned_ms)
echo "makespan ms      $makespan"
echo "plan promises    $planned, ratio $(awk "BEGIN { printf \"%.3f\", $makespan / $planned }"); at most 1.10 is wanted"
echo "lower bound      $(figure lower_bound_ms)"
echo "left origin kb   $(figure origin_kb), promised $promised, distinct $(figure distinct_kb)"

if ! command -v nginx > /dev/null || ! command -v curl > /dev/null; then
  echo "skipped: the row of nginx; it needs nginx and curl"
  exit 0
fi

nginx_at() { # namespace, what its "http" has
  mkdir -p "$root/nginx-$1"
  cat > "$root/nginx-$1/nginx.conf" << CONF
daemon off;
user root;
worker_processes 1;
pid $root/nginx-$1/pid;
error_log $root/nginx-$1/error.log;
events { worker_connections 512; }
http {
  access_log $root/nginx-$1/access.log;
  sendfile on;
  client_body_temp_path $root/nginx-$1/body;
  proxy_temp_path $root/nginx-$1/proxy;
  fastcgi_temp_path $root/nginx-$1/fastcgi;
  uwsgi_temp_path $root/nginx-$1/uwsgi;
  scgi_temp_path $root/nginx-$1/scgi;
  $2
}
CONF
  ip netns exec "$prefix$1" nginx -c "$root/nginx-$1/nginx.conf" 2> "$root/nginx-$1/start.log" &
  started="$started $!"
}

fetch_by_curl() { # client, number of the cache
  local name
  mkdir -p "$root/nginx/client$1"
  while read -r name; do
    printf 'url = "http://10.78.0.%s/%s"\noutput = "%s"\n' \
      "$(($2 + 1))" "$name" "$root/nginx/client$1/$name"
  done < "$root/made/client$1.txt" > "$root/client$1.curl"
  ip netns exec "${prefix}client$1" curl --no-progress-meter --fail --retry 10 --retry-connrefused --retry-delay 1 \
    --parallel --parallel-max 4 --config "$root/client$1.curl" &
}

nginx_at origin "server { listen 80; root $root/made/catalogue; }"
for edge in 1 2; do
  nginx_at "edge$edge" "proxy_cache_path $root/nginx-edge$edge/cache keys_zone=edge:8m max_size=$((capacity_kb * 125));
  server {
    listen 80;
    location / {
      proxy_pass http://10.78.0.1;
      proxy_http_version 1.1;
      proxy_cache edge;
      proxy_cache_valid 200 1h;
      proxy_cache_lock on;
      proxy_cache_lock_timeout 1h;
      proxy_cache_lock_age 1h;
    }
  }"
done
for address in 1 2 3; do
  ip netns exec "${prefix}client1" curl --silent --output /dev/null --retry 20 --retry-connrefused --retry-delay 1 \
    --max-time 5 "http://10.78.0.$address/none"
done
began=$(date +%s%N)
fetching=""
for client in 1 2 3 4; do
  fetch_by_curl "$client" "$(((client + 1) / 2))"
  fetching="$fetching $!"
done
started="$started $fetching"
for process in $fetching; do
  wait "$process" || { echo "curl failed" >&2; exit 1; }
done
ended=$(date +%s%N)
compare "$root/nginx"
left=$(awk '$9 == 200 { bytes += $10 } END { print int(bytes / 125) }' "$root/nginx-origin/access.log")
echo "nginx ms         $(((ended - began) / 1000000))"
echo "left origin kb   $left"
