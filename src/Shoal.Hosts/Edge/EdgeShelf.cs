using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Storage;

namespace Shoal.Hosts.Edge;

/// <summary>
/// What an edge holds, and that it never is more than its capacity: a content counts in full from the start of its fill
/// until it is given up.
/// </summary>
internal sealed class EdgeShelf(SwarmFolder folder, long capacity)
{
    private readonly Dictionary<ContentId, Manifest> _held = [];

    public long Bytes { get; private set; }

    public long PeakBytes { get; private set; }

    public int Count => _held.Count;

    /// <summary>Takes over what an earlier run left, as far as it fits, the smallest first.</summary>
    /// <returns>What is held of each content.</returns>
    public ImmutableArray<Holding> TakeOver(FolderContents contents)
    {
        var kept = ImmutableArray.CreateBuilder<Holding>();
        var manifests = contents.Manifests.ToDictionary(manifest => manifest.Id);
        foreach (Holding holding in contents.Holdings.OrderBy(holding => manifests[holding.Content].Length))
        {
            if (TryTake(manifests[holding.Content]))
            {
                kept.Add(holding);
            }
            else
            {
                folder.GiveUp(holding.Content);
            }
        }

        return kept.ToImmutable();
    }

    /// <summary>What is held of each content just now.</summary>
    public ImmutableArray<Holding> ToHoldings() =>
        [.. _held.Keys.Select(content => new Holding(content, folder.ChunksOf(content)!))];

    public Manifest? Find(ContentId content) => _held.GetValueOrDefault(content);

    /// <summary>Makes room for a content; false: there is none.</summary>
    public bool TryTake(Manifest manifest)
    {
        if (_held.ContainsKey(manifest.Id))
        {
            return true;
        }

        if (manifest.Length > capacity - Bytes)
        {
            return false;
        }

        _held.Add(manifest.Id, manifest);
        Bytes += manifest.Length;
        PeakBytes = Math.Max(PeakBytes, Bytes);
        folder.Prepare(manifest);
        return true;
    }

    public void GiveUp(ContentId content)
    {
        if (_held.Remove(content, out Manifest? manifest))
        {
            folder.GiveUp(content);
            Bytes -= manifest.Length;
        }
    }
}
