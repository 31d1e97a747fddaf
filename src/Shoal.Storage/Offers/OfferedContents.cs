using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Storage.Contents;

namespace Shoal.Storage.Offers;

/// <summary>A file or a folder that is offered, with all that others need to know to fetch it in chunks.</summary>
public sealed class OfferedContents
{
    internal OfferedContents(
        string root, ImmutableArray<SharedEntry> entries,
        ImmutableArray<(ContentFile File, Manifest Manifest)> files)
    {
        Root = root;
        Entries = entries;
        Files = files;
        Id = OfferId.Of(entries);
        Bytes = files.Sum(file => file.Manifest.Length);
    }

    /// <summary>Names it for everybody.</summary>
    public OfferId Id { get; }

    /// <summary>How long it is, all its files together.</summary>
    public long Bytes { get; }

    /// <summary>Its names, as they are exchanged.</summary>
    public ImmutableArray<SharedEntry> Entries { get; }

    /// <summary>Below which folder its files are.</summary>
    internal string Root { get; }

    /// <summary>Its files, as they lie there.</summary>
    internal ImmutableArray<(ContentFile File, Manifest Manifest)> Files { get; }

    /// <summary>The same as what a peer found in its folder.</summary>
    /// <param name="self">Who offers it.</param>
    /// <param name="name">The name for people.</param>
    public FolderContents Describe(PeerId self, string name)
    {
        ImmutableArray<Manifest> manifests =
            [.. Files.Select(file => file.Manifest).DistinctBy(manifest => manifest.Id)];
        return new FolderContents
        {
            Manifests = manifests,
            Shares = [new MemberMessage.Share(self, name, Entries)],
            Holdings = [.. manifests.Select(one => new Holding(one.Id, Bitfield.Full(one.ChunkCount)))],
            Notes = [],
            HashedBytes = 0,
        };
    }
}

/// <summary>What became of an attempt to offer something.</summary>
/// <param name="Contents">What it is; null: it cannot be offered now.</param>
/// <param name="Reason">Why not, for people.</param>
public sealed record OfferLook(OfferedContents? Contents, string? Reason);
