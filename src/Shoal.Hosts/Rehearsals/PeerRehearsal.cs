using Microsoft.Extensions.Logging;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;
using Shoal.Hosts.Common;
using Shoal.Hosts.Peer;
using Shoal.Net;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Rehearsals;

/// <summary>
/// A small swarm before the real one: two peers in this process, over connections of this machine to itself
/// and in folders that go when it ends. What a program does for the first time costs it many times what it costs
/// later, and behind the start barrier the links would idle meanwhile.
/// </summary>
public sealed class PeerRehearsal
{
    private const int Peers = 2;
    private const int ChunkSize = 256 * 1024;
    private const int Chunks = 3;

    /// <summary>A machine that needs longer has something better to do.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);

    private readonly string _stage;
    private readonly SwarmKey? _key;
    private readonly TimeProvider _time;
    private readonly ILogger _nowhere;

    private PeerRehearsal(string stage, SwarmKey? key, TimeProvider time, ILogger nowhere)
    {
        _stage = stage;
        _key = key;
        _time = time;
        _nowhere = nowhere;
    }

    /// <summary>Rehearses.</summary>
    /// <param name="stage">A folder that is made for it, and that goes with all that is in it.</param>
    /// <param name="key">The key of the real swarm, or none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="nowhere">A log like that of the real swarm, which nobody reads.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why the rehearsal broke off, which hinders nothing; null: it did not.</returns>
    public static async Task<string?> RunAsync(
        string stage, SwarmKey? key, TimeProvider time, ILogger nowhere, CancellationToken cancellationToken)
    {
        using var limit = new Deadline(s_limit, time, cancellationToken);
        try
        {
            Clear(stage);
            Directory.CreateDirectory(stage);
            bool isComplete = await new PeerRehearsal(stage, key, time, nowhere).PlayAsync(limit.Token);
            return isComplete ? null : limit.HasPassed ? "it took too long" : "it was stopped";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HostException)
        {
            return e.Message;
        }
        catch (OperationCanceledException)
        {
            return "it was stopped";
        }
        finally
        {
            Clear(stage);
        }
    }

    private static void Clear(string stage)
    {
        try
        {
            Directory.Delete(stage, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It was not there; or the next rehearsal tries again.
        }
    }

    private async Task<bool> PlayAsync(CancellationToken cancellationToken)
    {
        ITransport transport = new TcpTransport(new TcpOptions { Time = _time });
        await using RehearsalHub hub = await RehearsalHub.OpenAsync(_key, transport, _time, cancellationToken);
        Task serving = hub.RunAsync(Peers, cancellationToken);
        PeerResult[] results = await Task.WhenAll(Enumerable.Range(0, Peers).Select(
            peer => Task.Run(() => TakePartAsync(peer, hub.Address, cancellationToken))));
        await serving;
        return results.All(result => result.Outcome is SwarmOutcome.Complete);
    }

    private Task<PeerResult> TakePartAsync(int peer, EndpointText hub, CancellationToken cancellationToken)
    {
        string name = $"peer{peer + 1}";
        string folder = Path.Join(_stage, name);
        Directory.CreateDirectory(folder);
        var bytes = new byte[Chunks * ChunkSize];
        new Random(peer).NextBytes(bytes);
        File.WriteAllBytes(Path.Join(folder, name), bytes);
        var options = new PeerOptions
        {
            Swarm = "rehearsal", Hub = hub, Folder = folder, Name = name, Key = _key,
            Listen = new EndpointText("127.0.0.1", 0), Expect = Peers, ChunkSize = ChunkSize,
        };
        return PeerHost.RunAsync(options, _time, _nowhere, _ => { }, cancellationToken);
    }
}
