using System.Runtime.CompilerServices;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>
/// The benches with shaped links say why they skip where they cannot run, and that is no failure; nothing is built or
/// made then. The programs that they look for are stand-ins.
/// </summary>
public sealed class BenchSkipTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public static TheoryData<string> Benches => new("edge.sh", "links.sh");

    [Theory]
    [MemberData(nameof(Benches))]
    public async Task Without_root_they_skip(string bench)
    {
        Put("id", "echo 1000");
        await SkipsAsync(bench, "need root; run 'sudo ");
    }

    [Theory]
    [MemberData(nameof(Benches))]
    public async Task Without_the_programs_for_links_they_skip(string bench)
    {
        Put("id", "echo 0");
        await SkipsAsync(bench, "'ip' is not installed");
        Put("ip", "exit 1");
        await SkipsAsync(bench, "'tc' is not installed");
    }

    [Theory]
    [MemberData(nameof(Benches))]
    public async Task Where_root_may_make_no_namespaces_they_skip(string bench)
    {
        Put("id", "echo 0");
        Put("ip", "exit 1");
        Put("tc", "exit 1");
        Put("dotnet", "exit 0");
        foreach (string program in new[] { "grep", "mktemp", "rm", "seq" })
        {
            Put(program, $"PATH=/usr/bin:/bin exec {program} \"$@\"");
        }

        await SkipsAsync(bench, "does not let root make network namespaces");
    }

    public void Dispose() => _scratch.Dispose();

    private static string PathOf(string bench, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Join(Path.GetDirectoryName(here), "../../../bench", bench));

    private async Task SkipsAsync(string bench, string why)
    {
        Put("dirname", "PATH=/usr/bin:/bin exec dirname \"$@\"");
        await using ShoalProcess run = ShoalProcess.StartOther(
            bench, "/usr/bin/env", "-i", $"PATH={_scratch.Root}", "/bin/bash", PathOf(bench));
        await run.ExpectAsync(0);
        string line = Assert.Single(run.Output.All);
        Assert.StartsWith("skipped: ", line, StringComparison.Ordinal);
        Assert.Contains(why, line, StringComparison.Ordinal);
    }

    private void Put(string program, string script)
    {
        File.WriteAllText(_scratch[program], $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(
            _scratch[program], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
