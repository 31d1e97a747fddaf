using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Roster;
using Shoal.Core.Time;

namespace Shoal.Hosts.Edge;

/// <summary>Brings what the tier's machine decides to those whom it concerns.</summary>
internal sealed class OriginOrders(OriginRoster roster, OriginCatalog catalog, PeerId self, ILogger log)
{
    public void Begin(TierTransfer transfer, VirtualTime? at)
    {
        Manifest manifest = catalog.ManifestOf(transfer.File);
        OriginMember? edge = roster.Find(transfer.Edge);
        OriginMember? client = roster.Find(transfer.Client);
        OriginMember? receiver = transfer.Kind == TransferKind.Fill ? edge : client;
        PeerId sender = transfer.Kind == TransferKind.Delivery ? edge?.Peer ?? default : self;
        log.Begun(
            transfer.Kind, manifest.Id, receiver?.Name ?? "", SenderOf(transfer),
            at);
        if (transfer.Kind == TransferKind.Fill)
        {
            edge?.Link.Send(new TierMessage.Describe([manifest]));
        }

        receiver?.Link.Send(new TierMessage.Order(transfer.Kind, manifest.Id, sender, at));
        if (transfer.Kind != TransferKind.Delivery)
        {
            receiver?.Link.Uploads.TryBegin(manifest, receiver.Held.GetValueOrDefault(manifest.Id));
        }
        else if (at is not null || client?.Held.ContainsKey(manifest.Id) != true)
        {
            // By this an edge sends all of it; a client that has a part asks for the others itself.
            edge?.Link.Send(new TierMessage.Order(transfer.Kind, manifest.Id, client?.Peer ?? default, at));
        }
    }

    public void Settle(TierTransfer transfer, VirtualTime at)
    {
        ContentId content = catalog.ManifestOf(transfer.File).Id;
        OriginMember? edge = roster.Find(transfer.Edge);
        OriginMember? client = roster.Find(transfer.Client);
        log.Ended(
            transfer.Kind, content, client?.Name ?? edge?.Name ?? "", SenderOf(transfer),
            at);
        edge?.Link.Send(new TierMessage.Settle(transfer.Kind, content, client?.Peer ?? self, at));
        client?.Link.Send(new TierMessage.Settle(transfer.Kind, content, edge?.Peer ?? self, at));
    }

    public void GiveUp(TierMember member, int file, VirtualTime? at)
    {
        ContentId content = catalog.ManifestOf(file).Id;
        if (roster.Find(member) is { } edge)
        {
            edge.Held.Remove(content);
            edge.Link.Send(new TierMessage.GiveUp(content, at));
            log.Evicted(content, edge.Name, at);
        }
    }

    /// <summary>The transfer that a member speaks of; null: there is no such file.</summary>
    public TierTransfer? TransferOf(OriginMember member, TransferKind kind, ContentId content, PeerId peer)
    {
        if (!catalog.Has(content))
        {
            return null;
        }

        int file = catalog.NumberOf(content, out _);
        TierMember other = roster.Find(peer)?.Id ?? default;
        TierTransfer transfer = kind switch
        {
            TransferKind.Fill => TierTransfer.Fill(member.Id, file),
            TransferKind.Direct => TierTransfer.Direct(member.Id, file),
            _ => TierTransfer.Delivery(other, member.Id, file),
        };
        return transfer;
    }

    private string SenderOf(TierTransfer transfer) => transfer.Kind == TransferKind.Delivery
        && roster.Find(transfer.Edge) is { } edge ? edge.Name : "origin";
}
