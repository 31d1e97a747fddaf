using Shoal.Core.Exchange;
using Shoal.Net.Frames;

namespace Shoal.Hosts.Peer;

/// <summary>One connection with the hub.</summary>
/// <param name="Connection">Its messages.</param>
/// <param name="Chunks">Its chunks, which are those of the relay.</param>
internal sealed record HubLine(FrameConnection<HubMessage, MemberMessage> Connection, LinkChunks Chunks);
