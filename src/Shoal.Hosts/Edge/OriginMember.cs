using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Roster;

namespace Shoal.Hosts.Edge;

/// <summary>An edge or a client, as the origin knows it.</summary>
internal sealed class OriginMember(TierMember id, string name, TierLink link, TierMessage.Attend attend)
{
    public TierMember Id { get; } = id;

    public TierLink Link { get; } = link;

    public PeerId Peer => Link.Peer;

    public TierRole Role { get; } = attend.Role;

    /// <summary>The name that it would like, with a suffix if another one here has it.</summary>
    public string Name { get; } = name;

    public long Capacity { get; } = attend.Capacity;

    public ImmutableArray<string> Endpoints { get; } = attend.Endpoints;

    public bool IsReady { get; set; }

    /// <summary>What it said that it has of contents.</summary>
    public Dictionary<ContentId, Bitfield> Held { get; } = [];

    /// <summary>What it has named since it was last answered.</summary>
    public List<SharedEntry.File> Named { get; } = [];

    /// <summary>Names since then that there are not.</summary>
    public List<EntryName> Unknown { get; } = [];

    /// <summary>What it was answered last, until it says what it has of it.</summary>
    public Queue<ImmutableArray<SharedEntry.File>> Answered { get; } = [];

    /// <summary>What it was told of: contents, and under which names.</summary>
    public HashSet<SharedEntry.File> Told { get; } = [];

    /// <summary>How many names it has sent.</summary>
    public int Names { get; set; }
}
