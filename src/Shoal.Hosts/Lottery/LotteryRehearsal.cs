using System.Buffers;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Shoal.Core.Lottery;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Lottery;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Lottery;

/// <summary>
/// A small draw before the first real one: an agency brings bets, closes and hears its winners, and all of it, the
/// connection too, lies in memory and goes. What a program does for the first time costs it many times what it costs
/// later, and a draw of some hundred thousand bets is over before that has evened out.
/// </summary>
public static class LotteryRehearsal
{
    private const int Batches = 3;
    private const int BetsPerBatch = 1_000;

    /// <summary>Rehearses, and readies the store that will be served.</summary>
    /// <param name="records">That store; nothing in it changes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">The store failed; the message says how.</exception>
    public static async Task RunAsync(
        LotteryRecords records, TimeProvider time, CancellationToken cancellationToken)
    {
        await records.Store.WarmAsync();
        await using LotteryRecords own = LotteryRecords.OpenInMemory();
        var agency = new AgencyId(1);
        await own.OpenDrawAsync(
            new DrawTerms(DrawName.Default, [agency], DrawTerms.DefaultWinningNumber), cancellationToken);
        var transport = new InMemoryTransport();
        await using LotteryHost host = await LotteryHost.OpenAsync(
            new LotteryOptions { Listen = new EndpointText("rehearsal", 0) }, own, transport, time,
            NullLogger.Instance, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task serving = host.RunAsync(stop.Token);
        if (await transport.DialAsync(host.Address, cancellationToken) is DialResult.Connected connected)
        {
            using TransportConnection connection = connected.Connection;
            await PlayAsync(connection.Stream, agency, cancellationToken);
        }

        await stop.CancelAsync();
        await serving;
    }

    private static async Task PlayAsync(Stream hub, AgencyId agency, CancellationToken cancellationToken)
    {
        for (int number = 0; number < Batches; number++)
        {
            ImmutableArray<Bet> bets =
                [.. Enumerable.Range(number * BetsPerBatch, BetsPerBatch).Select(i => Bet(agency, i))];
            await AskAsync(hub, new AgencyMessage.Batch(agency, bets, default), cancellationToken);
        }

        await AskAsync(hub, new AgencyMessage.Close(agency), cancellationToken);
        await AskAsync(hub, new AgencyMessage.Query(agency), cancellationToken);
    }

    // What the hub answers is of no matter here.
    private static async Task AskAsync(Stream hub, AgencyMessage message, CancellationToken cancellationToken)
    {
        var bytes = new ArrayBufferWriter<byte>();
        AgencyTextCodec.Encode(message, bytes);
        await hub.WriteAsync(bytes.WrittenMemory, cancellationToken);
        var answer = new byte[4096];
        int read;
        do
        {
            read = await hub.ReadAsync(answer, cancellationToken);
        }
        while (read > 0 && answer[read - 1] != ';');
    }

    private static Bet Bet(AgencyId agency, int i) => new(
        agency, "María José", "Núñez", $"{20_000_000 + i}", new DateOnly(1980, 1, 1).AddDays(i % 10_000),
        i == 0 ? DrawTerms.DefaultWinningNumber : i % 10_000);
}
