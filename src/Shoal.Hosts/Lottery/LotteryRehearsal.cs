using System.Buffers;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Shoal.Core.Lottery;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Lottery;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Lottery;

/// <summary>
/// A small draw before the first real one: an agency brings bets, closes and hears its winners, over a connection of
/// this machine to itself and in a store of the same kind that goes when it ends. What a program does for the first
/// time costs it many times what it costs later, and a draw of some hundred thousand bets is over before that has
/// evened out.
/// </summary>
public static class LotteryRehearsal
{
    private static readonly DrawTerms s_draw = new(DrawName.Default, [new AgencyId(1)], DrawTerms.DefaultWinningNumber);
    private static readonly ImmutableArray<int> s_batches = [1_000, 1_000, 50, 50, 50, 50, 50, 50];

    /// <summary>Rehearses, and readies the store that will be served.</summary>
    /// <param name="records">That store; nothing in it changes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="nowhere">A log like that of the draw, which nobody reads.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why the rehearsal broke off, which hinders nothing; null: it did not.</returns>
    /// <exception cref="IOException">The store is not ready; the message says why.</exception>
    public static async Task<string?> RunAsync(
        LotteryRecords records, TimeProvider time, ILogger nowhere, CancellationToken cancellationToken)
    {
        string? broken;
        try
        {
            broken = await RehearseAsync(records, time, nowhere, cancellationToken);
        }
        catch (IOException e)
        {
            broken = e.Message;
        }

        // Behind it, so that a database never has the connections of both.
        await records.Store.WarmAsync();
        return broken;
    }

    private static async Task<string?> RehearseAsync(
        LotteryRecords served, TimeProvider time, ILogger nowhere, CancellationToken cancellationToken)
    {
        await using var records = new LotteryRecords(served.Store.OpenForRehearsal(s_draw));
        var options = new LotteryOptions { Listen = new EndpointText("127.0.0.1", 0) };
        await using LotteryHost host = await LotteryHost.OpenAsync(options, records, time, nowhere, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task serving = host.RunAsync(stop.Token);
        string? refusal = null;
        if (await new TcpTransport(new TcpOptions { Time = time }).DialAsync(host.Address, cancellationToken)
            is DialResult.Connected connected)
        {
            using TransportConnection connection = connected.Connection;
            refusal = await PlayAsync(connection.Stream, s_draw.Roster[0], cancellationToken);
        }

        await stop.CancelAsync();
        await serving;
        return refusal;
    }

    private static async Task<string?> PlayAsync(Stream hub, AgencyId agency, CancellationToken cancellationToken)
    {
        int first = 0;
        foreach (int size in s_batches)
        {
            ImmutableArray<Bet> bets = [.. Enumerable.Range(first, size).Select(i => Bet(agency, i))];
            first += size;
            if (await AskAsync(hub, new AgencyMessage.Batch(agency, bets, default), cancellationToken) is { } refusal)
            {
                return refusal;
            }
        }

        return await AskAsync(hub, new AgencyMessage.Close(agency), cancellationToken)
            ?? await AskAsync(hub, new AgencyMessage.Query(agency), cancellationToken);
    }

    // What the hub refuses; null: it does not.
    private static async Task<string?> AskAsync(Stream hub, AgencyMessage message, CancellationToken cancellationToken)
    {
        var bytes = new ArrayBufferWriter<byte>();
        AgencyTextCodec.Encode(message, bytes);
        await hub.WriteAsync(bytes.WrittenMemory, cancellationToken);
        var answer = new byte[4096];
        int length = 0;
        do
        {
            int read = await hub.ReadAsync(answer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                return "the connection ended";
            }

            length += read;
        }
        while (answer[length - 1] != ';');
        var rest = new ReadOnlySequence<byte>(answer, 0, length);
        LotteryAnswerCodec.TryDecode(ref rest, out LotteryAnswer? said);
        return said is LotteryAnswer.Refusal refusal ? refusal.Reason : null;
    }

    private static Bet Bet(AgencyId agency, int i) => new(
        agency, "María José", "Núñez", $"{20_000_000 + i}", new DateOnly(1980, 1, 1).AddDays(i % 10_000),
        i == 0 ? DrawTerms.DefaultWinningNumber : i % 10_000);
}
