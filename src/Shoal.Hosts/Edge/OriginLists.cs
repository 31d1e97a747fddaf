using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Storage;

namespace Shoal.Hosts.Edge;

/// <summary>Looks up what clients name, and answers them.</summary>
internal sealed class OriginLists(OriginCatalog catalog, ILogger log)
{
    /// <summary>Names that one client may send.</summary>
    public const int MostNames = EdgeDemand.MostRequests;

    /// <summary>Takes names; false: there are too many.</summary>
    public bool TryWant(OriginMember member, ImmutableArray<EntryName> names)
    {
        member.Names += names.Length;
        if (member.Names > MostNames)
        {
            return false;
        }

        foreach (EntryName name in names)
        {
            if (catalog.Find(name) is { } file)
            {
                Name(member, file);
            }
            else
            {
                member.Unknown.Add(name);
            }
        }

        return true;
    }

    /// <summary>Takes all names like a glob.</summary>
    public void Match(OriginMember member, string glob)
    {
        foreach (SharedEntry.File file in catalog.Like(glob))
        {
            Name(member, file);
        }
    }

    /// <summary>Says what is behind the names that were taken since the last answer.</summary>
    public void Answer(OriginMember member)
    {
        ImmutableArray<SharedEntry.File> entries = [.. member.Named];
        member.Link.Send(new TierMessage.Describe(
            [.. entries.Select(entry => entry.Content).Distinct().Select(catalog.ManifestOf)]));
        member.Link.Send(new TierMessage.Share([.. entries]));
        if (member.Unknown.Count > 0)
        {
            member.Link.Send(new TierMessage.Unknown([.. member.Unknown]));
        }

        member.Link.Send(new TierMessage.Listed());
        if (entries.Length > 0 || member.Unknown.Count > 0)
        {
            log.Listed(member.Name, entries.Length, member.Unknown.Count);
        }

        member.Answered.Enqueue(entries);
        member.Named.Clear();
        member.Unknown.Clear();
    }

    /// <summary>Says what is behind names that somebody asks for at an edge; nothing of it is noted.</summary>
    public void Tell(OriginMember edge, ImmutableArray<EntryName> names)
    {
        SharedEntry.File[] found = [.. names.Select(catalog.Find).OfType<SharedEntry.File>()];
        edge.Link.Send(new TierMessage.Describe(
            [.. found.Select(entry => entry.Content).Distinct().Select(catalog.ManifestOf)]));
        edge.Link.Send(new TierMessage.Share([.. found]));
        edge.Link.Send(new TierMessage.Unknown([.. names.Where(name => catalog.Find(name) is null)]));
    }

    /// <summary>Tells a client that named a file what it is now; null: nothing.</summary>
    public static void Replace(OriginMember member, SharedEntry.File before, OwnFile? now)
    {
        if (!member.Told.Remove(before))
        {
            return;
        }

        if (now is null)
        {
            member.Link.Send(new TierMessage.Unknown([before.Name]));
            return;
        }

        member.Told.Add(now.Entry);
        member.Link.Send(new TierMessage.Describe([now.Manifest]));
        member.Link.Send(new TierMessage.Share([now.Entry]));
    }

    /// <summary>The contents behind names that a client does not have, in order.</summary>
    public ImmutableArray<ContentId> LackingOf(OriginMember member, ImmutableArray<SharedEntry.File> entries)
    {
        var lacking = ImmutableArray.CreateBuilder<ContentId>();
        foreach (SharedEntry.File entry in entries)
        {
            bool isHere = member.Held.TryGetValue(entry.Content, out Bitfield? chunks) && chunks.IsComplete;
            if (!isHere && catalog.ManifestOf(entry.Content).ChunkCount > 0)
            {
                lacking.Add(entry.Content);
            }
        }

        return lacking.ToImmutable();
    }

    private static void Name(OriginMember member, SharedEntry.File file)
    {
        if (member.Told.Add(file))
        {
            member.Named.Add(file);
        }
    }
}
