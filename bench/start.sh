#!/bin/sh
# How long the program takes to say its version and its help, in the three ways in which it is installed: built here, as
# a tool, and published with its own runtime. Prints the median and the slowest of 20 starts each, beside those of a
# program that does nothing; then how long a swarm of four takes that has hardly anything to send, and how many methods
# each peer had to compile for itself. Exit code 1 if a median of --version is 150 ms or more.
#
#   bench/start.sh
set -eu
cd "$(dirname "$0")/.."

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
dotnet build src/Shoal.Cli -c Release -v quiet -nologo | grep -E "(error|warning) [A-Z]" >&2 && exit 1
dotnet pack src/Shoal.Cli -c Release --no-build -o "$dir/packages" -v quiet -nologo
printf '<configuration><packageSources><clear /><add key="here" value="%s" /></packageSources></configuration>' \
  "$dir/packages" > "$dir/nuget.config"
dotnet tool install Shoal --tool-path "$dir/tools" --configfile "$dir/nuget.config" > /dev/null
dotnet publish src/Shoal.Cli -c Release -r linux-x64 --self-contained -o "$dir/published" -v quiet -nologo \
  -p:ArtifactsPath="$dir/artifacts" || echo "not published: the runtime pack cannot be restored here" >&2

python3 - "$dir" <<'PYTHON'
import json, os, pathlib, re, resource, statistics, subprocess, sys, tempfile, time

def starts(*command):
    times = []
    for _ in range(20):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times), max(times)

dir = sys.argv[1]
programs = {
    "nothing (/bin/true)": "/bin/true",
    "built here": "artifacts/bin/Shoal.Cli/release/shoal",
    "as a tool": f"{dir}/tools/shoal",
    "with its own runtime": f"{dir}/published/shoal",
}
slow = False
print(f"{'':<22}{'--version':>10}{'slowest':>10}{'--help':>10}{'slowest':>10}   ms, of 20 starts")
for name, program in programs.items():
    if os.path.exists(program):
        version, help = starts(program, "--version"), starts(program, "--help")
        slow |= version[0] >= 150
        print(f"{name:<22}" + "".join(f"{figure:>10.0f}" for figure in (*version, *help)))

def swarm(program, environment):
    """Four peers with 1 MB each: seconds of processor time a peer, ms from the barrier to the end, ids of processes."""
    with tempfile.TemporaryDirectory() as folder:
        hub = subprocess.Popen([program, "hub", "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True)
        address = re.search(r"address: (\S+)", next(line for line in hub.stderr if "hub_listen" in line))[1]
        peers = []
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for name in "abcd":
            pathlib.Path(folder, name).mkdir()
            pathlib.Path(folder, name, f"{name}.bin").write_bytes(os.urandom(1_000_000))
            peers.append(subprocess.Popen(
                [program, "join", "start", "--hub", address, "--dir", f"{folder}/{name}", "--name", name,
                 "--expect", "4", "--report", f"{folder}/{name}.json"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment))
        failed = [peer for peer in peers if peer.wait() != 0]
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        hub.terminate()
        hub.communicate()
        if failed:
            sys.exit("a peer failed")
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        makespan = json.loads(pathlib.Path(folder, "a.json").read_text())["makespan_ms"]
        return used / 4, makespan, [peer.pid for peer in peers]

def compiled(process):
    """The runtime writes every method that it compiles into a map for profilers."""
    map = pathlib.Path(f"/tmp/perf-{process}.map")
    lines = map.read_text(errors="replace").splitlines()
    map.unlink()
    return sum(line.endswith("[QuickJitted]") for line in lines)

program = programs["built here"]
runs = [swarm(program, None) for _ in range(5)]
counts = [compiled(process) for process in swarm(program, {**os.environ, "DOTNET_PerfMapEnabled": "1"})[2]]
print(f"\njoin of four, 1 MB each, medians of 5: {statistics.median(run[0] for run in runs):.2f} s of processor time a "
      f"peer, {statistics.median(run[1] for run in runs):.0f} ms from the barrier to the end; "
      f"{statistics.median(counts):.0f} methods compiled by a peer")
sys.exit(slow)
PYTHON
