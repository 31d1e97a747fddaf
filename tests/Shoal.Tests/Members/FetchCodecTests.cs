using System.Buffers;
using System.Text;
using Shoal.Core.Members;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Directory;
using Shoal.Tests.Wire;

namespace Shoal.Tests.Members;

/// <summary>One user's machine asks another's for a file.</summary>
public sealed class FetchCodecTests
{
    [Fact]
    public void A_request_is_read_as_it_was_written_whatever_the_split()
    {
        var output = new ArrayBufferWriter<byte>();
        FetchRequestCodec.Encode(output, DirectoryDesk.File("film.mkv"));
        byte[] bytes = output.WrittenSpan.ToArray();
        Assert.Equal(@"GET_FILE\0film.mkv\0", DirectoryBytes.Text(bytes));
        for (int at = 0; at <= bytes.Length; at++)
        {
            ReadOnlySequence<byte> input = Segments.InTwo(bytes, at);
            Assert.Equal(DecodeStatus.Done, FetchRequestCodec.TryDecode(ref input, out PublicationName? file));
            Assert.Equal("film.mkv", file!.Value.Value);
            if (at < bytes.Length)
            {
                input = new ReadOnlySequence<byte>(bytes[..at]);
                Assert.Equal(DecodeStatus.NeedMore, FetchRequestCodec.TryDecode(ref input, out _));
            }
        }
    }

    [Theory]
    [InlineData(@"GET_FILE\0\0")]
    [InlineData(@"GET_FILE\0a b\0")]
    [InlineData("GET_FILE\\0a\nb\\0")]
    public void A_name_that_nothing_can_have_is_no_file(string text)
    {
        var input = new ReadOnlySequence<byte>(DirectoryBytes.Of(text));
        Assert.Equal(DecodeStatus.Done, FetchRequestCodec.TryDecode(ref input, out PublicationName? file));
        Assert.Null(file);
    }

    [Fact]
    public void A_name_that_is_too_long_is_no_file()
    {
        foreach (int length in (int[])[256, 257, 5000])
        {
            var input = new ReadOnlySequence<byte>(DirectoryBytes.Of(@"GET_FILE\0" + new string('x', length)));
            Assert.Equal(DecodeStatus.Done, FetchRequestCodec.TryDecode(ref input, out PublicationName? file));
            Assert.Null(file);
        }
    }

    [Theory]
    [InlineData("X")]
    [InlineData("GET /")]
    [InlineData("GET_FILES")]
    [InlineData("get_file\\0a\\0")]
    [InlineData("SHOAL")]
    public void Other_words_are_told_at_once(string text)
    {
        var input = new ReadOnlySequence<byte>(DirectoryBytes.Of(text));
        Assert.Equal(DecodeStatus.Invalid, FetchRequestCodec.TryDecode(ref input, out _));
    }

    [Fact]
    public void A_line_feed_may_end_the_word()
    {
        var input = new ReadOnlySequence<byte>(DirectoryBytes.Of("GET_FILE\nfilm\\0"));
        Assert.Equal(DecodeStatus.Done, FetchRequestCodec.TryDecode(ref input, out PublicationName? file));
        Assert.Equal("film", file!.Value.Value);
    }

    [Fact]
    public void Replies_to_the_byte_both_ways()
    {
        var golden = new StringBuilder();
        foreach (DirectoryStyle style in Enum.GetValues<DirectoryStyle>())
        {
            foreach (FetchResult result in Enum.GetValues<FetchResult>())
            {
                long? size = result == FetchResult.Found ? 6_000_000_000 : null;
                var output = new ArrayBufferWriter<byte>();
                FetchReplyCodec.Encode(output, style, new FetchReply(result, size));
                golden.AppendLine($"{style} {result}: {DirectoryBytes.Text(output.WrittenSpan)}");
                var expected = new FetchReply(result, style == DirectoryStyle.Raw ? size : null);
                CheckSplits([.. output.WrittenSpan, .. "content"u8], expected);
            }
        }

        GoldenFile.Check("fetch.txt", golden.ToString());
    }

    [Theory]
    [InlineData("A")]
    [InlineData("\0x\0")]
    [InlineData("\0-1\0")]
    [InlineData("\099999999999999999999\0")]
    [InlineData("\0000000000000000000000000")]
    public void Other_bytes_are_no_reply(string text)
    {
        var input = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(text));
        Assert.Equal(DecodeStatus.Invalid, FetchReplyCodec.TryDecode(ref input, out _));
    }

    private static void CheckSplits(byte[] bytes, FetchReply expected)
    {
        for (int at = 0; at <= bytes.Length; at++)
        {
            ReadOnlySequence<byte> input = Segments.InTwo(bytes, at);
            Assert.Equal(DecodeStatus.Done, FetchReplyCodec.TryDecode(ref input, out FetchReply? reply));
            Assert.Equal(expected, reply);
            Assert.True(
                expected.Result != FetchResult.Found || input.ToArray().AsSpan().SequenceEqual("content"u8));
        }
    }
}
