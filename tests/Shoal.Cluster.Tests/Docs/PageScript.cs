using System.Globalization;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Docs;

/// <summary>
/// Runs the commands of a page one after the other, as its reader would: in one folder, what serves in the background,
/// and every <c>join</c> on as many machines as it expects, which are processes here. An address of others that a
/// command names is that of the page's own hub.
/// </summary>
internal sealed class PageScript : IAsyncDisposable
{
    // Half a minute where nothing else runs; two dozen processes come and go.
    private static readonly TimeSpan s_demo = TimeSpan.FromMinutes(6);

    private readonly List<ShoalProcess> _processes = [];
    private readonly List<(ShoalProcess Process, PageCommand Command)> _serving = [];
    private readonly Scratch _scratch = new();
    private readonly PageLottery _lottery;
    private readonly PageTier _tier;
    private string _hub = "";
    private string _directory = "";
    private string _time = "";

    public PageScript()
    {
        ExampleWorld.Write(_scratch);
        _lottery = new PageLottery(this, _scratch);
        _tier = new PageTier(this, _scratch);
    }

    /// <summary>Runs a command, and checks how it ended and what it said.</summary>
    public async Task RunAsync(PageCommand command)
    {
        string[] words = [.. command.Words.Skip(1).Select(AtHome)];
        switch (command.Words)
        {
            case ["shoal", "hub", ..]:
                await StartHubAsync(command, words);
                break;
            case ["shoal", "join", ..] when !words.Contains("--dry-run"):
                await JoinAsync(command, words.Change("--hub", _ => Hub(command)));
                break;
            case ["shoal", "publish", ..]:
                await PublishAsync(command, words);
                break;
            case ["shoal", "user" or "list" or "search" or "get" or "withdraw", ..]:
                await EndAsync(Start(command, words.Change("--hub", _ => _directory)), command);
                break;
            case ["shoal", "shell", ..]:
                await EndAsync(
                    Start(command, AtDirectory(words).Change("--time", _ => $"http://{_time}"), ExampleWorld.Commands),
                    command);
                break;
            case ["shoal", "origin" or "edge", ..]:
                _tier.Start(command, words.Change("--hub", _ => Hub(command)));
                break;
            case ["shoal", "fetch", ..]:
                await _tier.FetchAsync(command, words.Change("--hub", _ => Hub(command)));
                break;
            case ["shoal", "time" or "audit", ..]:
                await ServeAsync(command, words);
                break;
            case ["shoal", "lottery", ..]:
                await _lottery.RunAsync(command, words);
                break;
            case ["shoal", "conform", ..]:
                await CheckAsync(command, words);
                break;
            case ["shoal", "ping", var address, .. var patience]:
                string asked = address.EndsWith(":12345", StringComparison.Ordinal) ? _lottery.Text : _hub;
                await EndAsync(Start(command, ["ping", asked, .. patience.With("--patience", "60s")]), command);
                break;
            case ["shoal", "demo", ..]:
                // Right for any size, and what it shows of each fits the time of a test.
                await EndAsync(Start(command, words.With("--size", "4MB")), command, s_demo);
                break;
            case ["shoal", ..]:
                await EndAsync(Start(command, words.Change("--hub", _ => Hub(command))), command);
                break;
            case ["SHOAL_KEY=$(shoal", "key", "new)"]:
                await EndAsync(Start(command, ["key", "new"]), command);
                break;
            case ["dotnet", "test"] or ["SHOAL_GOLDEN=rewrite", "dotnet", "test"] or [".ci/run"]:
                // It is running now, and this is a test of it.
                break;
            default:
                Assert.Fail($"Line {command.Line}: nobody knows how to test '{command}'.");
                break;
        }
    }

    /// <summary>Stops what still serves, as its owner would, the last first; each must end well.</summary>
    public async Task StopAsync()
    {
        _serving.Reverse();
        foreach ((ShoalProcess process, PageCommand command) in _serving)
        {
            process.Send(ShoalProcess.Signal.Terminate);
            await EndAsync(process, command);
        }
    }

    /// <summary>Starts a command of a page with these words.</summary>
    public ShoalProcess Start(PageCommand command, IReadOnlyList<string> words, string input = "")
    {
        // For a command that the page has not, its own program stands first.
        string path = $"{_scratch["bin"]}:{Environment.GetEnvironmentVariable("PATH")}";
        ShoalProcess process = ShoalProcess.Start(
            command.ToString(), [.. ExampleWorld.Bet, ("PATH", path)], words, _scratch.Root, input);
        _processes.Add(process);
        return process;
    }

    /// <summary>Lets a command run until the page is at its end.</summary>
    public void Keep(ShoalProcess process, PageCommand command) => _serving.Add((process, command));

    /// <summary>Waits for the end of a command that does its work and ends.</summary>
    public static Task EndAsync(ShoalProcess process, PageCommand command) => EndAsync(process, command, Limits.Run);

    public async ValueTask DisposeAsync()
    {
        foreach (ShoalProcess process in _processes)
        {
            await process.DisposeAsync();
        }

        await _lottery.DisposeAsync();
        _scratch.Dispose();
    }

    private static async Task EndAsync(ShoalProcess process, PageCommand command, TimeSpan limit)
    {
        int code = await process.EndAsync(limit);
        Assert.True(code == 0, $"Line {command.Line}: '{command}' exited with {code}:\n{process.Output}");
        if (command.Shown.Count > 0)
        {
            Assert.True(
                command.IsShown(process.Output.All),
                $"Line {command.Line}: '{command}' says something else than the page shows:\n{process.Output}");
        }
    }

    private async Task StartHubAsync(PageCommand command, string[] words)
    {
        ShoalProcess hub = Start(
            command, words.With("--listen", Listen(words)).WithAnyPort("--listen", "--directory", "--http"));
        Keep(hub, command);
        _hub = Reached(ProcessSwarm.FieldOf(await hub.Output.WaitForAsync("action: hub_listen"), "address"));
        if (words.Contains("--directory"))
        {
            string line = await hub.Output.WaitForAsync("action: directory_listen");
            _directory = Reached(ProcessSwarm.FieldOf(line, "address"));
        }
    }

    private async Task ServeAsync(PageCommand command, string[] words)
    {
        ShoalProcess process = Start(command, words.With("--listen", Listen(words)).WithAnyPort("--listen"));
        Keep(process, command);
        string line = await process.Output.WaitForAsync("_listen | result: success");
        _time = words[0] == "time" ? Reached(ProcessSwarm.FieldOf(line, "address")) : _time;
    }

    /// <summary>Checks the page's directory, or one that the command starts again itself.</summary>
    private async Task CheckAsync(PageCommand command, string[] words)
    {
        if (!words.Contains("--restart"))
        {
            Assert.True(_directory.Length > 0, $"Line {command.Line}: no directory was started before.");
            await EndAsync(Start(command, AtDirectory(words)), command);
            return;
        }

        _scratch.Folder("bin");
        await using RestartedHub hub = await RestartedHub.BeginAsync(_scratch, "bin/systemctl");
        string port = hub.Address.Split(':')[^1];
        await EndAsync(Start(command, words.Change("-p", _ => port)), command, RestartedHub.Patience);
    }

    /// <summary>Its folder has one film in it.</summary>
    private async Task PublishAsync(PageCommand command, string[] words)
    {
        bool isFile = Path.HasExtension(words[1]);
        _scratch.Write(isFile ? words[1] : $"{words[1]}/first.avi", 1, 200_000);
        ShoalProcess publish = Start(command, words.Change("--hub", _ => _directory).WithAnyPort("--listen"));
        Keep(publish, command);
        string name = Path.GetFileName(words[1]) + (isFile ? "" : "/");
        await publish.Output.WaitForAsync($"action: offer | result: success | file: {name}");
    }

    private async Task JoinAsync(PageCommand command, string[] words)
    {
        string folder = words.ValueOf("--dir")!;
        if (words.Contains("--stay"))
        {
            ShoalProcess alone = Start(command, words);
            Keep(alone, command);
            await alone.Output.WaitForAsync("action: join | result: success");
            return;
        }

        // Who expects nobody exchanges with whoever is there, so another is there and waits for one more.
        int members = int.Parse(words.ValueOf("--expect") ?? "2", CultureInfo.InvariantCulture);
        var peers = new List<ShoalProcess>();
        for (int i = members; i >= 1; i--)
        {
            string own = i == 1 ? folder : $"{folder}-{i}";
            _scratch.Write($"{own}/from machine {i}.bin", (ulong)i, 100_000 * i);
            peers.Add(Start(command, i == 1 ? words : words.With("--dir", own).With("--name", $"machine{i}")
                .With("--report", $"{i}.json").With("--expect", $"{members}")));
            if (!words.Contains("--expect") && i > 1)
            {
                await peers[^1].Output.WaitForAsync("action: join | result: success");
            }
        }

        // The last is the page's own; the others are the same on another machine.
        foreach (ShoalProcess peer in peers)
        {
            await EndAsync(peer, command);
        }

        string[] expected = _scratch.Look(folder);
        Assert.Equal(members, expected.Length);
        Assert.All(Enumerable.Range(2, members - 1), i => Assert.Equal(expected, _scratch.Look($"{folder}-{i}")));
    }

    private string[] AtDirectory(string[] words) => words.Change("--hub", _ => _directory)
        .Change("-s", _ => "127.0.0.1").Change("-p", _ => _directory.Split(':')[^1]);

    private string Hub(PageCommand command)
    {
        Assert.True(_hub.Length > 0, $"Line {command.Line}: no hub was started on this page before '{command}'.");
        return _hub;
    }

    // A folder of the system is one in the folder of the page.
    private string AtHome(string word) =>
        word.StartsWith("/var/", StringComparison.Ordinal) ? _scratch[word[1..]] : word;

    private static string Listen(string[] words) => words.ValueOf("--listen") ?? "127.0.0.1:0";

    /// <summary>Where one that listens at every address is reached on this machine.</summary>
    private static string Reached(string address) => "127.0.0.1" + address[address.LastIndexOf(':')..];
}
