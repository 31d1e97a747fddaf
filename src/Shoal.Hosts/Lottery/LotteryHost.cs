using Microsoft.Extensions.Logging;
using Shoal.Core.Roster;
using Shoal.Hosts.Common;
using Shoal.Net.Transport;
using Shoal.Storage.Lottery;

namespace Shoal.Hosts.Lottery;

/// <summary>The lottery on sockets: agencies come, and each connection is served by a task of its own.</summary>
public sealed class LotteryHost : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterStoreFailed = TimeSpan.FromSeconds(2);

    private readonly LotteryOptions _options;
    private readonly ILotteryStore _store;
    private readonly PlainDoor _door;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly LotteryMetrics _metrics;
    private readonly ArrivalBudget _budget;
    private readonly TaskScope _tasks;
    private readonly CancellationTokenSource _stopping = new();

    private LotteryHost(
        LotteryOptions options, ILotteryStore store, ITransportListener listener, TimeProvider time, ILogger log)
    {
        _options = options;
        _store = store;
        _door = new PlainDoor(listener, new PlainDoorOptions
        {
            MostConnections = options.MostConnections,
            Time = time,
            Refused = (address, reason) => log.NotAccepted(address.Host, reason),
        });
        _time = time;
        _log = log;
        _metrics = new LotteryMetrics(options.Meters, () => OpenConnections);
        _budget = new ArrivalBudget(options.MostArriving);
        _tasks = new TaskScope(e => log.Failed(e.ToString()));
    }

    /// <summary>Where it listens, with the port that was chosen.</summary>
    public EndpointText Address => _door.Local;

    /// <summary>Connections that are open now.</summary>
    public int OpenConnections => _door.OpenConnections;

    /// <summary>Opens the lottery's door over TCP.</summary>
    /// <exception cref="IOException">It cannot be listened there; the message says why.</exception>
    public static Task<LotteryHost> OpenAsync(
        LotteryOptions options, LotteryRecords records, TimeProvider time, ILogger log,
        CancellationToken cancellationToken) =>
        OpenAsync(
            options, records, new TcpTransport(new TcpOptions { Time = time, Backlog = options.MostConnections }),
            time, log, cancellationToken);

    /// <summary>Opens the lottery's door.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="records">Where bets last; its draw is there. They stay the caller's.</param>
    /// <param name="transport">Where it listens on.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Its log.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">It cannot be listened there; the message says why.</exception>
    public static async Task<LotteryHost> OpenAsync(
        LotteryOptions options, LotteryRecords records, ITransport transport, TimeProvider time, ILogger log,
        CancellationToken cancellationToken)
    {
        ITransportListener listener = await transport.ListenAsync(options.Listen, cancellationToken);
        var host = new LotteryHost(options, records.Store, listener, time, log);
        log.Listening(host.Address.ToString(), options.Draw.ToString());
        return host;
    }

    /// <summary>What it serves over HTTP besides, on a door of the caller's; disposed of before this.</summary>
    /// <param name="tokens">What agencies prove themselves with.</param>
    public LotteryRoutes OpenRoutes(AgencyTokens tokens) => new(_store, tokens, _metrics, _budget, _time, _log);

    /// <summary>Serves until it is told to stop; then closes at once, also those who wait.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _tasks.Run(WatchDrawAsync);
        await _tasks.ServeAllAsync(_door, ServeAsync, cancellationToken);
        if (cancellationToken.IsCancellationRequested)
        {
            _log.Stopping();
        }

        await StopAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        _metrics.Dispose();
    }

    private async Task StopAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _door.DisposeAsync();
        await _stopping.CancelAsync();
        await _tasks.WhenAllEndedAsync();
        _log.Closed();
    }

    // Where several hubs share a store, any of them may hold the draw; all of them say that it is held.
    private async Task WatchDrawAsync()
    {
        int revision = 0;
        while (true)
        {
            try
            {
                if (await _store.UntilHeldAsync(_options.Draw, revision, _stopping.Token) is not { } held)
                {
                    return;
                }

                revision = held;
                _log.DrawStands(_options.Draw.Value, revision);
            }
            catch (IOException e)
            {
                _log.StoreFailed(e.Message);
                await Task.Delay(PauseAfterStoreFailed, _time, _stopping.Token);
            }
        }
    }

    private async Task ServeAsync(TransportConnection connection)
    {
        string ip = connection.Remote.Host;
        _log.Accepted(ip);
        try
        {
            var desk = new LotteryDesk(_options.Draw, _store, _metrics, _log, ip);
            var agency = new AgencyConnection(connection, desk, _options, _budget, _time);
            if (await agency.ServeAsync(_stopping.Token) is { } reason)
            {
                _log.Refused(ip, reason);
                await agency.EndAsync(_stopping.Token);
            }
        }
        catch (IOException)
        {
            // The agency is gone; what was acked is stored, and it can come back for the rest.
        }
        finally
        {
            connection.Dispose();
            _log.Disconnected(ip);
        }
    }
}
