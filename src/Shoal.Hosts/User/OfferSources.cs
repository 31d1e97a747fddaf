using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Hosts.Common;
using Shoal.Hosts.Peer;
using Shoal.Net.Transport;
using Shoal.Storage;
using Shoal.Storage.Offers;

namespace Shoal.Hosts.User;

/// <summary>
/// Gives what the user offers, as a peer in the swarm of each offer that somebody wants, for as long as somebody does.
/// </summary>
internal sealed class OfferSources(
    UserOptions options, string user, SwarmDoors doors, UserMetrics metrics, ITransport transport, TimeProvider time,
    ILogger log)
    : IAsyncDisposable
{
    // Whoever changes a file has mostly emptied it first; it is looked at again when that is over.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<OfferId, Source> _running = [];
    private readonly PeerId _self = PeerIdentity.Make();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskScope _tasks = new(e => log.FileServingFailed(e.ToString()));

    /// <summary>Somebody wants something.</summary>
    /// <param name="hub">Where its swarm is.</param>
    /// <param name="offered">What.</param>
    /// <param name="lost">Told as soon as its files turn out not to be what they were.</param>
    /// <param name="settled">Told a moment later, when whoever changed them may be done.</param>
    public void Want(EndpointText hub, OfferedContents offered, Action lost, Action settled)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(offered.Id, out Source? source))
            {
                source.IsWanted = true;
                return;
            }

            if (_running.Count >= options.MostSources || _stopping.IsCancellationRequested)
            {
                log.OfferRefused(offered.Id.Brief, $"{options.MostSources} are given at the same time already");
                return;
            }

            source = new Source();
            _running.Add(offered.Id, source);
            _tasks.Run(() => GiveAsync(hub, offered, source, lost, settled));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _tasks.WhenAllEndedAsync();
        _stopping.Dispose();
    }

    private async Task GiveAsync(
        EndpointText hub, OfferedContents offered, Source source, Action lost, Action settled)
    {
        try
        {
            do
            {
                source.IsWanted = false;
                if (await GiveOnceAsync(hub, offered) is SwarmOutcome.Incomplete)
                {
                    await SettleAsync(lost, settled);
                    return;
                }
            }
            while (source.IsWanted && !_stopping.IsCancellationRequested);
        }
        catch (HostException e)
        {
            log.OfferRefused(offered.Id.Brief, e.Message);
        }
        catch (FolderException e)
        {
            log.OfferRefused(offered.Id.Brief, e.Message);
            await SettleAsync(lost, settled);
        }
        finally
        {
            lock (_gate)
            {
                _running.Remove(offered.Id);
            }
        }
    }

    // Until it is known what they are now nobody is to look for what they were.
    private async Task SettleAsync(Action lost, Action settled)
    {
        lost();
        await Task.Delay(s_settling, time, _stopping.Token);
        settled();
    }

    private async Task<SwarmOutcome> GiveOnceAsync(EndpointText hub, OfferedContents offered)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        long lastUse = time.GetTimestamp();
        long sent = 0;
        var peer = new PeerOptions
        {
            Swarm = offered.Id.Swarm,
            Hub = hub,
            Folder = "",
            Name = user,
            Listen = doors.Local,
            Door = doors.Open(offered.Id.Swarm),
            Part = PeerPart.Source,
            Key = options.Key,
            Pace = options.Pace,
            Patience = options.FileSilenceLimit,
        };
        log.OfferBegun(offered.Id.Brief, offered.Bytes);
        metrics.GiveBegan();
        try
        {
            PeerResult result =
                await PeerHost.OfferAsync(peer, offered, _self, transport, time, log, Watch, idle.Token);
            return result.Outcome;
        }
        finally
        {
            metrics.GiveEnded(sent);
            log.OfferEnded(offered.Id.Brief, sent);
        }

        void Watch(PeerProgress progress)
        {
            if (progress.BytesSent > sent || progress.CompleteMembers < progress.Members)
            {
                sent = progress.BytesSent;
                lastUse = time.GetTimestamp();
            }
            else if (time.GetElapsedTime(lastUse) > options.IdleLimit && !idle.IsCancellationRequested)
            {
                idle.Cancel();
            }
        }
    }

    private sealed class Source
    {
        private volatile bool _isWanted;

        /// <summary>Whether somebody wanted it since it was begun.</summary>
        public bool IsWanted
        {
            get => _isWanted;
            set => _isWanted = value;
        }
    }
}
