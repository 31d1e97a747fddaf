#!/bin/bash
# A hub finds the log of operations through a real port mapper, in a network and a /run of their own.
#
#   unshare -nm mapped.sh PROGRAM DATA      ends with the line "told" if the operation of the hub's user was printed
set -u
program=$1
data=$2
mkdir -p "$data"
ip link set lo up
mount -t tmpfs tmpfs /run
trap 'kill $(jobs -p) 2> /dev/null; wait' EXIT

until_there() { # file, text
  for _ in $(seq 600); do
    grep -q "$2" "$1" 2> /dev/null && return
    sleep 0.1
  done
  echo "nothing with '$2' in $1:"
  cat "$1"
  exit 1
}

/sbin/rpcbind -f &
for _ in $(seq 100); do
  [ -S /run/rpcbind.sock ] && break
  sleep 0.1
done
"$program" audit --listen 0.0.0.0:0 --rpcbind > "$data/audit.txt" 2>&1 &
audit=$!
until_there "$data/audit.txt" "audit_listen | result: success"
rpcinfo -T tcp 127.0.0.1 536871065 1 || exit 1
"$program" hub --listen 127.0.0.1:0 --directory 127.0.0.1:9998 --data "$data" --audit 127.0.0.1 > "$data/hub.txt" 2>&1 &
until_there "$data/hub.txt" "directory_listen | result: success"
exec 3<> /dev/tcp/127.0.0.1/9998
printf 'REGISTER\0anna\0' >&3
exec 3>&-
until_there "$data/audit.txt" "anna REGISTER"
kill -TERM "$audit"
wait "$audit" || exit 1
rpcinfo -p 127.0.0.1 | grep 536871065 && exit 1
echo told
