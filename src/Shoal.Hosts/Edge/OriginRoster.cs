using Shoal.Core.Content;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Roster;

namespace Shoal.Hosts.Edge;

/// <summary>The edges and clients that an origin is connected with.</summary>
internal sealed class OriginRoster
{
    private readonly Dictionary<TierLink, OriginMember> _byLink = [];
    private readonly Dictionary<TierMember, OriginMember> _byId = [];
    private readonly Dictionary<PeerId, OriginMember> _byPeer = [];
    private int _last;

    public IEnumerable<OriginMember> All => _byLink.Values;

    public IEnumerable<OriginMember> Of(TierRole role) => All.Where(member => member.Role == role);

    public OriginMember? Find(TierLink link) => _byLink.GetValueOrDefault(link);

    public OriginMember? Find(TierMember id) => _byId.GetValueOrDefault(id);

    public OriginMember? Find(PeerId peer) => _byPeer.GetValueOrDefault(peer);

    /// <summary>Takes in somebody who is not here yet.</summary>
    public OriginMember Add(TierLink link, TierMessage.Attend attend)
    {
        string name = FreeName.Of(attend.Name, taken => All.Any(other => other.Name == taken));
        var member = new OriginMember(new TierMember(++_last), name, link, attend);
        _byLink.Add(link, member);
        _byId.Add(member.Id, member);
        _byPeer.Add(link.Peer, member);
        return member;
    }

    /// <summary>Lets somebody go; null: nobody of that connection is here.</summary>
    public OriginMember? Remove(TierLink link)
    {
        if (_byLink.Remove(link, out OriginMember? member))
        {
            _byId.Remove(member.Id);
            _byPeer.Remove(link.Peer);
        }

        return member;
    }

    /// <summary>Sends nobody more of a content.</summary>
    public void Stop(ContentId content)
    {
        foreach (OriginMember member in All)
        {
            member.Link.Uploads.Stop(content);
        }
    }

    public void SendClients(TierMessage message)
    {
        foreach (OriginMember client in Of(TierRole.Client))
        {
            client.Link.Send(message);
        }
    }
}
