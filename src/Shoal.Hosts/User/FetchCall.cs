using System.Buffers;
using Shoal.Core.Members;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Directory;

namespace Shoal.Hosts.User;

/// <summary>Somebody's request for a file.</summary>
/// <param name="File">Which; null: the name is one that nothing can have.</param>
internal sealed record FetchCall(PublicationName? File)
{
    public static DecodeStatus TryDecode(ref ReadOnlySequence<byte> input, out FetchCall? call)
    {
        DecodeStatus status = FetchRequestCodec.TryDecode(ref input, out PublicationName? file);
        call = status == DecodeStatus.Done ? new FetchCall(file) : null;
        return status;
    }
}
