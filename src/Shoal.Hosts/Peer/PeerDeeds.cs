using Microsoft.Extensions.Logging;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Storage;

namespace Shoal.Hosts.Peer;

/// <summary>What a peer's machine wants, carried out on connections and in the folder.</summary>
internal sealed class PeerDeeds(
    PeerOptions options, SwarmFolder folder, Arrivals arrivals, PeerStatus status, SwarmPeer machine,
    FolderQueue names, PeerLinks links, HubLink hub, PeerGoal? goal, ILogger log)
{
    private bool _isOver;

    /// <summary>
    /// Whether the machine is to be stopped, told once: what it came for is here, or cannot be given or had any more.
    /// </summary>
    public bool TakeOver()
    {
        bool isOver = _isOver | (goal?.TakeReached() == true);
        _isOver = false;
        return isOver;
    }

    /// <summary>Carries out what a machine wants, but for its end.</summary>
    /// <param name="now">The machine's clock.</param>
    /// <param name="effect">What it wants.</param>
    /// <exception cref="FolderException">The folder or its disk failed.</exception>
    public async ValueTask CarryOutAsync(TimeSpan now, SwarmPeerEffect effect)
    {
        switch (effect)
        {
            case SwarmPeerEffect.Upload upload:
                int length = arrivals.ManifestOf(upload.Chunk.Content)!.LengthOf(upload.Chunk.Index);
                if (upload.To == PeerId.Relay)
                {
                    hub.Upload(upload.Chunk, length);
                }
                else
                {
                    links.Upload(upload.To, upload.Chunk, length);
                }

                break;
            case SwarmPeerEffect.ToPeer to:
                links.Send(to.Peer, to.Message);
                break;
            case SwarmPeerEffect.ToHub to:
                hub.Send(to.Message);
                break;
            case SwarmPeerEffect.Dial dial:
                links.Dial(dial.Member);
                break;
            case SwarmPeerEffect.Disconnect gone:
                links.Disconnect(gone.Peer, gone.Reason);
                break;
            case SwarmPeerEffect.Prepare or SwarmPeerEffect.Place when options.Part == PeerPart.Source:
                break;
            case SwarmPeerEffect.Prepare prepare:
                arrivals.Expect(prepare.Manifest);
                folder.Prepare(prepare.Manifest);
                break;
            case SwarmPeerEffect.Place place:
                arrivals.Name(place.Share.Origin, place.Share.OriginName, place.Share.Entries);
                names.Place(place.Share);
                goal?.Named(place.Share.Entries);
                break;
            case SwarmPeerEffect.ContentComplete complete:
                string order = arrivals.Complete(now, complete.Content);
                log.ContentHere(complete.Content.Brief, arrivals.ManifestOf(complete.Content)!.ChunkCount, order);
                names.Complete(complete.Content);
                goal?.Completed(complete.Content);
                break;
            case SwarmPeerEffect.Started:
                await StartAsync(now);
                break;
            case SwarmPeerEffect.Tell tell:
                Take(tell.Note);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// The clock of the run starts; nothing has been asked for yet: is there room for what will come?
    /// </summary>
    private async ValueTask StartAsync(TimeSpan now)
    {
        arrivals.Start = now;
        status.Started();
        log.Started(options.Swarm, machine.TotalBytes - machine.HeldBytes);
        if (options.Part == PeerPart.Source)
        {
            return;
        }

        await names.DrainAsync();
        FolderSpace space = folder.MeasureSpace();
        if (!space.IsEnough)
        {
            throw new FolderException(FolderProblem.NoSpace, options.Folder,
                $"There is not enough room in '{options.Folder}': {space.Needed:N0} bytes will come and "
                + $"{space.Available:N0} are free. Make room, or choose another folder with --dir.");
        }
    }

    private void Take(SwarmNote note)
    {
        if (note is SwarmNote.MemberJoined joined)
        {
            links.Update(joined.Member);
        }
        else if (note is SwarmNote.ContentWithdrawn withdrawn)
        {
            // A source that cannot give all of it is none, and a fetcher will not get it.
            _isOver |= options.Part != PeerPart.Member;
            if (options.Part != PeerPart.Source)
            {
                folder.Forget(withdrawn.Content);
            }
        }

        status.Take(note);
    }
}
