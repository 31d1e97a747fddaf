using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Members;
using Shoal.Core.Roster;

namespace Shoal.Hosts.Hub;

/// <summary>
/// Tells the hub's directory of the members of one swarm, which are its guests, each when it has said all that it has:
/// who is listed is listed with its files. Filled by the swarm's loop, which then has it told.
/// </summary>
internal sealed class SwarmGuests(string swarm, Func<UserDirectoryEvent, ValueTask> tell)
{
    private readonly Dictionary<PeerId, LinkId> _present = [];
    private readonly Dictionary<LinkId, Arrival> _arriving = [];
    private readonly Queue<UserDirectoryEvent> _news = new();

    /// <summary>Whether there is something to tell.</summary>
    public bool HasNews => _news.Count > 0;

    /// <summary>A member joined on a connection.</summary>
    public void Joined(Member member, MemberLink link)
    {
        _present[member.Id] = link.Id;
        if (member.Endpoints is [var best, ..]
            && EndpointText.TryParse(best, null, out EndpointText listening, out _) && listening.Port > 0)
        {
            link.Connection.Send(new HubMessage.Listed());
            _arriving[link.Id] = new Arrival(member.Name, link.Connection.Remote.Host, listening.Port, []);
        }
    }

    /// <summary>A member went.</summary>
    public void Gone(PeerId peer)
    {
        if (_present.Remove(peer, out LinkId link) && !_arriving.Remove(link))
        {
            _news.Enqueue(new UserDirectoryEvent.GuestGone(GuestOf(link)));
        }
    }

    /// <summary>A member said something that its swarm took.</summary>
    /// <param name="link">On which connection.</param>
    /// <param name="message">What.</param>
    /// <param name="manifests">What contents are.</param>
    public void Said(LinkId link, MemberMessage message, IReadOnlyDictionary<ContentId, Manifest> manifests)
    {
        switch (message)
        {
            // What it got from others is theirs to share.
            case MemberMessage.Share share when _present.TryGetValue(share.Origin, out LinkId own) && own == link:
                Shared(
                    link,
                    [
                        .. share.Entries.OfType<SharedEntry.File>().Where(file => manifests.ContainsKey(file.Content))
                            .Select(file =>
                                new GuestFile(file.Name.Value, file.Content, manifests[file.Content].Length)),
                    ]);
                break;
            case MemberMessage.Lose lose when _arriving.TryGetValue(link, out Arrival? arrival):
                arrival.Files.RemoveAll(file => file.Content == lose.Content);
                break;
            case MemberMessage.Lose lose:
                _news.Enqueue(new UserDirectoryEvent.GuestLost(GuestOf(link), lose.Content));
                break;
            case MemberMessage.Ready when _arriving.Remove(link, out Arrival? arrival):
                _news.Enqueue(new UserDirectoryEvent.GuestCame(
                    GuestOf(link), arrival.Name, swarm, arrival.Host, arrival.Port, [.. arrival.Files]));
                break;
            default:
                break;
        }
    }

    /// <summary>Tells what there is.</summary>
    public async ValueTask TellAsync()
    {
        while (_news.TryDequeue(out UserDirectoryEvent? news))
        {
            await tell(news);
        }
    }

    private void Shared(LinkId link, ImmutableArray<GuestFile> files)
    {
        if (_arriving.TryGetValue(link, out Arrival? arrival))
        {
            arrival.Files.AddRange(files);
        }
        else
        {
            _news.Enqueue(new UserDirectoryEvent.GuestShared(GuestOf(link), files));
        }
    }

    private static GuestId GuestOf(LinkId link) => new(link.Value);

    private sealed record Arrival(string Name, string Host, int Port, List<GuestFile> Files);
}
