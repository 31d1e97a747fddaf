#!/bin/bash
# Every peer ends with every file, over links of 100 Mbit/s each way: four network namespaces on a bridge, shaped by
# tc. First all links equal, then the last peer with 20 Mbit/s up. tc counts whole frames, so 95.7 % of a rate is
# payload, and the lower bound is computed from that.
#
#   bench/links.sh [SIZE] [OPTIONS of 'Shoal.Bench links']            each of 4 peers owns SIZE [default: 25MB]
set -euo pipefail
cd "$(dirname "$0")/.."

size=25MB
case "${1:-}" in
  "" | -*) ;;
  *)
    size=$1
    shift
    ;;
esac

. bench/namespaces.sh

# The bench refers to the program, so this builds both; warnings are errors, and all are printed.
dotnet build bench/Shoal.Bench -c Release -v quiet -nologo | grep -E "(error|warning) [A-Z]" >&2 && exit 1

peers=4
# The names have this process' id, so that two runs, or a run and what was there before, never meet.
prefix="shoal$$-"
hub="${prefix}hub"
bench=0

clean() {
  # A second signal must not stop the cleaning.
  trap '' EXIT INT TERM
  if [ "$bench" -ne 0 ]; then
    kill "$bench" 2> /dev/null || true
    wait "$bench" 2> /dev/null || true
  fi
  for name in "$hub" $(seq -f "${prefix}%g" "$peers"); do
    ip netns del "$name" 2> /dev/null || true
  done
}
trap clean EXIT
trap 'clean; exit 130' INT
trap 'clean; exit 143' TERM

# What most machines use, whatever this one does: CONGESTION=bbr and the like for others, where the kernel has them.
congestion=${CONGESTION:-cubic}

# The namespaces' tcp_rmem, if it is to be another than the kernel's.
receive=${RECEIVE:-}

settle() { # namespace
  if [ -n "$receive" ]; then
    ip netns exec "$1" sh -c "echo $receive > /proc/sys/net/ipv4/tcp_rmem"
  fi
  local file=/proc/sys/net/ipv4/tcp_congestion_control
  if ! ip netns exec "$1" sh -c "echo $congestion > $file" 2> /dev/null; then
    # A namespace gets only what the machine allows to everybody.
    congestion=$(ip netns exec "$1" cat "$file")
    echo "'$congestion' takes its place: see /proc/sys/net/ipv4/tcp_allowed_congestion_control"
  fi
}

shape() { # namespace, device, rate
  ip netns exec "$1" tc qdisc replace dev "$2" root tbf rate "$3" burst 32kb latency 50ms
}

if ! ip netns add "$hub" 2> /dev/null; then
  echo "skipped: this machine does not let root make network namespaces"
  exit 0
fi
settle "$hub"
ip netns exec "$hub" ip link set lo up
ip netns exec "$hub" ip link add bridge0 type bridge
ip netns exec "$hub" ip address add 10.77.0.254/24 dev bridge0
ip netns exec "$hub" ip link set bridge0 up
for i in $(seq "$peers"); do
  ip netns add "$prefix$i"
  settle "$prefix$i"
  ip netns exec "$prefix$i" ip link set lo up
  # Both ends are made inside their namespaces: the machine's own network is never touched.
  ip -n "$hub" link add "port$i" type veth peer name link0 netns "$prefix$i"
  ip -n "$hub" link set "port$i" master bridge0 up
  ip -n "$prefix$i" address add "10.77.0.$i/24" dev link0
  ip -n "$prefix$i" link set link0 up
  shape "$prefix$i" link0 100mbit
  shape "$hub" "port$i" 100mbit
done

run() {
  ip netns exec "$hub" artifacts/bin/Shoal.Bench/release/Shoal.Bench links --size "$size" \
    --namespaces "$prefix" --peers "$peers" --program "$PWD/artifacts/bin/Shoal.Cli/release/shoal" "$@" &
  bench=$!
  code=0
  wait "$bench" || code=$?
  bench=0
  return "$code"
}

failed=0
echo "== all links 100 Mbit/s each way, TCP with $congestion"
run "$@" || failed=1
shape "$prefix$peers" link0 20mbit
echo "== the last peer 20 Mbit/s up"
run --slow-up 19.14Mbit "$@" || failed=1
exit "$failed"
