using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Lottery;
using Shoal.Core.Roster;
using Shoal.Hosts.Agency;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>A file of any length needs the same memory: what is read and not acked yet has a limit.</summary>
public sealed class LongFileTests
{
    private const int Rounds = 4_000;
    private const int Window = 4;
    private const int Batch = 50;

    // What is read together, and the line at its end.
    private const int BytesOfReader = 64 * 1024;

    private long _acked;
    private long _furthest;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_read_is_never_further_ahead_of_the_acks_than_the_window_and_one_buffer()
    {
        using var scratch = new Scratch();
        var transport = new InMemoryTransport();
        await using ITransportListener listener = await transport.ListenAsync(new EndpointText("hub", 0), Stop);
        Task hub = AckAsync(listener);
        var options = new AgencyOptions
        {
            Agency = new AgencyId(1),
            Hub = listener.Local,
            Token = null,
            Batch = Batch,
            Policy = new AgencyPolicy { Window = Window },
            OpenBets = () => new EndlessBets(Rounds, Look),
            RejectsFile = scratch["rejects.csv"],
        };
        AgencyResult.Drawn drawn = Assert.IsType<AgencyResult.Drawn>(await AgencyHost.RunAsync(
            options, transport, TimeProvider.System, NullLogger.Instance, _ => { }, Stop));
        await hub;

        Assert.Equal(Rounds * EndlessBets.BetsOfRound, drawn.Bets);
        Assert.Equal(Rounds, drawn.BadLines);
        Assert.Equal(Rounds, File.ReadLines(scratch["rejects.csv"]).Count());
        long rounds = 1 + ((Window + 1) * Batch / EndlessBets.BetsOfRound);
        Assert.InRange(_furthest, 1, (rounds * EndlessBets.BytesOfRound) + BytesOfReader);
        Assert.True(_furthest < (long)Rounds * EndlessBets.BytesOfRound / 10, "The file is too short to tell.");
    }

    // How many bets are acked is known here before the agency hears of it, so this is never less than what it keeps.
    private void Look(long position)
    {
        long behind = Interlocked.Read(ref _acked) / EndlessBets.BetsOfRound * EndlessBets.BytesOfRound;
        _furthest = Math.Max(_furthest, position - behind);
    }

    // A hub that stores nothing: it counts bets and answers.
    private async Task AckAsync(ITransportListener listener)
    {
        using TransportConnection agency = (await listener.AcceptAsync(Stop))!;
        byte[] buffer = new byte[32 * 1024];
        int read;
        byte first = 0;
        int bets = 0;
        while ((read = await agency.Stream.ReadAsync(buffer, Stop)) > 0)
        {
            var answers = new StringBuilder();
            foreach (byte one in buffer.AsSpan(0, read).ToArray())
            {
                first = first == 0 ? one : first;
                switch (one)
                {
                    case (byte)'{' when first == 'B':
                        bets++;
                        break;
                    case (byte)';':
                        answers.Append(
                            first switch { (byte)'B' => "ACK_CHUNK;", (byte)'N' => "ACK_NOTIFY;", _ => "R;" });
                        Interlocked.Add(ref _acked, bets);
                        (first, bets) = (0, 0);
                        break;
                }
            }

            await agency.Stream.WriteAsync(Encoding.ASCII.GetBytes(answers.ToString()), Stop);
        }
    }
}
