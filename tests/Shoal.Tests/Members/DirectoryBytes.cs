using System.Buffers;
using System.Globalization;
using System.Text;
using Shoal.Core.Members;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Directory;

namespace Shoal.Tests.Members;

/// <summary>
/// Bytes of the directory's protocol as text: <c>\0</c> is a zero byte, <c>\xNN</c> any other odd one.
/// </summary>
internal static class DirectoryBytes
{
    public static readonly DirectoryRequest[] Requests =
    [
        new DirectoryRequest.Register(DirectoryDesk.User("anna")),
        new DirectoryRequest.Unregister(DirectoryDesk.User("anna")),
        new DirectoryRequest.Connect(DirectoryDesk.User("anna"), 7000),
        new DirectoryRequest.Publish(
            DirectoryDesk.User("anna"), DirectoryDesk.File("film.mkv"), DirectoryDesk.About("a film, \"übel\"")),
        new DirectoryRequest.Withdraw(DirectoryDesk.User("anna"), DirectoryDesk.File("film.mkv")),
        new DirectoryRequest.ListUsers(DirectoryDesk.User("anna")),
        new DirectoryRequest.ListContent(DirectoryDesk.User("anna"), DirectoryDesk.User("bert")),
        new DirectoryRequest.Disconnect(DirectoryDesk.User("anna")),
    ];

    /// <summary>The replies that an operation can get.</summary>
    public static IEnumerable<DirectoryReply> RepliesTo(DirectoryOperation operation)
    {
        DirectoryResult[] results =
        [
            .. Enumerable.Range(0, ReplyCodes.LastOf(operation) + 1)
                .Select(code => ReplyCodes.ResultOf(operation, code)),
        ];
        DirectoryReply[] lists = operation switch
        {
            DirectoryOperation.ListUsers =>
            [
                new DirectoryReply.Users([]),
                new DirectoryReply.Users(
                [
                    new ConnectedUser(new PresenceId(1), DirectoryDesk.User("anna"), "10.0.0.1", 7000),
                    new ConnectedUser(new PresenceId(2), DirectoryDesk.User("bert"), "fd00::7", 65535),
                ]),
            ],
            DirectoryOperation.ListContent =>
            [
                new DirectoryReply.Contents([]),
                new DirectoryReply.Contents(
                [
                    Publication(1, "film.mkv", "a film, \"übel\""),
                    Publication(2, "empty", ""),
                ]),
            ],
            _ => [new DirectoryReply.Plain(DirectoryResult.Done)],
        };
        return [.. lists, .. results.Skip(1).Select(result => new DirectoryReply.Plain(result))];
    }

    public static byte[] Encode(string? stamp, DirectoryRequest request)
    {
        var output = new ArrayBufferWriter<byte>();
        RequestCodec.Encode(output, stamp, request);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Encode(DirectoryStyle style, DirectoryOperation operation, DirectoryReply reply)
    {
        var output = new ArrayBufferWriter<byte>();
        ReplyCodec.Encode(output, style, operation, reply);
        return output.WrittenSpan.ToArray();
    }

    public static string Text(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (byte b in bytes)
        {
            text.Append(b switch
            {
                0 => "\\0",
                (byte)'\\' => "\\\\",
                >= 32 and < 127 => ((char)b).ToString(),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\x{b:x2}"),
            });
        }

        return text.ToString();
    }

    /// <summary>The bytes of a text in which <c>\0</c> is a zero byte.</summary>
    public static byte[] Of(string text) =>
        Encoding.UTF8.GetBytes(text.Replace("\\0", "\0", StringComparison.Ordinal));

    /// <summary>
    /// Feeds bytes one after the other, as they might come from a socket, cut at one place.
    /// </summary>
    public static (DecodeStatus Status, ReceivedReply? Reply) Decode(
        DirectoryOperation operation, byte[] bytes, params int[] cuts)
    {
        var decoder = new ReplyDecoder(operation);
        byte[] rest = [];
        int from = 0;
        foreach (int cut in cuts.Append(bytes.Length))
        {
            var input = new ReadOnlySequence<byte>([.. rest, .. bytes[from..cut]]);
            DecodeStatus status = decoder.TryDecode(ref input, out ReceivedReply? reply);
            if (status != DecodeStatus.NeedMore)
            {
                return (status, reply);
            }

            rest = input.ToArray();
            from = cut;
        }

        return (DecodeStatus.NeedMore, null);
    }

    private static Publication Publication(long number, string name, string description) => new(
        number, DirectoryDesk.User("bert"), DirectoryDesk.File(name), DirectoryDesk.About(description));
}
