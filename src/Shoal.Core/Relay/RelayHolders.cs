using Shoal.Core.Roster;

namespace Shoal.Core.Relay;

/// <summary>The members of a swarm that use the relay, and which of them is to send a chunk.</summary>
internal sealed class RelayHolders
{
    private readonly Dictionary<PeerId, RelayMember> _byId = [];
    private readonly List<RelayMember> _order = [];

    /// <summary>All of them, in the order of joining.</summary>
    public IReadOnlyList<RelayMember> All => _order;

    public RelayMember? Find(PeerId peer) => _byId.GetValueOrDefault(peer);

    public void Add(PeerId peer)
    {
        var member = new RelayMember(peer);
        _byId.Add(peer, member);
        _order.Add(member);
    }

    public void Remove(RelayMember member)
    {
        _byId.Remove(member.Id);
        _order.Remove(member);
    }

    /// <summary>Makes it somebody's turn to send a chunk: of its holders the one with the least before it.</summary>
    public void Assign(RelayChunk chunk, RelayMember? except)
    {
        RelayMember? best = null;
        foreach (RelayMember member in _order)
        {
            if (member != except && !member.IsBanned && member.Has.Contains(chunk.Number) && IsBetter(member, best))
            {
                best = member;
            }
        }

        chunk.Holder = best;
        if (best is not null && best.Queued.Add(chunk.Number))
        {
            best.Queue.Enqueue(chunk.Number);
        }
    }

    /// <summary>Makes it another holder's turn, or the same one's again if there is no other.</summary>
    public void Reassign(RelayChunk chunk, RelayMember holder)
    {
        Assign(chunk, except: holder);
        if (chunk.Holder is null)
        {
            Assign(chunk, except: null);
        }
    }

    /// <summary>Whether somebody else has a chunk and is thought to answer.</summary>
    public bool HasOther(RelayChunk chunk, RelayMember holder) => _order.Exists(
        other => other != holder && other is { IsBanned: false, IsLate: false } && other.Has.Contains(chunk.Number));

    /// <summary>Whether somebody lacks a chunk, as far as is known.</summary>
    public bool IsLacked(RelayChunk chunk) =>
        _order.Exists(member => !member.Has.Contains(chunk.Number) && !chunk.Served.Contains(member));

    private static bool IsBetter(RelayMember member, RelayMember? best) =>
        best is null || (member.IsLate == best.IsLate
            ? member.Queue.Count + member.Asked.Count < best.Queue.Count + best.Asked.Count
            : best.IsLate);
}
