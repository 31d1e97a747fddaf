using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;

namespace Shoal.Simulation.Exchange;

/// <summary>What a peer's folder would tell its machine when its process starts.</summary>
internal static class FolderFacts
{
    /// <summary>Reads a folder: the contents of which there is a chunk, their names, and which chunks.</summary>
    public static SwarmPeerEvent.FolderRead Read(WorldFrame frame, SimulatedPeer peer)
    {
        var manifests = ImmutableArray.CreateBuilder<Manifest>();
        var holdings = ImmutableArray.CreateBuilder<Holding>();
        var own = ImmutableArray.CreateBuilder<SharedEntry>();
        for (int i = 0; i < frame.Contents.Manifests.Length; i++)
        {
            Manifest manifest = frame.Contents.Manifests[i];
            bool isOwn = frame.Scenario.Contents[i].Holders.Contains(peer.Index);
            if (isOwn)
            {
                own.Add(new SharedEntry.File(EntryName.Parse($"content{i + 1}"), manifest.Id, 0, false));
            }

            Holding holding = frame.Ledger.HoldingOf(peer.Index, manifest);
            if (isOwn || holding.Chunks.SetCount > 0)
            {
                manifests.Add(manifest);
                holdings.Add(holding);
            }
        }

        ImmutableArray<MemberMessage.Share> received =
            [.. peer.Placed.Where(share => share.Origin != peer.Id).Select(share => Known(share, manifests))];
        ImmutableArray<MemberMessage.Share> shares = own.Count == 0
            ? received
            : [new MemberMessage.Share(peer.Id, peer.Name, own.ToImmutable()), .. received];
        return new SwarmPeerEvent.FolderRead(manifests.ToImmutable(), shares, holdings.ToImmutable());
    }

    private static MemberMessage.Share Known(MemberMessage.Share share, IReadOnlyList<Manifest> manifests) =>
        share with
        {
            Entries =
            [
                .. share.Entries.Where(entry => entry is not SharedEntry.File file
                    || manifests.Any(manifest => manifest.Id == file.Content)),
            ],
        };
}
