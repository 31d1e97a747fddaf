using System.Buffers;
using System.Collections.Immutable;
using Shoal.Core.Members;
using Shoal.Core.Wire.Directory;

namespace Shoal.Hosts.Members;

/// <summary>
/// Replies as bytes, in one style. The list of users is the same for everybody until somebody comes or goes, and is
/// written once for all who ask meanwhile.
/// </summary>
internal sealed class ReplyBytes(DirectoryStyle style)
{
    private WrittenUsers? _users;

    /// <summary>The bytes of a reply; not to be changed.</summary>
    public ReadOnlyMemory<byte> Of(DirectoryOperation operation, DirectoryReply reply)
    {
        if (reply is not DirectoryReply.Users { List: var list })
        {
            return Write(operation, reply);
        }

        WrittenUsers? users = Volatile.Read(ref _users);
        if (users is null || users.List != list)
        {
            users = new WrittenUsers(list, Write(operation, reply));
            Volatile.Write(ref _users, users);
        }

        return users.Bytes;
    }

    private ReadOnlyMemory<byte> Write(DirectoryOperation operation, DirectoryReply reply)
    {
        var output = new ArrayBufferWriter<byte>();
        ReplyCodec.Encode(output, style, operation, reply);
        return output.WrittenMemory;
    }

    private sealed record WrittenUsers(ImmutableArray<ConnectedUser> List, ReadOnlyMemory<byte> Bytes);
}
