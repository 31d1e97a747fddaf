using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>
/// Tells others what has come: at once those who wait for this peer to hand a chunk on, everybody else, and the hub,
/// at the next tick.
/// </summary>
internal sealed class PeerAnnouncements(
    SwarmPeerOptions options, PeerChunks chunks, ChunkPicker picker, Dictionary<PeerId, Neighbour> neighbours,
    HubLine hub)
{
    private readonly List<int> _untold = [];
    private readonly List<ChunkRef> _unreported = [];

    /// <summary>A chunk is here from now on.</summary>
    public void Add(TimeSpan now, int chunk, IList<SwarmPeerEffect> effects)
    {
        ChunkRef name = chunks.Catalog.RefOf(chunk);
        _unreported.Add(name);
        _untold.Add(chunk);
        PeerId? owner = chunks.Catalog.ContentOf(chunk).Owner;
        DistributionPlan? plan = picker.Plan;
        bool isEverybodys = options.Policy == PickPolicy.Rarest;
        bool isForwarded = options.Policy == PickPolicy.Planned && plan?.IsForwarder(options.Peer, name, owner) == true;
        if (!isEverybodys && !isForwarded)
        {
            return;
        }

        PeerMessage.Have? have = null;
        foreach (Neighbour neighbour in neighbours.Values)
        {
            bool isWaiting = isEverybodys || plan!.TreeCount == 0
                || plan.SourceFor(neighbour.Id, name, owner) == options.Peer;
            if (isWaiting && !neighbour.IsRelay && !neighbour.Has.Contains(chunk))
            {
                have ??= new PeerMessage.Have([name]);
                neighbour.Say(now, have, effects);
            }
        }
    }

    /// <summary>Tells the neighbours what is left to tell, but for chunks that they have.</summary>
    public void TellNeighbours(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        if (_untold.Count == 0)
        {
            return;
        }

        foreach (Neighbour neighbour in neighbours.Values.Where(neighbour => !neighbour.IsRelay))
        {
            var news = ImmutableArray.CreateBuilder<ChunkRef>();
            foreach (int chunk in _untold)
            {
                if (!neighbour.Has.Contains(chunk))
                {
                    news.Add(chunks.Catalog.RefOf(chunk));
                }
            }

            if (news.Count > 0)
            {
                neighbour.Say(now, new PeerMessage.Have(news.ToImmutable()), effects);
            }
        }

        _untold.Clear();
    }

    /// <summary>Tells the hub what is left to tell.</summary>
    public void TellHub(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        if (_unreported.Count > 0 && hub.IsUp)
        {
            hub.Say(now, new MemberMessage.Have([.. _unreported]), effects);
            _unreported.Clear();
        }
    }

    /// <summary>The hub has just been told everything in another way.</summary>
    public void ForgetHub() => _unreported.Clear();
}
