using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shoal.Core.Lottery;
using Shoal.Core.Roster;
using Shoal.Hosts.Agency;
using Shoal.Hosts.Lottery;

namespace Shoal.Bench.Lottery;

/// <summary>
/// A whole draw: a hub in a process of its own and its agencies in this one, from the first connection to the last
/// winners. The hub's log goes nowhere.
/// </summary>
internal sealed class LotteryRace(RaceShape shape, string folder) : IAsyncDisposable
{
    private readonly int _textPort = FreePort();
    private readonly int _httpPort = FreePort();
    private BenchProcess? _hub;
    private TimeSpan _before;

    /// <summary>The hub's peak memory so far, in bytes.</summary>
    public long HubBytes => _hub?.PeakBytes ?? 0;

    /// <summary>The time that the hub has had a processor since it began to serve.</summary>
    public TimeSpan HubTime => _hub is null ? default : _hub.ProcessorTime - _before;

    /// <summary>Where the text protocol is served.</summary>
    public int TextPort => _textPort;

    /// <summary>Makes the agencies' files.</summary>
    public static async Task MakeBetsAsync(
        string program, int agencies, int bets, string folder, CancellationToken cancellation)
    {
        await using BenchProcess make = BenchProcess.Start(
            "generate",
            [program, "lottery", "generate", "--agencies", $"{agencies}", "--bets", $"{bets}", "--dir", folder]);
        await make.SucceedAsync(cancellation);
    }

    /// <summary>Starts the hub and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await EmptyAsync(cancellation);
        string[] store = shape.Store is null ? ["--data", folder] : ["--store", shape.Store];
        _hub = BenchProcess.Start("hub",
        [
            "/bin/sh", "-c", "exec \"$0\" \"$@\" 2>/dev/null", shape.Program, "lottery", "serve", "--listen",
            $"127.0.0.1:{_textPort}", "--http", $"127.0.0.1:{_httpPort}", "--agencies", $"{shape.Agencies}", .. store,
        ]);
        for (int i = 0; i < 200; i++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, _httpPort, cancellation);
                _before = _hub.ProcessorTime;
                return;
            }
            catch (SocketException)
            {
                _hub.ThrowIfEnded();
                await Task.Delay(50, cancellation);
            }
        }

        throw new BenchFailure("the hub does not answer after 10 s");
    }

    /// <summary>Runs all agencies.</summary>
    /// <returns>How long it took until the last had its winners.</returns>
    public async Task<TimeSpan> RunAsync(string bets, CancellationToken cancellation)
    {
        string?[] tokens = shape.IsHttp ? await TokensAsync(cancellation) : new string?[shape.Agencies];
        long start = Stopwatch.GetTimestamp();
        AgencyResult[] results = await Task.WhenAll(Enumerable.Range(1, shape.Agencies).Select(one =>
            AgencyHost.RunAsync(
                new AgencyOptions
                {
                    Agency = new AgencyId(one),
                    Hub = new EndpointText("127.0.0.1", shape.IsHttp ? _httpPort : _textPort),
                    Token = tokens[one - 1],
                    OpenBets = () => File.OpenRead(Path.Join(bets, $"agency-{one}.csv")),
                    Batch = shape.Batch,
                    Policy = new AgencyPolicy { Window = shape.Window },
                },
                TimeProvider.System, NullLogger.Instance, _ => { }, cancellation)));
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        MeasureMemory();
        return results.OfType<AgencyResult.GaveUp>().FirstOrDefault() is { } gaveUp
            ? throw new BenchFailure($"an agency gave up: {gaveUp.Reason}")
            : time;
    }

    /// <summary>Looks at the hub's memory now.</summary>
    public void MeasureMemory() => _hub!.MeasureMemory();

    public async ValueTask DisposeAsync()
    {
        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }
    }

    // Every race begins with nothing: a database that several share is emptied, a folder is new anyway.
    private async Task EmptyAsync(CancellationToken cancellation)
    {
        if (shape.Store is not null)
        {
            await using var source = NpgsqlDataSource.Create(shape.Store);
            await using NpgsqlCommand drop = source.CreateCommand("DROP SCHEMA IF EXISTS shoal CASCADE");
            await drop.ExecuteNonQueryAsync(cancellation);
        }
    }

    private async Task<string[]> TokensAsync(CancellationToken cancellation)
    {
        await using LotteryRecords records = shape.Store is null
            ? LotteryRecords.OpenExisting(folder)
            : await LotteryRecords.ConnectAsync(shape.Store, cancellation);
        AgencyTokens tokens = await AgencyTokens.OpenAsync(records, cancellation);
        return [.. Enumerable.Range(1, shape.Agencies).Select(one => tokens.Of(new AgencyId(one)))];
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>What a race is about.</summary>
internal sealed record RaceShape(
    string Program, int Agencies, int Batch, int Window, bool IsHttp, string? Store);
