using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Shoal.Bench.Lottery;

/// <summary>Agencies over the text protocol by hand: a crowd that waits, and a few that keep a pace.</summary>
internal static class LotteryCrowd
{
    private const int Paced = 5;

    /// <summary>Connects many agencies that ask once and then wait.</summary>
    public static async Task<List<TcpClient>> GatherAsync(int port, int agencies, CancellationToken cancellation)
    {
        var crowd = new List<TcpClient>();
        for (int one = 1; one <= agencies; one++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
            await AskAsync(
                client.GetStream(), Encoding.ASCII.GetBytes($"Q{{AgencyID:{one}}};"), cancellation);
            crowd.Add(client);
        }

        return crowd;
    }

    /// <summary>Sends batches at a pace and measures each ack.</summary>
    /// <returns>The times of the acks, rising.</returns>
    public static async Task<TimeSpan[]> PaceAsync(
        int port, int batch, double betsPerSecond, TimeSpan time, CancellationToken cancellation)
    {
        TimeSpan interval = TimeSpan.FromSeconds(batch * Paced / betsPerSecond);
        List<TimeSpan>[] acks = await Task.WhenAll(Enumerable.Range(1, Paced).Select(
            agency => PaceAsync(port, agency, batch, interval, time, cancellation)));
        return [.. acks.SelectMany(one => one).Order()];
    }

    /// <summary>A bet in the text protocol. Globalization is invariant here.</summary>
    public static string BetOf(int agency, int document) =>
        $"{{PlayerName:Ana,PlayerSurname:Paz,PlayerDocID:{document},PlayerDateOfBirth:1990-02-28,"
        + $"WageredNumber:1,AgencyID:{agency}}}";

    private static async Task<List<TimeSpan>> PaceAsync(
        int port, int agency, int batch, TimeSpan interval, TimeSpan time, CancellationToken cancellation)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
        var acks = new List<TimeSpan>();
        long start = Stopwatch.GetTimestamp();
        TimeSpan due = interval * agency / Paced;
        for (int number = 0; Stopwatch.GetElapsedTime(start) < time; number++, due += interval)
        {
            TimeSpan left = due - Stopwatch.GetElapsedTime(start);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, cancellation);
            }

            string bets = string.Join(
                ',', Enumerable.Range(number * batch, batch).Select(document => BetOf(agency, document)));
            byte[] message = Encoding.ASCII.GetBytes($"B{bets};");
            long sent = Stopwatch.GetTimestamp();
            string answer = await AskAsync(client.GetStream(), message, cancellation);
            acks.Add(Stopwatch.GetElapsedTime(sent));
            if (answer != "ACK_CHUNK;")
            {
                throw new BenchFailure($"the hub answered '{answer}'");
            }
        }

        return acks;
    }

    /// <summary>Says something and hears the one answer.</summary>
    public static async Task<string> AskAsync(NetworkStream stream, byte[] message, CancellationToken cancellation)
    {
        await stream.WriteAsync(message, cancellation);
        var buffer = new byte[256];
        int length = 0;
        while (length == 0 || buffer[length - 1] != ';')
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
            length += read > 0 ? read : throw new BenchFailure("the hub hung up");
        }

        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
