using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Storage.Names;

/// <summary>A file that shall be here under a name yet to be found.</summary>
internal sealed record FileClaim(PeerId Origin, string OriginName, SharedEntry.File Entry);

/// <summary>
/// The files that shall be here and are not yet: for each content in the order in which their owners joined, so
/// that every folder gets the same, whatever came first. Thread-safe.
/// </summary>
internal sealed class NameClaims
{
    private readonly record struct Ordered(int Order, FileClaim Claim);

    private readonly Lock _gate = new();
    private readonly HashSet<FileClaim> _all = [];
    private readonly Dictionary<ContentId, List<Ordered>> _byContent = [];

    /// <summary>Notes a claim, unless it is noted already.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="order">When its owner joined; of two who are alike the one that comes first goes first.</param>
    public void Add(FileClaim claim, int order)
    {
        lock (_gate)
        {
            if (!_byContent.TryGetValue(claim.Entry.Content, out List<Ordered>? claims))
            {
                _byContent[claim.Entry.Content] = claims = [];
            }

            if (_all.Add(claim))
            {
                int place = claims.FindIndex(other => other.Order > order);
                claims.Insert(place < 0 ? claims.Count : place, new Ordered(order, claim));
            }
        }
    }

    /// <summary>Whether a claim is noted.</summary>
    public bool Contains(FileClaim claim)
    {
        lock (_gate)
        {
            return _all.Contains(claim);
        }
    }

    /// <summary>The first claim on a content; null if there is none.</summary>
    public FileClaim? First(ContentId content)
    {
        lock (_gate)
        {
            return _byContent.TryGetValue(content, out List<Ordered>? claims) ? claims[0].Claim : null;
        }
    }

    /// <summary>All claims on a content.</summary>
    public FileClaim[] Of(ContentId content)
    {
        lock (_gate)
        {
            return _byContent.TryGetValue(content, out List<Ordered>? claims)
                ? [.. claims.Select(other => other.Claim)]
                : [];
        }
    }

    /// <summary>Strikes out the first claim on a content: it is met.</summary>
    public void RemoveFirst(ContentId content)
    {
        lock (_gate)
        {
            if (_byContent.TryGetValue(content, out List<Ordered>? claims))
            {
                _all.Remove(claims[0].Claim);
                claims.RemoveAt(0);
                if (claims.Count == 0)
                {
                    _byContent.Remove(content);
                }
            }
        }
    }

    /// <summary>Strikes out all claims on a content.</summary>
    public void Forget(ContentId content)
    {
        lock (_gate)
        {
            if (_byContent.Remove(content, out List<Ordered>? claims))
            {
                _all.ExceptWith(claims.Select(other => other.Claim));
            }
        }
    }
}
