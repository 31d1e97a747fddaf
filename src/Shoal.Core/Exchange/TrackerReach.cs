using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>
/// Which members cannot reach each other, and what each can therefore have through the relay: the chunks of all those
/// whom it has no connection with. Who is told to wait for a direct path does not: a pair is relayed as soon as one
/// side has failed, and until one side says that it is connected.
/// </summary>
internal sealed class TrackerReach(SwarmTrackerOptions options, SwarmCatalog catalog, TrackerRoster roster)
{
    private readonly ChunkSet _target = new();

    /// <summary>Whether chunks between two members pass the hub.</summary>
    public static bool IsRelayed(TrackerMember one, TrackerMember other)
    {
        return one.Member.Relay != RelayUse.Never && other.Member.Relay != RelayUse.Never && IsWalled(one, other);
    }

    /// <summary>Whether two members have no connection and do not expect one.</summary>
    public static bool IsWalled(TrackerMember one, TrackerMember other)
    {
        if (one == other)
        {
            return false;
        }

        Reachability? there = other.Reach.TryGetValue(one.Id, out Reachability said) ? said : null;
        Reachability? here = one.Reach.TryGetValue(other.Id, out said) ? said : null;
        return one.Member.Relay == RelayUse.Always || other.Member.Relay == RelayUse.Always
            || (here != Reachability.Direct && there != Reachability.Direct
                && (here == Reachability.Unreachable || there == Reachability.Unreachable));
    }

    /// <summary>A member has or has not a connection with another: the other side is to try too.</summary>
    /// <returns>Whether there is a wall between the two that was not there, or none that was.</returns>
    public bool Said(TimeSpan now, TrackerMember member, MemberMessage.Reach said, IList<SwarmTrackerEffect> effects)
    {
        if (roster.Find(said.Peer) is not { IsPresent: true } other || other == member)
        {
            return false;
        }

        bool wasWalled = IsWalled(member, other);
        bool isNews = !member.Reach.TryGetValue(said.Peer, out Reachability known) || known != said.State;
        member.Reach[said.Peer] = said.State;
        member.AreOffersStale = other.AreOffersStale = true;
        if (isNews && said.State == Reachability.Unreachable && !member.Member.Endpoints.IsEmpty)
        {
            TrackerVoice.ToMember(now, other, new HubMessage.Call(member.Id), effects);
        }

        return IsWalled(member, other) != wasWalled;
    }

    /// <summary>Somebody came or went, or has other contents than before: all offers are to be looked at.</summary>
    public void Changed()
    {
        foreach (TrackerMember member in roster.Present)
        {
            member.AreOffersStale = true;
        }
    }

    /// <summary>A member has chunks from now on: they are offered to those who cannot reach it.</summary>
    public void Gained(
        TimeSpan now, TrackerMember holder, ImmutableArray<ChunkRef> chunks, IList<SwarmTrackerEffect> effects)
    {
        foreach (TrackerMember member in roster.Present)
        {
            if (!member.IsReady || member.AreOffersStale || !IsOffered(member, holder))
            {
                continue;
            }

            var news = ImmutableArray.CreateBuilder<ChunkRef>();
            foreach (ChunkRef chunk in chunks)
            {
                int number = catalog.NumberOf(chunk);
                if (number >= 0 && holder.Has.Contains(number) && member.Offered.Add(number))
                {
                    news.Add(chunk);
                }
            }

            if (news.Count > 0)
            {
                Say(now, member, new PeerMessage.Have(news.ToImmutable()), effects);
            }
        }
    }

    /// <summary>Tells members what else they can have through the relay, and what they cannot any more.</summary>
    public void Tell(TimeSpan now, IList<SwarmTrackerEffect> effects)
    {
        foreach (TrackerMember member in roster.Present)
        {
            if (member is { AreOffersStale: true, IsReady: true })
            {
                member.AreOffersStale = false;
                Renew(now, member, effects);
            }
        }
    }

    private bool IsOffered(TrackerMember member, TrackerMember holder) =>
        !options.IsOrdered
        && (IsRelayed(member, holder)
            || (options.LentRate > 0 && member != holder
                && member.Member.Relay != RelayUse.Never && holder.Member.Relay != RelayUse.Never));

    private void Renew(TimeSpan now, TrackerMember member, IList<SwarmTrackerEffect> effects)
    {
        _target.Clear();
        foreach (TrackerMember holder in roster.Present)
        {
            if (IsOffered(member, holder))
            {
                _target.UnionWith(holder.Has);
            }
        }

        var gained = ImmutableArray.CreateBuilder<Holding>();
        var lost = ImmutableArray.CreateBuilder<ChunkRef>();
        foreach (CatalogContent content in catalog.Contents)
        {
            Bitfield? bits = null;
            for (int chunk = content.FirstChunk; chunk < content.FirstChunk + content.ChunkCount; chunk++)
            {
                if (_target.Contains(chunk) && member.Offered.Add(chunk))
                {
                    bits ??= new Bitfield(content.ChunkCount);
                    bits.Set(chunk - content.FirstChunk);
                }
                else if (!_target.Contains(chunk) && member.Offered.Remove(chunk))
                {
                    lost.Add(catalog.RefOf(chunk));
                }
            }

            if (bits is not null)
            {
                gained.Add(new Holding(content.Id, bits));
            }
        }

        if (lost.Count > 0)
        {
            Say(now, member, new PeerMessage.Decline(lost.ToImmutable()), effects);
        }

        if (gained.Count > 0)
        {
            Say(now, member, new PeerMessage.Hold(gained.ToImmutable()), effects);
        }
    }

    private static void Say(
        TimeSpan now, TrackerMember member, PeerMessage message, IList<SwarmTrackerEffect> effects) =>
        TrackerVoice.ToMember(now, member, new HubMessage.FromRelay(message), effects);
}
