using System.Collections.Immutable;
using Shoal.Core.Content;

namespace Shoal.Core.Members;

/// <summary>Names one stay of a member in a swarm of the hub that serves the directory. Never reused.</summary>
/// <param name="Value">From 1.</param>
public readonly record struct GuestId(long Value);

/// <summary>A file that a guest shares with its swarm.</summary>
/// <param name="Name">Its name there; it is listed if a publication can have it.</param>
/// <param name="Content">What is in it.</param>
/// <param name="Bytes">How long it is.</param>
public sealed record GuestFile(string Name, ContentId Content, long Bytes);

/// <summary>A member of a swarm, as a user who is connected, and what it shares.</summary>
internal sealed class Guest(GuestId id, ConnectedUser user, Description description)
{
    private readonly OfferingUser _offers = new(user.User);
    private readonly Dictionary<PublicationName, ContentId> _contents = [];

    public GuestId Id => id;

    public ConnectedUser User => user;

    public ImmutableArray<Publication> Publications => _offers.Publications;

    /// <summary>Notes a file; false: there are so many already.</summary>
    public bool TryShare(PublicationName name, ContentId content, int most, ref long lastNumber)
    {
        if (_offers.Find(name) is null)
        {
            if (_offers.Count >= most)
            {
                return false;
            }

            _offers.Add(new Publication(++lastNumber, user.User, name, description));
        }

        _contents[name] = content;
        return true;
    }

    /// <summary>Takes away what has a content.</summary>
    public ImmutableArray<PublicationName> Lose(ContentId content)
    {
        ImmutableArray<PublicationName> lost = [.. _contents.Where(one => one.Value == content).Select(one => one.Key)];
        foreach (PublicationName name in lost)
        {
            _contents.Remove(name);
            _offers.Remove(_offers.Find(name)!);
        }

        return lost;
    }
}
