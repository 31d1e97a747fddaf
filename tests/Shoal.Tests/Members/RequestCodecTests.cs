using System.Buffers;
using Shoal.Core.Members;
using Shoal.Core.Randomness;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Directory;
using Shoal.Tests.Wire;

namespace Shoal.Tests.Members;

/// <summary>What other programs send: everything that is tolerated, and everything that is not.</summary>
public sealed class RequestCodecTests
{
    private static readonly UserName Anna = DirectoryDesk.User("anna");

    [Theory]
    [InlineData(@"REGISTER\0anna\0", null)]
    [InlineData(@"REGISTER\001/02/2026 03:04:05\0anna\0", "01/02/2026 03:04:05")]
    [InlineData(@"REGISTER\003:04:05 01/02/2026\0anna\0", "03:04:05 01/02/2026")]
    [InlineData("REGISTER\n01/02/2026 03:04:05\\0anna\\0", "01/02/2026 03:04:05")]
    [InlineData(@"REGISTER\001/02/2026 03:04:05\0anna\0anything else", "01/02/2026 03:04:05")]
    public void A_date_is_told_by_its_pattern_in_either_order_or_may_be_missing(string text, string? stamp) =>
        Check(text, new DirectoryRequest.Register(Anna), stamp);

    [Theory]
    [InlineData(@"CONNECT\0anna\07000\0")]
    [InlineData(@"CONNECT\001/02/2026 03:04:05\0anna\07000\0")]
    [InlineData(@"CONNECT\0anna\07000\0127.0.0.1\0")]
    [InlineData(@"CONNECT\0anna\0127.0.0.1\07000\0")]
    [InlineData(@"CONNECT\0anna\0fd00::7\07000\0")]
    [InlineData(@"CONNECT\0anna\007000\0")]
    public void An_address_beside_the_port_is_skipped(string text) =>
        Check(text, new DirectoryRequest.Connect(Anna, 7000));

    [Theory]
    [InlineData(@"LIST USERS\0anna\0")]
    [InlineData(@"LIST_USERS\0anna\0")]
    [InlineData("LIST USERS\nanna\\0")]
    public void Users_are_listed_with_a_blank_too(string text) => Check(text, new DirectoryRequest.ListUsers(Anna));

    [Theory]
    [InlineData(@"LIST CONTENT\0anna\0anna\0")]
    [InlineData(@"LIST_CONTENT\0anna\0anna\0")]
    public void Content_is_listed_with_a_blank_too(string text) =>
        Check(text, new DirectoryRequest.ListContent(Anna, Anna));

    [Theory]
    [InlineData(@"PUBLISH\0anna\0film\0\0", "")]
    [InlineData(@"PUBLISH\0anna\0film\0 two  blanks \0", " two  blanks ")]
    [InlineData(@"PUBLISH\0anna\0film\0""quoted"" 'ü' \ \0", "\"quoted\" 'ü' \\ ")]
    [InlineData(@"PUBLISH\0anna\0film\001/02/2026 03:04:05\0", "01/02/2026 03:04:05")]
    public void A_description_comes_as_it_was_sent(string text, string description) => Check(
        text,
        new DirectoryRequest.Publish(Anna, DirectoryDesk.File("film"), DirectoryDesk.About(description)));

    [Theory]
    [InlineData(@"REGISTER\0\0")]
    [InlineData(@"REGISTER\0an na\0")]
    [InlineData("REGISTER\\0an\tna\\0")]
    [InlineData("REGISTER\\0an\nna\\0")]
    [InlineData("REGISTER\\0an\u007fna\\0")]
    [InlineData(@"REGISTER\02026-02-01 03:04:05\0anna\0")]
    [InlineData(@"UNREGISTER\0 \0")]
    [InlineData(@"DISCONNECT\0 \0")]
    [InlineData(@"LIST_USERS\0\0")]
    [InlineData(@"LIST_CONTENT\0anna\0\0")]
    [InlineData(@"LIST_CONTENT\0anna\0b b\0")]
    [InlineData(@"DELETE\0anna\0\0")]
    [InlineData(@"DELETE\0anna\0a b\0")]
    [InlineData(@"PUBLISH\0anna\0a b\0about\0")]
    [InlineData("PUBLISH\\0anna\\0film\\0two\nlines\\0")]
    [InlineData(@"CONNECT\0anna\00\0")]
    [InlineData(@"CONNECT\0anna\065536\0")]
    [InlineData(@"CONNECT\0anna\070000\0")]
    [InlineData(@"CONNECT\0anna\0-1\0")]
    [InlineData(@"CONNECT\0anna\0+1\0")]
    [InlineData(@"CONNECT\0anna\0 1\0")]
    [InlineData(@"CONNECT\0anna\0\0")]
    [InlineData(@"CONNECT\0anna\099999999999999999999\0")]
    [InlineData(@"CONNECT\0anna\0localhost\07000\0")]
    [InlineData(@"CONNECT\0anna\01.2.3.4\05.6.7.8\0")]
    public void A_request_with_a_wrong_field_is_one_to_be_refused(string text) => CheckFault(DirectoryBytes.Of(text));

    [Theory]
    [InlineData("REGISTER", "", "", DirectoryOperation.Register)]
    [InlineData("UNREGISTER", "", "", DirectoryOperation.Unregister)]
    [InlineData("CONNECT", "", @"\07000", DirectoryOperation.Connect)]
    [InlineData("PUBLISH", "", @"\0film\0", DirectoryOperation.Publish)]
    [InlineData("PUBLISH", @"anna\0", @"\0", DirectoryOperation.Publish)]
    [InlineData("PUBLISH", @"anna\0film\0", "", DirectoryOperation.Publish)]
    [InlineData("DELETE", "", @"\0film", DirectoryOperation.Withdraw)]
    [InlineData("DELETE", @"anna\0", "", DirectoryOperation.Withdraw)]
    [InlineData("LIST_USERS", "", "", DirectoryOperation.ListUsers)]
    [InlineData("LIST_CONTENT", "", @"\0bert", DirectoryOperation.ListContent)]
    [InlineData("LIST_CONTENT", @"anna\0", "", DirectoryOperation.ListContent)]
    [InlineData("DISCONNECT", "", "", DirectoryOperation.Disconnect)]
    public void A_field_has_up_to_255_bytes(string word, string before, string behind, DirectoryOperation operation)
    {
        foreach (string stamp in (string[])["", @"01/02/2026 03:04:05\0"])
        {
            string start = $@"{word}\0{stamp}{before}";
            var right = new ReadOnlySequence<byte>(
                DirectoryBytes.Of($@"{start}{new string('x', 255)}{behind}\0"));
            Assert.Equal(DecodeStatus.Done, RequestCodec.TryDecode(ref right, out DirectoryCall? call));
            Assert.Equal(operation, call!.Request!.Operation);
            foreach (int length in (int[])[256, 257, 5000])
            {
                // With and without an end: nobody waits for that of a field that is too long already.
                CheckFault(DirectoryBytes.Of($@"{start}{new string('x', length)}{behind}\0"));
                CheckFault(DirectoryBytes.Of($@"{start}{new string('x', length)}"));
            }

            CheckFault(DirectoryBytes.Of($@"{start}{new string('ü', 128)}{behind}\0"));
        }
    }

    [Theory]
    [InlineData(0xFF, 0x41)]
    [InlineData(0xC3, 0x28)]
    [InlineData(0xED, 0xA0)]
    public void What_is_not_utf8_is_refused(byte first, byte second)
    {
        CheckFault([.. DirectoryBytes.Of(@"REGISTER\0an"), first, second, 0]);
        CheckFault([.. DirectoryBytes.Of(@"PUBLISH\0anna\0film\0an"), first, second, 0]);
    }

    [Theory]
    [InlineData(@"HELLO\0anna\0")]
    [InlineData(@"register\0anna\0")]
    [InlineData(@"\0anna\0")]
    [InlineData(@"REGISTER \0anna\0")]
    [InlineData(@"REGISTERED\0")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("a word without an end")]
    public void An_unknown_word_is_no_request(string text)
    {
        byte[] bytes = DirectoryBytes.Of(text);
        var input = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(DecodeStatus.Invalid, RequestCodec.TryDecode(ref input, out DirectoryCall? call));
        Assert.Null(call);
        Assert.Equal(bytes.Length, input.Length);
        Assert.Null(RequestCodec.OperationOf(input));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("CONN", null)]
    [InlineData("CONNECT", null)]
    [InlineData(@"CONNECT\0", DirectoryOperation.Connect)]
    [InlineData(@"CONNECT\0anna", DirectoryOperation.Connect)]
    [InlineData(@"LIST USERS\0", DirectoryOperation.ListUsers)]
    public void Half_a_request_tells_what_it_is_about(string text, DirectoryOperation? operation)
    {
        var input = new ReadOnlySequence<byte>(DirectoryBytes.Of(text));
        Assert.Equal(DecodeStatus.NeedMore, RequestCodec.TryDecode(ref input, out _));
        Assert.Equal(operation, RequestCodec.OperationOf(input));
    }

    [Fact]
    public void Garbage_is_refused_and_never_throws()
    {
        var random = new DeterministicRandom(1);
        byte[][] starts = [[], .. DirectoryBytes.Requests.Select(request => DirectoryBytes.Encode(null, request))];
        for (int i = 0; i < 30_000; i++)
        {
            byte[] start = starts[random.Next(starts.Length)];
            byte[] bytes = [.. start[..random.Next(start.Length + 1)], .. new byte[random.Next(700)]];
            for (int changes = bytes.Length == 0 ? 0 : random.Next(30); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var input = new ReadOnlySequence<byte>(bytes);
            DecodeStatus status = RequestCodec.TryDecode(ref input, out DirectoryCall? call);
            Assert.Equal(status == DecodeStatus.Done, call is not null);
            Assert.True(call is null || (call.Request is null) == (call.Fault is not null));
        }
    }

    private static void Check(string text, DirectoryRequest request, string? stamp = null)
    {
        byte[] bytes = DirectoryBytes.Of(text);
        for (int at = 0; at <= bytes.Length; at++)
        {
            ReadOnlySequence<byte> input = Segments.InTwo(bytes, at);
            Assert.Equal(DecodeStatus.Done, RequestCodec.TryDecode(ref input, out DirectoryCall? call));
            Assert.Equal(request, call!.Request);
            Assert.True(stamp is null || call.Stamp == stamp);
        }
    }

    private static void CheckFault(byte[] bytes)
    {
        foreach (ReadOnlySequence<byte> whole in
            (ReadOnlySequence<byte>[])[new ReadOnlySequence<byte>(bytes), Segments.Single(bytes)])
        {
            ReadOnlySequence<byte> input = whole;
            Assert.Equal(DecodeStatus.Done, RequestCodec.TryDecode(ref input, out DirectoryCall? call));
            Assert.Null(call!.Request);
            Assert.NotNull(call.Fault);
        }
    }
}
