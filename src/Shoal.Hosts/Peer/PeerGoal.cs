using Shoal.Core.Content;
using Shoal.Storage;

namespace Shoal.Hosts.Peer;

/// <summary>
/// Tells a fetcher when it has what its swarm is for. All that it knows of may be here before it knows of everything,
/// so it is done when the names are here that the swarm is named by, and a content for each.
/// </summary>
internal sealed class PeerGoal(OfferId offer)
{
    private readonly HashSet<ContentId> _here = [];
    private HashSet<ContentId>? _wanted;

    /// <summary>Whether everything was here when last looked.</summary>
    public bool IsReached { get; private set; }

    /// <summary>What is in the folder from an earlier attempt.</summary>
    public void Found(FolderContents contents)
    {
        var held = contents.Holdings.ToDictionary(holding => holding.Content, holding => holding.Chunks);
        foreach (Manifest manifest in contents.Manifests)
        {
            if (manifest.BytesOf(held.GetValueOrDefault(manifest.Id)) == manifest.Length)
            {
                Completed(manifest.Id);
            }
        }
    }

    /// <summary>The names that somebody shares.</summary>
    public void Named(IReadOnlyCollection<SharedEntry> entries)
    {
        if (_wanted is null && OfferId.Of([.. entries]) == offer)
        {
            _wanted = [.. entries.OfType<SharedEntry.File>().Select(file => file.Content)];
        }
    }

    /// <summary>A content is complete.</summary>
    public void Completed(ContentId content) => _here.Add(content);

    /// <summary>True once: everything is here.</summary>
    public bool TakeReached()
    {
        bool isReached = !IsReached && _wanted is not null && _wanted.IsSubsetOf(_here);
        IsReached |= isReached;
        return isReached;
    }
}
