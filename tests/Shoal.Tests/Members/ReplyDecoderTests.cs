using System.Buffers;
using Shoal.Core.Members;
using Shoal.Core.Randomness;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Directory;

namespace Shoal.Tests.Members;

public sealed class ReplyDecoderTests
{
    [Fact]
    public void Codes_that_an_operation_does_not_have_mean_anything_else()
    {
        foreach (DirectoryOperation operation in Enum.GetValues<DirectoryOperation>())
        {
            for (int code = ReplyCodes.LastOf(operation); code <= 9; code++)
            {
                foreach (byte[] bytes in (byte[][])[[(byte)code], [(byte)('0' + code)], [(byte)('0' + code), 0]])
                {
                    (DecodeStatus status, ReceivedReply? reply) = DirectoryBytes.Decode(operation, bytes);
                    Assert.Equal(DecodeStatus.Done, status);
                    Assert.Equal((code, DirectoryResult.Refused), (reply!.Code, reply.Result));
                }
            }
        }
    }

    [Theory]
    [InlineData("A")]
    [InlineData(":")]
    [InlineData("\n")]
    [InlineData("0\0-1\0")]
    [InlineData("0\0x\0")]
    [InlineData("0\0\0")]
    [InlineData("01000001\0")]
    [InlineData("0\099999999999999\0")]
    public void Other_bytes_are_no_reply(string text) => Assert.Equal(
        DecodeStatus.Invalid,
        DirectoryBytes.Decode(DirectoryOperation.ListUsers, System.Text.Encoding.ASCII.GetBytes(text)).Status);

    [Fact]
    public void A_row_with_a_field_that_is_too_long_is_no_row()
    {
        byte[] bytes = DirectoryBytes.Of(@"0\01\0" + new string('x', 300));
        Assert.Equal(DecodeStatus.Invalid, DirectoryBytes.Decode(DirectoryOperation.ListContent, bytes).Status);
        bytes = DirectoryBytes.Of(@"0\01\0" + new string('x', 256) + @"\0about\0");
        Assert.Equal(DecodeStatus.Invalid, DirectoryBytes.Decode(DirectoryOperation.ListContent, bytes).Status);
        bytes = DirectoryBytes.Of(@"0\01\0" + new string('x', 255) + @"\0about\0");
        Assert.Equal(DecodeStatus.Done, DirectoryBytes.Decode(DirectoryOperation.ListContent, bytes).Status);
    }

    [Fact]
    public void As_many_rows_as_the_limit_are_read()
    {
        var bytes = new List<byte>(DirectoryBytes.Of($@"0\0{DirectoryLimits.Rows}\0"));
        bytes.AddRange(Enumerable.Repeat((byte)0, 2 * DirectoryLimits.Rows));
        (DecodeStatus status, ReceivedReply? reply) =
            DirectoryBytes.Decode(DirectoryOperation.ListContent, [.. bytes]);
        Assert.Equal(DecodeStatus.Done, status);
        Assert.Equal(DirectoryLimits.Rows, reply!.Contents.Length);
    }

    [Fact]
    public void Garbage_never_throws()
    {
        var random = new DeterministicRandom(1);
        for (int i = 0; i < 30_000; i++)
        {
            byte[] bytes = new byte[1 + random.Next(60)];
            for (int at = 0; at < bytes.Length; at++)
            {
                int odd = random.Next(4) == 0 ? random.Next(256) : '0' + random.Next(3);
                bytes[at] = (byte)(random.Next(3) == 0 ? 0 : odd);
            }

            DirectoryBytes.Decode((DirectoryOperation)random.Next(8), bytes, random.Next(bytes.Length));
            var input = new ReadOnlySequence<byte>(bytes);
            FetchReplyCodec.TryDecode(ref input, out _);
            input = new ReadOnlySequence<byte>(bytes);
            FetchRequestCodec.TryDecode(ref input, out _);
        }
    }
}
