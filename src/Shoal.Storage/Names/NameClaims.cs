using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Storage.Names;

/// <summary>A file that shall be here under a name yet to be found.</summary>
internal sealed record FileClaim(PeerId Origin, string OriginName, SharedEntry.File Entry);

/// <summary>
/// The files that shall be here and are not yet: for each content in the order of coming. Thread-safe.
/// </summary>
internal sealed class NameClaims
{
    private readonly Lock _gate = new();
    private readonly HashSet<FileClaim> _all = [];
    private readonly Dictionary<ContentId, Queue<FileClaim>> _byContent = [];

    /// <summary>Notes a claim, unless it is noted already.</summary>
    public void Add(FileClaim claim)
    {
        lock (_gate)
        {
            if (!_byContent.TryGetValue(claim.Entry.Content, out Queue<FileClaim>? claims))
            {
                _byContent[claim.Entry.Content] = claims = [];
            }

            if (_all.Add(claim))
            {
                claims.Enqueue(claim);
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
            return _byContent.TryGetValue(content, out Queue<FileClaim>? claims) ? claims.Peek() : null;
        }
    }

    /// <summary>All claims on a content.</summary>
    public FileClaim[] Of(ContentId content)
    {
        lock (_gate)
        {
            return _byContent.TryGetValue(content, out Queue<FileClaim>? claims) ? [.. claims] : [];
        }
    }

    /// <summary>Strikes out the first claim on a content: it is met.</summary>
    public void RemoveFirst(ContentId content)
    {
        lock (_gate)
        {
            if (_byContent.TryGetValue(content, out Queue<FileClaim>? claims))
            {
                _all.Remove(claims.Dequeue());
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
            if (_byContent.Remove(content, out Queue<FileClaim>? claims))
            {
                _all.ExceptWith(claims);
            }
        }
    }
}
