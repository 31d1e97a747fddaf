using System.Buffers;
using Shoal.Core.Members;

namespace Shoal.Core.Wire.Directory;

/// <summary>
/// Replies of a directory.
/// <code>
///   ascii-nul    '0'..'4' \0   of a list that is there:  N \0  then N of  user \0 ip \0 port \0
///   raw          0x00..0x04                                    or N of    file \0 description \0
///   ascii-bare   '0'..'4'                                 (raw: without the description)
/// </code>
/// </summary>
public static class ReplyCodec
{
    /// <summary>Writes a reply.</summary>
    public static void Encode(
        IBufferWriter<byte> output, DirectoryStyle style, DirectoryOperation operation, DirectoryReply reply)
    {
        WriteCode(output, style, ReplyCodes.Of(operation, reply.Result));
        switch (reply)
        {
            case DirectoryReply.Users users:
                output.WriteField(users.List.Length);
                foreach (ConnectedUser user in users.List)
                {
                    output.WriteField(user.User.Value);
                    output.WriteField(user.Address);
                    output.WriteField(user.Port);
                }

                break;
            case DirectoryReply.Contents contents:
                output.WriteField(contents.List.Length);
                foreach (Publication publication in contents.List)
                {
                    output.WriteField(publication.Name.Value);
                    if (style != DirectoryStyle.Raw)
                    {
                        output.WriteField(publication.Description.Value);
                    }
                }

                break;
            default:
                break;
        }
    }

    internal static void WriteCode(IBufferWriter<byte> output, DirectoryStyle style, int code)
    {
        output.WriteByte((byte)(style == DirectoryStyle.Raw ? code : '0' + code));
        if (style == DirectoryStyle.AsciiNul)
        {
            output.WriteByte(0);
        }
    }
}
