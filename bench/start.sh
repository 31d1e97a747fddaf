#!/bin/sh
# How long the program takes to say its version and its help, in the three ways in which it is installed: built here, as
# a tool, and published with its own runtime. Prints the median and the slowest of 20 starts each, beside those of a
# program that does nothing. Exit code 1 if a median of --version is 150 ms or more.
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
import os, statistics, subprocess, sys, time

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
sys.exit(slow)
PYTHON
