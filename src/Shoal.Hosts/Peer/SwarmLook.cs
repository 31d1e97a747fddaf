using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Hosts.Common;
using Shoal.Net.Transport;
using Shoal.Storage;

namespace Shoal.Hosts.Peer;

/// <summary>Asks a hub what a swarm has, without joining it.</summary>
internal sealed class SwarmLook(PeerOptions options, ITransport transport, TimeProvider time)
{
    private readonly List<HubMessage> _heard = [];

    /// <summary>What would come to a folder, or why that cannot be known.</summary>
    public async Task<ComingPreview> AskAsync(FolderContents folder, CancellationToken cancellationToken)
    {
        var glance = new HubGlance(options.Hub, options.Key, options.Silence, transport, time);
        GlanceResult result = await glance.AskAsync(options.Swarm, cancellationToken);
        _heard.AddRange(result.Heard);
        return result.Problem is { } problem ? new ComingPreview.Unknown(problem) : Compare(folder);
    }

    private ComingPreview.Known Compare(FolderContents folder)
    {
        var held = folder.Holdings.ToDictionary(holding => holding.Content, holding => holding.Chunks);
        var missing = new Dictionary<ContentId, long>();
        foreach (Manifest manifest in _heard.OfType<HubMessage.Describe>().SelectMany(heard => heard.Manifests))
        {
            missing[manifest.Id] = manifest.Length - manifest.BytesOf(held.GetValueOrDefault(manifest.Id));
        }

        HashSet<(PeerId, SharedEntry)> here =
            [.. folder.Shares.SelectMany(share => share.Entries.Select(entry => (share.Origin, entry)))];
        var files = ImmutableArray.CreateBuilder<ComingFile>();
        var bytes = new Dictionary<ContentId, long>();
        foreach (HubMessage.Share share in _heard.OfType<HubMessage.Share>())
        {
            foreach (SharedEntry entry in share.Entries.Where(entry => !here.Contains((share.Origin, entry))))
            {
                long length = 0;
                if (entry is SharedEntry.File file)
                {
                    length = bytes[file.Content] = missing.GetValueOrDefault(file.Content);
                }

                string name = entry is SharedEntry.File ? entry.Name.Value : entry.Name.Value + "/";
                files.Add(new ComingFile(name, length, share.OriginName));
            }
        }

        HashSet<PeerId> origins = [.. _heard.OfType<HubMessage.Share>().Select(share => share.Origin)];
        Member[] members = [.. _heard.OfType<HubMessage.Joined>().Select(joined => joined.Member)];
        return new ComingPreview.Known(
            [.. members.Select(member => member.Name)],
            [.. members.Where(member => !origins.Contains(member.Id)).Select(member => member.Name)],
            files.ToImmutable(), bytes.Values.Sum());
    }
}
