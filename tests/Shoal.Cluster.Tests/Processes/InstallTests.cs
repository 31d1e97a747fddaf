using System.Runtime.CompilerServices;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>The program as people install it: as a tool, as a folder that needs no .NET, as a service.</summary>
public sealed class InstallTests : IDisposable
{
    // A whole build, on a machine that has other things to do.
    private static readonly TimeSpan s_build = TimeSpan.FromMinutes(6);

    private readonly Scratch _scratch = new();

    // The one that these tests were built in: what is packed is there already.
    private static string Configuration =>
        Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')).StartsWith("release", StringComparison.Ordinal)
            ? "Release" : "Debug";

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task The_tool_installs_from_its_package_alone_and_shows_a_job()
    {
        await DotnetAsync(
        [
            "pack", Project(), "-c", Configuration, "--no-build", "-o", _scratch["packages"], "-v", "quiet",
            "-nodeReuse:false", $"-p:PublishDir={_scratch["published"]}/",
        ]);
        File.WriteAllText(
            _scratch["nuget.config"],
            $"""
            <configuration>
              <packageSources><clear /><add key="here" value="{_scratch["packages"]}" /></packageSources>
            </configuration>
            """);
        await DotnetAsync(
            ["tool", "install", "Shoal", "--tool-path", _scratch["tools"], "--configfile", _scratch["nuget.config"]]);
        await using ShoalProcess tool = ShoalProcess.StartOther(
            "tool", _scratch["tools/shoal"], "demo", "lottery", "--keep", _scratch["demo"]);
        await tool.ExpectAsync(0);
        Assert.True(tool.Output.Has("Everything is right"), tool.Output.ToString());
    }

    [Fact]
    public async Task A_published_folder_needs_no_runtime()
    {
        await using ShoalProcess publish = ShoalProcess.StartOther(
            "publish", "dotnet",
            [
                // Built apart from the sources, where other builds may be going on.
                "publish", Project(), "-c", "Debug", "-r", "linux-x64", "--self-contained", "-o", _scratch["out"],
                $"-p:ArtifactsPath={_scratch["artifacts"]}", "-p:RunAnalyzers=false", "-p:UseSharedCompilation=false",
                "-nodeReuse:false", "-v", "quiet",
            ]);
        bool isPublished = await publish.EndAsync(s_build) == 0;
        Assert.SkipWhen(
            !isPublished && publish.Output.Has("error NU"),
            $"the runtime pack for linux-x64 cannot be restored here: {publish.Output}");
        Assert.True(isPublished, publish.Output.ToString());

        await using ShoalProcess program = ShoalProcess.StartOther(
            "program", "env", "-i", "DOTNET_ROOT=/nowhere", _scratch["out/shoal"], "bound", "--peers", "4");
        await program.ExpectAsync(0);
        Assert.True(program.Output.Has("lower bound"), program.Output.ToString());
    }

    [Fact]
    public async Task The_service_is_one_that_systemd_takes_and_finds_hardened()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not installed");
        string unit = _scratch["shoal-hub.service"];
        string text = await File.ReadAllTextAsync(
            Path.Join(Root(), "deploy", "shoal-hub.service"), TestContext.Current.CancellationToken);
        File.WriteAllText(unit, text.Replace("/usr/local/bin/shoal", ShoalProcess.Program, StringComparison.Ordinal));
        await using ShoalProcess verify = ShoalProcess.StartOther("verify", "systemd-analyze", "verify", unit);
        await verify.ExpectAsync(0);
        Assert.Empty(verify.Output.All);
        await using ShoalProcess security = ShoalProcess.StartOther(
            "security", "systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", unit);
        await security.ExpectAsync(0);
    }

    [Fact]
    public async Task The_service_s_environment_starts_a_hub_with_its_file_and_its_key()
    {
        File.WriteAllText(_scratch["shoal.yaml"], "hub:\n  listen: 0.0.0.0:0\n  directory: 127.0.0.1:0\n");
        await using ShoalProcess key = ShoalProcess.Start("key", "key", "new", _scratch["swarm.key"]);
        await key.ExpectAsync(0);
        await using ShoalProcess hub = ShoalProcess.Start(
            "hub",
            [
                ("SHOAL_CONFIG", _scratch["shoal.yaml"]), ("SHOAL_HUB_KEY", _scratch["swarm.key"]),
                ("SHOAL_HUB_DATA", _scratch["data"]),
            ],
            ["hub"]);
        await hub.Output.WaitForAsync("action: directory_listen | result: success");
        Assert.True(File.Exists(_scratch["data/directory.db"]));
        hub.Send(ShoalProcess.Signal.Terminate);
        await hub.ExpectAsync(0);
    }

    private static async Task DotnetAsync(IReadOnlyList<string> arguments)
    {
        await using ShoalProcess dotnet = ShoalProcess.StartOther(arguments[0], "dotnet", arguments);
        Assert.True(await dotnet.EndAsync(s_build) == 0, dotnet.Output.ToString());
    }

    private static string Project() => Path.Join(Root(), "src", "Shoal.Cli");

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Join(Path.GetDirectoryName(here), "..", "..", ".."));
}
