using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>
/// The contents of a swarm at the hub: what they are, whose they are, how they are named, and who has what. What a
/// member says of them is checked here; a reason that is returned costs it its connection.
/// </summary>
internal sealed class TrackerContents(
    OfferId? offer, SwarmCatalog catalog, SwarmHoldings holdings, TrackerRoster roster, TrackerVoice voice)
{
    private readonly TrackerShares _shares = new();

    // A content without a name cannot become a file: it is a leftover of an earlier run, and nobody has to have it.
    private readonly Dictionary<ContentId, Manifest> _unnamed = [];

    /// <summary>Tells a new member what all others were told before.</summary>
    public void TellAll(TimeSpan now, TrackerMember member, IList<SwarmTrackerEffect> effects)
    {
        foreach (HubMessage message in Everything())
        {
            TrackerVoice.ToMember(now, member, message, effects);
        }
    }

    /// <summary>All contents, their owners, and their names.</summary>
    public List<HubMessage> Everything()
    {
        var messages = new List<HubMessage>();
        var manifests = ImmutableArray.CreateBuilder<Manifest>();
        var owned = new Dictionary<PeerId, ImmutableArray<ContentId>.Builder>();
        foreach (CatalogContent content in catalog.Contents)
        {
            if (content.IsWithdrawn)
            {
                continue;
            }

            manifests.Add(content.Manifest);
            if (content.Owner is { } owner)
            {
                owned.TryAdd(owner, ImmutableArray.CreateBuilder<ContentId>());
                owned[owner].Add(content.Id);
            }
        }

        if (manifests.Count > 0)
        {
            messages.Add(new HubMessage.Describe(manifests.ToImmutable()));
        }

        messages.AddRange(owned.Select(pair => new HubMessage.Own(pair.Key, pair.Value.ToImmutable())));
        messages.AddRange(_shares.All);
        return messages;
    }

    /// <summary>Notes contents; they count when somebody names them.</summary>
    public string? Describe(ImmutableArray<Manifest> manifests)
    {
        if (catalog.Contents.Count + _unnamed.Count + manifests.Length > SwarmTracker.MostContents)
        {
            return $"the swarm would have more than {SwarmTracker.MostContents} contents";
        }

        foreach (Manifest manifest in manifests)
        {
            if (catalog.Find(manifest.Id) is null)
            {
                _unnamed.TryAdd(manifest.Id, manifest);
            }
        }

        return null;
    }

    public string? Share(
        TimeSpan now, TrackerMember member, MemberMessage.Share share, IList<SwarmTrackerEffect> effects)
    {
        if (offer is { } only && OfferId.Of(share.Entries) != only)
        {
            return "it shared something else than what this swarm is for";
        }

        foreach (SharedEntry entry in share.Entries)
        {
            if (entry is SharedEntry.File file
                && catalog.Find(file.Content) is null && !_unnamed.ContainsKey(file.Content))
            {
                return $"it shared '{file.Name}' without describing its content";
            }
        }

        if (TrackerShares.FindClash(share.Entries) is { } name)
        {
            return $"it shared '{name}' as more than one thing";
        }

        AdmitNamed(now, member, share.Entries, effects);
        int order = roster.Find(share.Origin)?.Member.JoinOrder ?? member.Member.JoinOrder;
        if (_shares.Add(share, order) is { } news)
        {
            voice.ToOthers(now, member, news, effects);
        }

        return null;
    }

    private void AdmitNamed(
        TimeSpan now, TrackerMember member, ImmutableArray<SharedEntry> entries, IList<SwarmTrackerEffect> effects)
    {
        var news = ImmutableArray.CreateBuilder<Manifest>();
        foreach (SharedEntry entry in entries)
        {
            if (entry is SharedEntry.File file && _unnamed.Remove(file.Content, out Manifest? manifest)
                && catalog.TryAdd(manifest, out CatalogContent content))
            {
                news.Add(manifest);
                foreach (TrackerMember holder in roster.Present)
                {
                    if (holder.Unnamed.Remove(manifest.Id, out Bitfield? chunks))
                    {
                        AddAll(holder, content, chunks);
                    }
                }
            }
        }

        if (news.Count > 0)
        {
            voice.ToOthers(now, member, new HubMessage.Describe(news.ToImmutable()), effects);
        }
    }

    public string? Hold(TrackerMember member, ImmutableArray<Holding> said)
    {
        foreach (Holding holding in said)
        {
            CatalogContent? content = catalog.Find(holding.Content);
            int? count = content?.ChunkCount ?? _unnamed.GetValueOrDefault(holding.Content)?.ChunkCount;
            if (count != holding.Chunks.Count)
            {
                return $"its bitfield does not fit content {holding.Content.Brief}";
            }

            if (content is null)
            {
                member.Unnamed[holding.Content] = holding.Chunks;
            }
            else
            {
                AddAll(member, content, holding.Chunks);
            }
        }

        return null;
    }

    private void AddAll(TrackerMember member, CatalogContent content, Bitfield chunks)
    {
        for (int i = 0; i < content.ChunkCount; i++)
        {
            if (chunks[i])
            {
                holdings.Add(member, content.FirstChunk + i);
            }
        }
    }

    public string? Have(TrackerMember member, ImmutableArray<ChunkRef> chunks)
    {
        foreach (ChunkRef chunk in chunks)
        {
            int number = catalog.NumberOf(chunk);
            if (number < 0)
            {
                return $"there is no chunk {chunk}";
            }

            holdings.Add(member, number);
        }

        return null;
    }

    /// <summary>A content is owned by the member that had all of it when nobody else had any of it.</summary>
    public void TellOwners(TimeSpan now, TrackerMember member, IList<SwarmTrackerEffect> effects)
    {
        var owned = ImmutableArray.CreateBuilder<ContentId>();
        var disowned = ImmutableArray.CreateBuilder<ContentId>();
        foreach (CatalogContent content in catalog.Contents)
        {
            if (content.ChunkCount == 0 || !HasAll(member, content))
            {
                continue;
            }

            if (content.Owner is { } owner && owner != member.Id)
            {
                content.Owner = null;
                disowned.Add(content.Id);
            }
            else if (content.Owner is null && holdings.AvailabilityOf(content.FirstChunk) == 1)
            {
                content.Owner = member.Id;
                owned.Add(content.Id);
            }
        }

        if (owned.Count > 0)
        {
            voice.ToAll(now, new HubMessage.Own(member.Id, owned.ToImmutable()), effects);
        }

        if (disowned.Count > 0)
        {
            voice.ToAll(now, new HubMessage.Own(null, disowned.ToImmutable()), effects);
        }
    }

    /// <summary>A member has a content no longer; if with it a chunk is gone, nobody has to have it any more.</summary>
    public void Lose(TimeSpan now, TrackerMember member, ContentId id, IList<SwarmTrackerEffect> effects)
    {
        if (catalog.Find(id) is not { IsWithdrawn: false } content || !HasAll(member, content))
        {
            return;
        }

        bool isGone = false;
        member.WaivedChunks += content.ChunkCount;
        for (int chunk = content.FirstChunk; chunk < content.FirstChunk + content.ChunkCount; chunk++)
        {
            holdings.Remove(member, chunk);
            isGone |= holdings.AvailabilityOf(chunk) == 0;
        }

        if (content.Owner == member.Id)
        {
            content.Owner = null;
            voice.ToAll(now, new HubMessage.Own(null, [id]), effects);
        }

        if (isGone && offer is not null)
        {
            TellGone(now, member, id, effects);
        }
        else if (isGone && catalog.Withdraw(content))
        {
            foreach (TrackerMember other in roster.Present)
            {
                for (int chunk = content.FirstChunk; chunk < content.FirstChunk + content.ChunkCount; chunk++)
                {
                    holdings.Remove(other, chunk);
                }
            }

            member.WaivedChunks -= content.ChunkCount;
            _shares.Withdraw(id);
            voice.ToAll(now, new HubMessage.Lost(id, member.Id), effects);
            effects.Add(new SwarmTrackerEffect.Tell(new SwarmNote.ContentWithdrawn(id, member.Id)));
        }
    }

    // Others who offer it may have been called and be on their way: it stays what this swarm is for, and who comes with
    // it brings it back. Whoever has not said yet what it has is one of those.
    private void TellGone(TimeSpan now, TrackerMember by, ContentId id, IList<SwarmTrackerEffect> effects)
    {
        foreach (TrackerMember other in roster.Present.Where(other => other.IsReady && other != by))
        {
            TrackerVoice.ToMember(now, other, new HubMessage.Lost(id, by.Id), effects);
        }

        effects.Add(new SwarmTrackerEffect.Tell(new SwarmNote.ContentWithdrawn(id, by.Id)));
    }

    private static bool HasAll(TrackerMember member, CatalogContent content)
    {
        for (int chunk = content.FirstChunk; chunk < content.FirstChunk + content.ChunkCount; chunk++)
        {
            if (!member.Has.Contains(chunk))
            {
                return false;
            }
        }

        return true;
    }
}
