using Microsoft.Extensions.Logging;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.Common;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Audit;

/// <summary>
/// The log's side: takes operations of any number of hubs over remote procedure calls, and prints them.
/// </summary>
public sealed class AuditHost : IAsyncDisposable
{
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);

    private readonly AuditOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly PlainDoor _door;
    private readonly AuditPrinter _printer;
    private readonly TaskScope _tasks;
    private readonly CancellationTokenSource _stopping = new();
    private int _isStopped;

    private AuditHost(AuditOptions options, ITransportListener listener, TimeProvider time, ILogger log)
    {
        _options = options;
        _time = time;
        _log = log;
        _tasks = new TaskScope(e => log.AuditFailed(e.ToString()));
        _printer = new AuditPrinter(options.Print);
        _door = new PlainDoor(listener, new PlainDoorOptions
        {
            MostConnections = options.MostConnections,
            Time = time,
            Refused = (address, reason) => log.AuditCallerRefused(address.ToString(), reason),
        });
    }

    /// <summary>Where it listens, with the port that was chosen.</summary>
    public EndpointText Address => _door.Local;

    /// <summary>Opens the log's side over TCP.</summary>
    /// <exception cref="IOException">It cannot be listened there; the message says why.</exception>
    /// <exception cref="PortMapperException">The port mapper cannot be told; the message says why.</exception>
    public static async Task<AuditHost> OpenAsync(
        AuditOptions options, TimeProvider time, ILogger log, CancellationToken cancellationToken)
    {
        ITransportListener listener = await new TcpTransport(new TcpOptions { Time = time })
            .ListenAsync(options.Listen, cancellationToken);
        if (options.IsMapped && await options.Mapper.RegisterAsync(
            AuditCodec.Program, AuditCodec.Version, listener.Local.Port, cancellationToken) is { } failure)
        {
            await listener.DisposeAsync();
            throw new PortMapperException(failure);
        }

        var host = new AuditHost(options, listener, time, log);
        log.AuditListening(host.Address.ToString());
        return host;
    }

    /// <summary>Takes operations until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _tasks.ServeAllAsync(
            _door,
            connection => new AuditCaller(connection, _options, _printer, _time, _log).ServeAsync(_stopping.Token),
            cancellationToken);
        await StopAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0)
        {
            return;
        }

        _log.AuditStopping("in_progress");
        if (_options.IsMapped)
        {
            await _options.Mapper.UnregisterAsync(AuditCodec.Program, AuditCodec.Version, CancellationToken.None);
        }

        await _door.DisposeAsync();
        await _stopping.CancelAsync();
        await _tasks.WhenAllEndedAsync();

        // If nobody reads what is printed, it does not end: what waits there was not confirmed.
        await Task.WhenAny(_printer.DisposeAsync().AsTask(), Task.Delay(s_lastWords, _time));
        _log.AuditStopping("success");
    }
}
