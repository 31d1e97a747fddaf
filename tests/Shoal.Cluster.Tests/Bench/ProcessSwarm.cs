using System.Text.Json;
using Shoal.Core.Roster;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>A hub and peers as processes on loopback. Every file of theirs is in a scratch folder.</summary>
internal sealed class ProcessSwarm : IAsyncDisposable
{
    private readonly List<ShoalProcess> _processes = [];
    private readonly HeldPort _port = new();

    public Scratch Scratch { get; } = new();

    public ShoalProcess Hub { get; private set; } = null!;

    /// <summary>Where the hub listens.</summary>
    public string Address => _port.Address;

    /// <inheritdoc cref="Address"/>
    public EndpointText Endpoint => _port.Endpoint;

    public static async Task<ProcessSwarm> BeginAsync(params string[] hubArguments)
    {
        var swarm = new ProcessSwarm();
        await swarm.StartHubAsync(hubArguments);
        return swarm;
    }

    /// <summary>The folder in which the hub runs.</summary>
    public string HubFolder => Scratch["folder of the hub"];

    /// <summary>Starts the hub; again at the address where it was.</summary>
    public async Task StartHubAsync(params string[] arguments)
    {
        Directory.CreateDirectory(HubFolder);
        Hub = ShoalProcess.Start("hub", key: null, ["hub", "--listen", Address, .. arguments], HubFolder);
        _processes.Add(Hub);
        await Hub.Output.WaitForAsync("action: hub_listen");
    }

    /// <summary>Starts a peer; its folder has its name. Its report and its log are beside the folder.</summary>
    public ShoalProcess Join(string name, params string[] arguments) => Start(name,
    [
        "join", "films", "--hub", Address, "--dir", Scratch[name], "--name", name, "--report", Scratch[$"{name}.json"],
        "--log", Scratch[$"{name}.log"], .. arguments,
    ]);

    public ShoalProcess Start(string owner, params IReadOnlyList<string> arguments) =>
        Keep(ShoalProcess.Start(owner, arguments));

    /// <summary>Starts what reads what the test says to it.</summary>
    public ShoalProcess StartOpen(string owner, params IReadOnlyList<string> arguments) =>
        Keep(ShoalProcess.Start(owner, [], arguments, input: null));

    /// <summary>The report that a peer wrote at its end.</summary>
    public JsonElement ReportOf(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Scratch[$"{name}.json"]));
        return document.RootElement.Clone();
    }

    /// <summary>What a peer wrote to the file of its log, in all of its runs.</summary>
    public string[] LogOf(string name)
    {
        using var reader = new StreamReader(new FileStream(
            Scratch[$"{name}.log"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        // What stands behind the last line's end is a line that is still being written, or that a kill cut off.
        return reader.ReadToEnd().Split('\n')[..^1];
    }

    /// <summary>Payload bytes that came to a peer and were stored, in all of its runs, from its log.</summary>
    public long BytesStoredBy(string name) => StoresOf(name)
        .Sum(line => long.Parse(FieldOf(line, "bytes"), System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The chunks that came to a peer and were stored, in all of its runs, in their order.</summary>
    public string[] ChunksStoredBy(string name) =>
        [.. StoresOf(name).Select(line => $"{FieldOf(line, "content")} {FieldOf(line, "chunk")}")];

    private ShoalProcess Keep(ShoalProcess process)
    {
        _processes.Add(process);
        return process;
    }

    private IEnumerable<string> StoresOf(string name) => LogOf(name)
        .Where(line => line.Contains("action: chunk_store | result: success", StringComparison.Ordinal)
            && line.Contains("| from: ", StringComparison.Ordinal));

    /// <summary>The same, of a log that may not be there yet.</summary>
    public long TryBytesStoredBy(string name) => File.Exists(Scratch[$"{name}.log"]) ? BytesStoredBy(name) : 0;

    /// <summary>Payload bytes that a peer received in its last run, as its own report has it.</summary>
    public long ReceivedBy(string name) => ReportOf(name).GetProperty("peers").EnumerateArray()
        .Single(peer => peer.GetProperty("name").GetString() == name).GetProperty("bytes_received").GetInt64();

    /// <summary>The port that a process says it listens at, by the action with which it says so.</summary>
    public static async Task<int> PortOfAsync(ShoalProcess process, string action) => int.Parse(
        FieldOf(await process.Output.WaitForAsync($"action: {action} "), "address").Split(':')[^1],
        System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The value of a key of a log line.</summary>
    public static string FieldOf(string line, string key)
    {
        int start = line.IndexOf($"{key}: ", StringComparison.Ordinal) + key.Length + 2;
        int end = line.IndexOf(" |", start, StringComparison.Ordinal);
        return end < 0 ? line[start..] : line[start..end];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ShoalProcess process in _processes)
        {
            await process.DisposeAsync();
        }

        _port.Dispose();
        Scratch.Dispose();
    }
}
