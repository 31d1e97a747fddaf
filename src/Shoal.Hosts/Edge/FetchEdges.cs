using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Hosts.Common;

namespace Shoal.Hosts.Edge;

/// <summary>A client's connections with edges: each that is there is dialled until it answers or goes.</summary>
internal sealed class FetchEdges(TierShell shell)
{
    private readonly Dictionary<PeerId, Known> _known = [];

    private sealed class Known(string name, ImmutableArray<string> endpoints, PeerDialing dialing)
    {
        public string Name { get; } = name;

        public ImmutableArray<string> Endpoints { get; } = endpoints;

        public PeerDialing Dialing { get; } = dialing;

        public TierLink? Link { get; set; }

        /// <summary>When it was connected last.</summary>
        public TimeSpan UpSince { get; set; }

        /// <summary>What it is to be asked for once it is connected.</summary>
        public List<Holding> Waiting { get; } = [];
    }

    public string NameOf(PeerId edge) => _known.TryGetValue(edge, out Known? known) ? known.Name : edge.Brief;

    public bool IsEdge(TierLink link) => _known.TryGetValue(link.Peer, out Known? known) && known.Link == link;

    /// <summary>An edge is here.</summary>
    public void Meet(PeerId edge, string name, ImmutableArray<string> endpoints)
    {
        Part(edge);
        var known = new Known(name, endpoints, new PeerDialing(shell.Tasks, shell.Time, shell.Stopping));
        _known[edge] = known;
        known.Dialing.Begin(stop => ConnectAsync(edge, endpoints, stop));
    }

    /// <summary>An edge has gone; what it was asked for comes otherwise.</summary>
    public void Part(PeerId edge)
    {
        if (_known.Remove(edge, out Known? known))
        {
            known.Dialing.Stop();
            if (known.Link is { } link)
            {
                shell.Tasks.Run(() => link.CloseAsync("the origin says that it has gone", TimeSpan.FromSeconds(1)));
            }
        }
    }

    /// <summary>Asks an edge for what a content lacks; false: there is no such edge.</summary>
    public bool TryAsk(PeerId edge, Holding held)
    {
        if (!_known.TryGetValue(edge, out Known? known))
        {
            return false;
        }

        if (known.Link is { } link)
        {
            link.Send(new PeerMessage.Hold([held]));
        }
        else
        {
            known.Waiting.Add(held);
        }

        return true;
    }

    /// <summary>A connection is up; false: it is no edge's.</summary>
    public bool Up(TierLink link)
    {
        if (!_known.TryGetValue(link.Peer, out Known? known) || known.Link is not null)
        {
            return false;
        }

        known.Link = link;
        known.UpSince = shell.Loop.Now;
        known.Dialing.Stop();
        if (known.Waiting.Count > 0)
        {
            link.Send(new PeerMessage.Hold([.. known.Waiting]));
            known.Waiting.Clear();
        }

        return true;
    }

    /// <summary>A connection is down; an edge that has not gone is dialled again.</summary>
    public void Down(TierLink link)
    {
        if (_known.TryGetValue(link.Peer, out Known? known) && known.Link == link)
        {
            known.Link = null;
            known.Dialing.BeginAgain(
                stop => ConnectAsync(link.Peer, known.Endpoints, stop), shell.Loop.Now - known.UpSince);
        }
    }

    /// <summary>An edge did not answer: what waits for it is not to wait any longer.</summary>
    public ImmutableArray<ContentId> TakeWaiting(PeerId edge)
    {
        if (!_known.TryGetValue(edge, out Known? known))
        {
            return [];
        }

        ImmutableArray<ContentId> waiting = [.. known.Waiting.Select(held => held.Content)];
        known.Waiting.Clear();
        return waiting;
    }

    private async Task<bool> ConnectAsync(
        PeerId edge, ImmutableArray<string> endpoints, CancellationToken cancellationToken)
    {
        bool isConnected = await shell.DialAsync(edge, endpoints, cancellationToken) is not null;
        if (!isConnected)
        {
            await shell.Loop.PostAsync(new TierHostEvent.Undialled(edge), cancellationToken);
        }

        return isConnected;
    }
}
