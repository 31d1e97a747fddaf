using System.Globalization;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Docs;

/// <summary>
/// Runs the commands of a page one after the other, as its reader would: in one folder, the hub in the background, and
/// every <c>join</c> on as many machines as it expects, which are processes here.
/// </summary>
internal sealed class PageScript : IAsyncDisposable
{
    private const int Films = 6;

    private readonly List<ShoalProcess> _processes = [];
    private readonly Scratch _scratch = new();
    private string _hub = "";
    private string _directory = "";
    private string _lottery = "";
    private int _agencies;
    private int _clients;
    private readonly List<(ShoalProcess Process, PageCommand Command)> _sending = [];
    private readonly List<(ShoalProcess Process, PageCommand Command)> _tier = [];

    /// <summary>Runs a command, and checks how it ended and what it said.</summary>
    public async Task RunAsync(PageCommand command)
    {
        switch (command.Words)
        {
            case ["shoal", "hub", ..]:
                await StartHubAsync(command);
                break;
            case ["shoal", "join", ..] when !command.Words.Contains("--dry-run"):
                await JoinAsync(command);
                break;
            case ["shoal", "publish", ..]:
                await PublishAsync(command);
                break;
            case ["shoal", "user" or "list" or "search" or "get" or "withdraw", ..]:
                await EndAsync(
                    Start(command.ToString(), [.. With(command.Words.Skip(1), "--hub", _directory)]), command);
                break;
            case ["shoal", "origin" or "edge", ..]:
                StartTier(command);
                break;
            case ["shoal", "fetch", ..]:
                await FetchAsync(command);
                break;
            case ["shoal", "time" or "audit", ..]:
                await ServeAsync(command);
                break;
            case ["shoal", "lottery", "serve", ..]:
                await ServeLotteryAsync(command);
                break;
            case ["shoal", "lottery", "agency", ..]:
                await SendBetsAsync(command);
                break;
            case ["shoal", "conform", ..]:
                Assert.True(_directory.Length > 0, $"Line {command.Line}: no directory was started before.");
                await EndAsync(
                    Start(command.ToString(), [.. With(command.Words.Skip(1), "-p", _directory.Split(':')[^1])]),
                    command);
                break;
            case ["shoal", ..]:
                await EndAsync(Start(command.ToString(), [.. command.Words.Skip(1)]), command);
                break;
            case ["dotnet", "test"] or ["SHOAL_GOLDEN=rewrite", "dotnet", "test"] or [".ci/run"]:
                // It is running now, and this is a test of it.
                break;
            default:
                Assert.Fail($"Line {command.Line}: nobody knows how to test '{command}'.");
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ShoalProcess process in _processes)
        {
            await process.DisposeAsync();
        }

        _scratch.Dispose();
    }

    private async Task StartHubAsync(PageCommand command)
    {
        IEnumerable<string> arguments = With(command.Words.Skip(1), "--listen", Listen(command));
        arguments = WithAnyPort(arguments, "--listen");
        ShoalProcess hub = Start("hub", [.. WithAnyPort(WithAnyPort(arguments, "--directory"), "--http")]);
        string line = await hub.Output.WaitForAsync("action: hub_listen");
        string address = ProcessSwarm.FieldOf(line, "address");
        _hub = "127.0.0.1" + address[address.LastIndexOf(':')..];
        if (command.Words.Contains("--directory"))
        {
            _directory = ProcessSwarm.FieldOf(await hub.Output.WaitForAsync("action: directory_listen"), "address");
        }
    }

    private async Task ServeAsync(PageCommand command)
    {
        IEnumerable<string> arguments = With(command.Words.Skip(1), "--listen", Listen(command));
        ShoalProcess process = Start(command.ToString(), [.. WithAnyPort(arguments, "--listen")]);
        await process.Output.WaitForAsync("_listen | result: success");
    }

    private async Task ServeLotteryAsync(PageCommand command)
    {
        ShoalProcess process = Start(
            command.ToString(), [.. With(command.Words.Skip(1), "--listen", "127.0.0.1:0")]);
        _lottery = ProcessSwarm.FieldOf(await process.Output.WaitForAsync("action: lottery_listen"), "address");
        _agencies = int.Parse(ValueOf(command.Words, "--agencies")!, CultureInfo.InvariantCulture);
    }

    /// <summary>The draw is held when all have closed, so they run at the same time.</summary>
    private async Task SendBetsAsync(PageCommand command)
    {
        Assert.True(_lottery.Length > 0, $"Line {command.Line}: no lottery was started before.");
        _sending.Add((Start(command.ToString(), [.. With(command.Words.Skip(1), "--hub", _lottery)]), command));
        if (_sending.Count == _agencies)
        {
            foreach ((ShoalProcess process, PageCommand sent) in _sending)
            {
                await EndAsync(process, sent);
            }
        }
    }

    private static string Listen(PageCommand command) => ValueOf(command.Words, "--listen") ?? "127.0.0.1:0";

    /// <summary>Its folder has one film in it.</summary>
    private async Task PublishAsync(PageCommand command)
    {
        _scratch.Write($"{command.Words[2]}/first.avi", 1, 200_000);
        ShoalProcess publish = Start("publish", [.. With(command.Words.Skip(1), "--hub", _directory)]);
        await publish.Output.WaitForAsync("action: offer | result: success | file: films/");
    }

    private async Task JoinAsync(PageCommand command)
    {
        Assert.True(_hub.Length > 0, $"Line {command.Line}: no hub was started on this page before '{command}'.");
        string folder = ValueOf(command.Words, "--dir")!;
        int members = int.Parse(ValueOf(command.Words, "--expect") ?? "2", CultureInfo.InvariantCulture);
        var peers = new List<ShoalProcess>();
        for (int i = 1; i <= members; i++)
        {
            // The first is the page's own; the others are the same on another machine.
            string own = i == 1 ? folder : $"{folder}-{i}";
            _scratch.Write($"{own}/from machine {i}.bin", (ulong)i, 100_000 * i);
            IEnumerable<string> arguments = With(With(command.Words.Skip(1), "--hub", _hub), "--dir", own);
            arguments = i == 1 ? arguments : With(With(arguments, "--name", $"machine{i}"), "--report", $"{i}.json");
            peers.Add(Start($"machine {i}", [.. arguments]));
        }

        foreach (ShoalProcess peer in peers)
        {
            await EndAsync(peer, command);
        }

        string[] expected = _scratch.Look(folder);
        Assert.Equal(members, expected.Length);
        Assert.All(Enumerable.Range(2, members - 1), i => Assert.Equal(expected, _scratch.Look($"{folder}-{i}")));
    }

    /// <summary>An origin has a few films; it and its edges end when the clients have theirs.</summary>
    private void StartTier(PageCommand command)
    {
        if (command.Words[1] == "origin")
        {
            _clients = int.Parse(ValueOf(command.Words, "--expect-clients") ?? "1", CultureInfo.InvariantCulture);
            for (int i = 1; i <= Films; i++)
            {
                _scratch.Write($"{ValueOf(command.Words, "--dir")}/film {i}.avi", (ulong)i, 100_000 * i);
            }
        }

        IEnumerable<string> arguments = With(command.Words.Skip(1), "--hub", _hub);
        _tier.Add((Start(command.Words[1], [.. With(arguments, "--name", command.Words[1])]), command));
    }

    private async Task FetchAsync(PageCommand command)
    {
        string folder = ValueOf(command.Words, "--dir")!;
        for (int i = 1; i <= _clients; i++)
        {
            IEnumerable<string> arguments = With(With(command.Words.Skip(1), "--hub", _hub), "--name", $"client{i}");
            string own = i == 1 ? folder : $"{folder}-{i}";
            _tier.Add((Start($"client {i}", [.. With(arguments, "--dir", own)]), command));
        }

        foreach ((ShoalProcess process, PageCommand started) in _tier)
        {
            await EndAsync(process, started);
        }

        Assert.Equal(Films, _scratch.Look(folder).Length);
        Assert.All(Enumerable.Range(2, _clients - 1), i =>
            Assert.Equal(_scratch.Look(folder), _scratch.Look($"{folder}-{i}")));
    }

    private ShoalProcess Start(string owner, IReadOnlyList<string> arguments)
    {
        ShoalProcess process = ShoalProcess.Start(owner, key: null, arguments, _scratch.Root);
        _processes.Add(process);
        return process;
    }

    private static async Task EndAsync(ShoalProcess process, PageCommand command)
    {
        await process.ExpectAsync(0);
        if (command.Shown.Count > 0)
        {
            Assert.True(
                command.IsShown(process.Output.All),
                $"Line {command.Line}: '{command}' says something else than the page shows:\n{process.Output}");
        }
    }

    private static string? ValueOf(IReadOnlyList<string> words, string option) =>
        words.SkipWhile(word => word != option).Skip(1).FirstOrDefault();

    // Any port that is free here, but the address that the page says.
    private static IEnumerable<string> WithAnyPort(IEnumerable<string> words, string option)
    {
        string[] all = [.. words];
        return ValueOf(all, option) is { } address
            ? With(all, option, address[..(address.LastIndexOf(':') + 1)] + "0")
            : all;
    }

    private static IEnumerable<string> With(IEnumerable<string> words, string option, string value)
    {
        string[] old = [.. words];
        int at = Array.IndexOf(old, option);
        return at < 0 ? [.. old, option, value] : [.. old[..at], option, value, .. old[(at + 2)..]];
    }
}
