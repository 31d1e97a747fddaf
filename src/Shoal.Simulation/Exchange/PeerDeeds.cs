using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Time;

namespace Shoal.Simulation.Exchange;

/// <summary>What peers' machines want, carried out in the world: most of it becomes later events.</summary>
internal sealed class PeerDeeds(WorldFrame frame, PeerMesh mesh, Dictionary<PeerId, SimulatedPeer> peers)
{
    /// <summary>Carries out what a machine wants, but for its end.</summary>
    public void CarryOut(SimulatedPeer peer, SwarmPeerEffect effect)
    {
        switch (effect)
        {
            case SwarmPeerEffect.ToPeer to:
                if (peer.Sessions.TryGetValue(to.Peer, out PeerSession? told))
                {
                    frame.Ledger.CheckMessage(frame.Now, peer.Index, told.Other(peer).Index, to.Message);
                    mesh.Say(peer, told, to.Message);
                }

                break;
            case SwarmPeerEffect.Upload upload when upload.To == PeerId.Relay:
                if (peer is { Hub: { } link, IsWithholding: false })
                {
                    mesh.UploadToHub(link, frame.Ledger.CheckUpload(frame.Now, peer.Index, upload.Chunk));
                }

                break;
            case SwarmPeerEffect.Upload upload:
                if (peer.Sessions.TryGetValue(upload.To, out PeerSession? session))
                {
                    mesh.Upload(peer, session, frame.Ledger.CheckUpload(frame.Now, peer.Index, upload.Chunk));
                }

                break;
            case SwarmPeerEffect.ToHub to:
                if (peer.Hub is { } hub)
                {
                    frame.Across(new WorldEvent(WorldEventKind.FromMember, -1, peer.Index, hub, to.Message));
                }

                break;
            case SwarmPeerEffect.Dial dial:
                mesh.Dial(peer, peers[dial.Member.Id]);
                break;
            case SwarmPeerEffect.Disconnect disconnect:
                Disconnect(peer, disconnect.Peer);
                break;
            case SwarmPeerEffect.Place place:
                peer.Placed.Add(new MemberMessage.Share(
                    place.Share.Origin, place.Share.OriginName, place.Share.Entries));
                break;
            default:
                break;
        }
    }

    private void Disconnect(SimulatedPeer peer, PeerId other)
    {
        peer.Dialled.Remove(peers[other].Index);
        if (peer.Sessions.TryGetValue(other, out PeerSession? session))
        {
            mesh.Close(peer, session);
            frame.Later(
                VirtualTime.Zero, new WorldEvent(WorldEventKind.ConnectionEnded, peer.Index, peer.Life, session));
        }
    }
}
