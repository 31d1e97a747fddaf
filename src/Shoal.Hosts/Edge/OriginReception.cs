using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Hosts.Common;
using Shoal.Hosts.Peer;

namespace Shoal.Hosts.Edge;

/// <summary>
/// Who comes to an origin and goes: lets edges and clients in, makes clients and edges known to each other, and tells
/// the tier's machine. For the loop only.
/// </summary>
internal sealed class OriginReception(
    OriginRoster roster, OriginCatalog catalog, OriginFiles files, OriginFigures figures, OriginMetrics metrics,
    TierShell shell, TimeSpan closeLimit, Action<TierEvent> apply)
{
    /// <summary>Somebody says who it is.</summary>
    public void Welcome(TierLink link, TierMessage.Attend attend)
    {
        if (roster.Find(link) is not null || attend.Role == TierRole.Origin)
        {
            Refuse(link, "the first and only word of this kind is who one is, an edge or a client");
            return;
        }

        if (roster.Find(link.Peer) is { } older)
        {
            Depart(older.Link, "it came again");
            Refuse(older.Link, "you came again from elsewhere");
        }

        int most = attend.Role == TierRole.Edge ? EdgeShape.MostEdges : EdgeShape.MostClients;
        if (roster.Of(attend.Role).Count() >= most)
        {
            Refuse(link, $"the tier is full: it has {most} members of this role");
            return;
        }

        OriginMember member = roster.Add(link, attend);
        figures.Name(member);
        metrics.Attended(attend.Role);
        shell.Log.Attended(StateWord.Of(attend.Role), member.Name, link.Peer.Brief, link.Remote.ToString());
        if (attend.Role == TierRole.Client)
        {
            foreach (OriginMember edge in roster.Of(TierRole.Edge).Where(edge => edge.IsReady))
            {
                link.Send(new TierMessage.Meet(edge.Peer, edge.Name, edge.Endpoints));
            }

            apply(new TierEvent.ClientJoined(member.Id, member.Name, attend.ListOrder));
        }
    }

    /// <summary>Somebody has said all that it holds, and, if it is a client, wants.</summary>
    public void Begin(OriginMember member)
    {
        if (member.IsReady)
        {
            return;
        }

        member.IsReady = true;
        if (member.Role == TierRole.Client)
        {
            apply(new TierEvent.Ready(member.Id));
            return;
        }

        foreach (ContentId content in member.Held.Keys.Where(content => !catalog.Has(content)).ToArray())
        {
            member.Held.Remove(content);
            member.Link.Send(new TierMessage.GiveUp(content, null));
        }

        ILookup<bool, int> held = member.Held.ToLookup(each => each.Value.IsComplete, each => files.NumberOf(each.Key));
        roster.SendClients(new TierMessage.Meet(member.Peer, member.Name, member.Endpoints));
        apply(new TierEvent.EdgeJoined(
            member.Id, member.Name, member.Capacity / OriginCatalog.BytesPerKb, [.. held[true]], [.. held[false]]));
    }

    /// <summary>Somebody is here no longer.</summary>
    public void Depart(TierLink link, string reason)
    {
        if (roster.Remove(link) is not { } member)
        {
            return;
        }

        metrics.Departed(member.Role);
        shell.Log.Departed(member.Name, reason);
        if (member.Role == TierRole.Edge)
        {
            roster.SendClients(new TierMessage.Meet(member.Peer, member.Name, []));
        }

        apply(new TierEvent.Left(member.Id));
    }

    /// <summary>Tells somebody why it cannot take part, and closes.</summary>
    public void Refuse(TierLink link, string reason)
    {
        link.Send(new TierMessage.Refuse(reason));
        shell.Log.Refused(link.Remote.ToString(), reason);
        shell.Tasks.Run(() => link.CloseAsync(reason, closeLimit));
    }

    /// <summary>Parts with somebody who harms others.</summary>
    public void PartWith(OriginMember member, string reason)
    {
        shell.Log.Parted(member.Name, reason);
        Depart(member.Link, reason);
        Refuse(member.Link, reason);
    }
}
