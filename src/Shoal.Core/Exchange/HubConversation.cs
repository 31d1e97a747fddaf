using Shoal.Core.Content;
using Shoal.Core.Roster;
using Shoal.Core.Time;

namespace Shoal.Core.Exchange;

/// <summary>What a peer says to the hub when it comes, and what follows from what the hub says.</summary>
internal sealed class HubConversation(PeerParts parts)
{
    /// <summary>The target folder has been read: what is in it is what there is to say.</summary>
    public void FolderRead(SwarmPeerEvent.FolderRead read, IList<SwarmPeerEffect> effects)
    {
        foreach (MemberMessage.Share share in read.Shares)
        {
            parts.Shares.Add(share);
        }

        HashSet<ContentId> named = parts.Shares.NamedContents();
        Dictionary<ContentId, Holding> held = read.Holdings.ToDictionary(holding => holding.Content);
        foreach (Manifest manifest in read.Manifests)
        {
            Holding holding = held.GetValueOrDefault(manifest.Id) ?? new(manifest.Id, new(manifest.ChunkCount));
            if (named.Contains(manifest.Id))
            {
                parts.Chunks.Describe(manifest);
                parts.Chunks.AddMine(holding);
            }
            else
            {
                parts.Leftovers.Add(manifest, holding);
            }
        }

        foreach (CatalogContent content in parts.Catalog.Contents)
        {
            if (!content.IsHeld)
            {
                effects.Add(new SwarmPeerEffect.Prepare(content.Manifest));
            }
        }
    }

    /// <summary>The hub is there (again), and hears everything anew.</summary>
    public void Connected(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        parts.Hub.IsUp = true;
        parts.Ending.HubBack();
        SwarmPeerOptions me = parts.Options;
        parts.Hub.Say(now, new MemberMessage.Join(
            me.Swarm, me.Peer, me.Name, me.Endpoints, me.Capacity, ExpectedMembers(), parts.Roster.JoinOrder,
            now - parts.StartedAt, parts.FinishedAt - parts.StartedAt) { Relay = me.Relay }, effects);
        parts.Hub.Say(now, new MemberMessage.Describe(
        [
            .. parts.Catalog.Contents.Where(content => !content.IsWithdrawn).Select(content => content.Manifest),
            .. parts.Leftovers.Manifests,
        ]), effects);
        foreach (MemberMessage.Share share in parts.Shares.All)
        {
            parts.Hub.Say(now, share, effects);
        }

        parts.Hub.Say(
            now, new MemberMessage.Hold([.. parts.Chunks.AllHoldings(), .. parts.Leftovers.Holdings]), effects);
        parts.Hub.Say(now, new MemberMessage.Ready(), effects);
        parts.Announcements.ForgetHub();
        parts.Orders.Forget();
        parts.Reach.TellAll(now, effects);
        if (me.Relay != RelayUse.Never)
        {
            parts.Neighbours.Connected(now, PeerId.Relay, effects);
        }
    }

    /// <summary>Once the run is on, a hub that knows nothing of it learns how many will come back to it.</summary>
    private int ExpectedMembers() => parts.IsStarted
        ? Math.Max(parts.Options.Expect, parts.Roster.Count)
        : parts.Options.Expect;

    /// <summary>The hub said something; what comes through its relay is said by a neighbour.</summary>
    public void Heard(TimeSpan now, HubMessage message, IList<SwarmPeerEffect> effects)
    {
        parts.Neighbours.HeardRelay(now);
        switch (message)
        {
            case HubMessage.Welcome welcome:
                parts.Roster.JoinOrder = welcome.You.JoinOrder;
                break;
            case HubMessage.Refuse refuse:
                parts.End(now, new SwarmOutcome.Refused(refuse.Reason), effects);
                break;
            case HubMessage.Joined joined:
                parts.Ending.Joined();
                parts.Meetings.Joined(now, joined.Member, effects);
                break;
            case HubMessage.Gone gone:
                parts.Meetings.Gone(now, gone, effects);
                break;
            case HubMessage.Call call:
                parts.Meetings.Called(now, call.Peer, effects);
                break;
            case HubMessage.Clock:
                parts.Orders.Begin(effects);
                break;
            case HubMessage.Order order when parts.Orders.IsOrdered:
                OnOrder(now, order, effects);
                break;
            case HubMessage.Clocked clocked:
                parts.Orders.GoOn(now, effects);
                effects.Add(new SwarmPeerEffect.Tell(new SwarmNote.Clocked(clocked.Reading)));
                break;
            case HubMessage.Describe describe:
                OnDescribe(now, describe, effects);
                break;
            case HubMessage.Share share:
                parts.Shares.Add(new MemberMessage.Share(share.Origin, share.OriginName, share.Entries));
                effects.Add(new SwarmPeerEffect.Place(share));
                break;
            case HubMessage.Own own:
                OnOwn(now, own, effects);
                break;
            case HubMessage.Lost lost:
                parts.Withdraw(now, lost.Content, lost.By, effects);
                break;
            case HubMessage.Start when parts.StartedAt is null:
                OnStart(now, effects);
                break;
            case HubMessage.Follow follow:
                OnPlan(now, follow.Plan, effects);
                break;
            case HubMessage.Advance advance:
                OnAdvance(now, advance.Progress, effects);
                break;
            case HubMessage.Finished finished:
                parts.Ending.Finished(finished.Report);
                parts.TryEnd(now, effects);
                break;
            default:
                break;
        }
    }

    private void OnDescribe(TimeSpan now, HubMessage.Describe describe, IList<SwarmPeerEffect> effects)
    {
        var news = new List<CatalogContent>();
        foreach (Manifest manifest in describe.Manifests)
        {
            if (parts.Chunks.Describe(manifest) is { } content)
            {
                news.Add(content);
                effects.Add(new SwarmPeerEffect.Prepare(manifest));
                if (parts.Leftovers.Take(manifest.Id) is { } holding)
                {
                    parts.Chunks.AddMine(holding);
                }

                if (content.IsHeld)
                {
                    PeerParts.Complete(content, effects);
                }
            }
        }

        parts.FinishedAt = parts.Chunks.IsComplete ? parts.FinishedAt : null;
        parts.Neighbours.Described(now, news, effects);
        parts.FillAll(now, effects);
    }

    /// <summary>When all have everything the hub waits, for a moment, for what each has counted until then.</summary>
    private void OnAdvance(TimeSpan now, SwarmProgress progress, IList<SwarmPeerEffect> effects)
    {
        parts.SwarmProgress = progress;
        parts.Ending.Advanced(now, progress);
        if (progress.CompleteMembers == progress.PresentMembers)
        {
            parts.Hub.Say(now, new MemberMessage.Count(parts.Counts.Tally), effects);
        }
    }

    private void OnOrder(TimeSpan now, HubMessage.Order order, IList<SwarmPeerEffect> effects)
    {
        parts.Orders.Take(now, order, effects);
        if (order.Kind != OccupationKind.Upload)
        {
            return;
        }

        int chunk = parts.Catalog.NumberOf(order.Chunk);
        if (chunk >= 0 && parts.Chunks.Mine.Contains(chunk) && parts.Neighbours.Find(PeerId.Relay) is { } relay)
        {
            parts.Uploads.Request(now, relay, [order.Chunk], effects);
        }
        else
        {
            parts.Orders.Crossed(now, OccupationKind.Upload, order.Chunk, OrderOutcome.Failed, effects);
        }
    }

    private void OnOwn(TimeSpan now, HubMessage.Own own, IList<SwarmPeerEffect> effects)
    {
        foreach (ContentId id in own.Contents)
        {
            if (parts.Catalog.Find(id) is { } content)
            {
                content.Owner = own.Owner;
            }
        }

        parts.Picker.Rebuild();
        parts.FillAll(now, effects);
    }

    private void OnStart(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        parts.StartedAt = now;
        parts.Requests.LastProgress = now;
        effects.Add(new SwarmPeerEffect.Started());
        parts.Meetings.MeetJoined(now, effects);
        parts.MarkFinish(now);
        parts.FillAll(now, effects);
    }

    private void OnPlan(TimeSpan now, DistributionPlan plan, IList<SwarmPeerEffect> effects)
    {
        parts.Picker.Plan = plan;
        parts.Picker.Abandoned.Clear();
        effects.Add(new SwarmPeerEffect.Tell(new SwarmNote.Replanned(plan.Epoch)));
        parts.Meetings.MeetJoined(now, effects);
        parts.Meetings.Follow(now, plan, effects);
        parts.Picker.Rebuild();
        parts.FillAll(now, effects);
    }
}
