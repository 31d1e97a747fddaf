using System.Text;
using Shoal.Core.Members;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Directory;
using Shoal.Tests.Wire;

namespace Shoal.Tests.Members;

/// <summary>Every operation, code and style to the byte, both ways.</summary>
public sealed class DirectoryGoldenTests
{
    private const string Stamp = "25/11/2026 17:30:05";

    [Fact]
    public void Requests_to_the_byte()
    {
        var golden = new StringBuilder();
        foreach (DirectoryRequest request in DirectoryBytes.Requests)
        {
            golden.AppendLine(DirectoryBytes.Text(DirectoryBytes.Encode(Stamp, request)));
            golden.AppendLine(DirectoryBytes.Text(DirectoryBytes.Encode(null, request)));
        }

        GoldenFile.Check("requests.txt", golden.ToString());
    }

    [Fact]
    public void Replies_to_the_byte()
    {
        var golden = new StringBuilder();
        foreach (DirectoryStyle style in Enum.GetValues<DirectoryStyle>())
        {
            foreach (DirectoryOperation operation in Enum.GetValues<DirectoryOperation>())
            {
                foreach (DirectoryReply reply in DirectoryBytes.RepliesTo(operation))
                {
                    byte[] bytes = DirectoryBytes.Encode(style, operation, reply);
                    golden.AppendLine($"{style} {operation} {reply.Result}: {DirectoryBytes.Text(bytes)}");
                    CheckDecoded(operation, style, reply, bytes);
                }
            }
        }

        GoldenFile.Check("replies.txt", golden.ToString());
    }

    [Fact]
    public void Requests_are_read_as_they_were_written_whatever_the_split()
    {
        foreach (DirectoryRequest request in DirectoryBytes.Requests)
        {
            foreach (string? stamp in (string?[])[Stamp, null])
            {
                byte[] bytes = DirectoryBytes.Encode(stamp, request);
                for (int at = 0; at <= bytes.Length; at++)
                {
                    var input = Segments.InTwo(bytes, at);
                    Assert.Equal(DecodeStatus.Done, RequestCodec.TryDecode(ref input, out DirectoryCall? call));
                    Assert.Equal(new DirectoryCall(request.Operation, stamp, request, null), call);
                    Assert.True(input.IsEmpty);
                }

                for (int length = 0; length < bytes.Length; length++)
                {
                    var input = Segments.Single(bytes[..length]);
                    Assert.Equal(DecodeStatus.NeedMore, RequestCodec.TryDecode(ref input, out _));
                    Assert.Equal(length, input.Length);
                }
            }
        }
    }

    private static void CheckDecoded(
        DirectoryOperation operation, DirectoryStyle style, DirectoryReply reply, byte[] bytes)
    {
        for (int first = 0; first <= bytes.Length; first++)
        {
            for (int second = first; second <= Math.Min(bytes.Length, first + 2); second++)
            {
                (DecodeStatus status, ReceivedReply? received) =
                    DirectoryBytes.Decode(operation, bytes, first, second);
                Assert.Equal(DecodeStatus.Done, status);
                Assert.Equal(reply.Result, received!.Result);
                Assert.Equal(ReplyCodes.Of(operation, reply.Result), received.Code);
                if (reply is DirectoryReply.Users users)
                {
                    Assert.Equal(
                        users.List.Select(u => new UserRow(u.User.Value, u.Address, $"{u.Port}")), received.Users);
                }
                else if (reply is DirectoryReply.Contents contents)
                {
                    Assert.Equal(
                        contents.List.Select(p => new ContentRow(
                            p.Name.Value, style == DirectoryStyle.Raw ? "" : p.Description.Value)),
                        received.Contents);
                }
            }
        }

        if (reply is DirectoryReply.Users or DirectoryReply.Contents)
        {
            Assert.Equal(DecodeStatus.NeedMore, DirectoryBytes.Decode(operation, bytes[..^1]).Status);
        }
    }
}
