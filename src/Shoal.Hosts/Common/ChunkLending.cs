using Shoal.Core.Content;
using Shoal.Net.Frames;
using Shoal.Storage;

namespace Shoal.Hosts.Common;

/// <summary>Lends what a folder holds to connections that send from files.</summary>
internal static class ChunkLending
{
    /// <summary>The open file of a stored chunk; null: it has to be read.</summary>
    public static LentFile? TryLend(this SwarmFolder folder, ChunkRef chunk) =>
        folder.TryOpen(chunk) is { } open ? new LentFile(open.Stream, open.Offset, open.IsIntact, open) : null;
}
