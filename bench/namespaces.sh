# What the benches with shaped links begin with; to be sourced. Says why it skips, and ends the script, where network
# namespaces or tc cannot be had.
if [ "$(id -u)" -ne 0 ]; then
  echo "skipped: network namespaces and tc need root; run 'sudo $0'"
  exit 0
fi
for program in ip tc; do
  if ! command -v "$program" > /dev/null; then
    echo "skipped: '$program' is not installed; on Debian: apt-get install iproute2"
    exit 0
  fi
done
