using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Shoal.Core.Members;
using Shoal.Hosts.Common;
using Shoal.Net.Transport;
using Shoal.Storage.Members;

namespace Shoal.Hosts.Audit;

/// <summary>
/// The hub's side of the log of operations: keeps each on disk until the other side has confirmed it, and delivers them
/// in their order. Whether anybody takes them delays no operation and fails none.
/// </summary>
public sealed class AuditTrail : IAsyncDisposable
{
    private readonly AuditTrailOptions _options;
    private readonly AuditStore _store;
    private readonly TcpTransport _transport;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly AuditMetrics _metrics;
    private readonly List<AuditEntry> _waiting = [];
    private readonly Channel<bool> _more = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private bool _isDiskFailing;

    private AuditTrail(AuditTrailOptions options, AuditStore store, TimeProvider time, ILogger log)
    {
        _options = options;
        _store = store;
        _time = time;
        _log = log;
        _transport = new TcpTransport(new TcpOptions { Time = time });
        _metrics = new AuditMetrics(options.Meters, () => _store.Count);
    }

    /// <summary>Opens a trail whose store is in a folder that is there.</summary>
    /// <exception cref="IOException">The store cannot be opened; the message says why.</exception>
    public static async Task<AuditTrail> OpenAsync(
        AuditTrailOptions options, string folder, TimeProvider time, ILogger log,
        CancellationToken cancellationToken) =>
        new(options, await AuditStore.OpenAsync(folder, cancellationToken), time, log);

    /// <summary>Delivers what is kept, and what comes, until it is told to stop; what is left stays kept.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pauses = new Backoff(_options.FirstPause, _options.LongestPause);
        try
        {
            while (true)
            {
                if (_store.Count == 0)
                {
                    await _more.Reader.ReadAsync(cancellationToken);
                    continue;
                }

                string reason = await DeliverAsync(pauses, cancellationToken);
                _log.TrailCut(_options.Target.ToString(), _store.Count, reason);
                await Task.Delay(pauses.Next(), _time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The normal end.
        }
    }

    /// <summary>
    /// Keeps operations. When this returns they are on disk; or, if the disk takes none, they wait in memory for the
    /// next call. Never called twice at a time.
    /// </summary>
    internal async Task NoteAsync(IReadOnlyList<AuditEntry> entries)
    {
        long left = Math.Max(
            0, Math.Min(_options.MostKept - _store.Count, _options.MostWaiting) - _waiting.Count);
        _waiting.AddRange(entries.Take((int)left));
        if (entries.Count > left)
        {
            int dropped = entries.Count - (int)left;
            _metrics.Dropped(dropped);
            _log.TrailDropped(dropped, "more are kept already than may be");
        }

        if (_waiting.Count == 0)
        {
            return;
        }

        try
        {
            await _store.AppendAsync(_waiting, CancellationToken.None);
            if (_isDiskFailing)
            {
                _log.TrailKeptAgain(_waiting.Count);
            }

            _waiting.Clear();
            _isDiskFailing = false;
            _more.Writer.TryWrite(true);
        }
        catch (IOException e)
        {
            if (!_isDiskFailing)
            {
                _log.TrailNotKept(_waiting.Count, e.Message);
            }

            _isDiskFailing = true;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await NoteAsync([]);
        if (_waiting.Count > 0)
        {
            _log.TrailDropped(_waiting.Count, "the disk took none of them to the end");
        }

        await _store.DisposeAsync();
        _metrics.Dispose();
    }

    // Returns when something failed, with the reason.
    private async Task<string> DeliverAsync(Backoff pauses, CancellationToken cancellationToken)
    {
        try
        {
            using AuditLink link = await AuditLink.OpenAsync(_options, _transport, _time, cancellationToken);
            _log.TrailConnected(link.Remote.ToString(), _store.Count);
            while (true)
            {
                IReadOnlyList<StoredEntry> entries = await _store.OldestAsync(_options.MostAtOnce, cancellationToken);
                if (entries.Count == 0)
                {
                    await _more.Reader.ReadAsync(cancellationToken);
                    continue;
                }

                await DeliverAsync(link, entries, cancellationToken);
                pauses.Reset();
            }
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    private async Task DeliverAsync(
        AuditLink link, IReadOnlyList<StoredEntry> entries, CancellationToken cancellationToken)
    {
        AuditDelivery delivery = await link.SendAsync([.. entries.Select(stored => stored.Entry)], cancellationToken);
        foreach (int refused in delivery.Refused)
        {
            _log.TrailRefused(entries[refused].Entry.User, entries[refused].Entry.Operation);
        }

        if (delivery.Settled > 0)
        {
            await _store.RemoveAsync(entries[delivery.Settled - 1], CancellationToken.None);
            _metrics.Delivered(delivery.Settled - delivery.Refused.Count);
            _log.TrailDelivered(delivery.Settled);
        }

        if (delivery.Failure is { } failure)
        {
            throw new IOException(failure);
        }
    }
}
