using System.Buffers;
using System.Globalization;
using System.Text;
using Shoal.Core.Members;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Directory;

namespace Shoal.Hosts.Conform;

/// <summary>Compares what a directory answered with what a case expects.</summary>
internal static class ConformJudge
{
    private const int MostShown = 80;

    /// <summary>The style of a reply with code 0 that is no list; null: it is none.</summary>
    public static DirectoryStyle? StyleOf(byte[] reply) => reply switch
    {
        [(byte)'0', 0] => DirectoryStyle.AsciiNul,
        [(byte)'0'] => DirectoryStyle.AsciiBare,
        [0] => DirectoryStyle.Raw,
        _ => null,
    };

    /// <summary>A code as a style has it.</summary>
    public static byte[] BytesOf(DirectoryStyle style, int code) => style switch
    {
        DirectoryStyle.Raw => [(byte)code],
        DirectoryStyle.AsciiBare => [(byte)('0' + code)],
        _ => [(byte)('0' + code), 0],
    };

    /// <summary>How a reply departs from what is expected; null: it does not.</summary>
    public static string? Departure(
        ConformReply expected, RawReply reply, DirectoryStyle style, ConformNames names)
    {
        if (reply.Failure is not null && expected is not ConformReply.Nothing)
        {
            return $"{Expectation(expected, style, names)}, but {reply.Failure}";
        }

        bool isKept = expected switch
        {
            ConformReply.Nothing => reply is { Bytes: [], Failure: null },
            ConformReply.Code code => reply.Bytes.AsSpan().SequenceEqual(BytesOf(style, code.Value)),
            ConformReply.Users users => Read(DirectoryOperation.ListUsers, reply.Bytes, style) is { } list
                && Has(list, users, names),
            ConformReply.Contents contents => Read(DirectoryOperation.ListContent, reply.Bytes, style) is { } list
                && Has(list, contents, style, names),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return isKept
            ? null
            : $"{Expectation(expected, style, names)}, but got {reply.Failure ?? Shown(reply.Bytes)}";
    }

    /// <summary>Bytes as a person reads them.</summary>
    public static string Shown(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return "nothing";
        }

        var text = new StringBuilder();
        foreach (char c in Encoding.UTF8.GetString(bytes, 0, Math.Min(bytes.Length, MostShown)))
        {
            _ = c == 0
                ? text.Append("\\0")
                : char.IsControl(c)
                    ? text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}")
                    : text.Append(c);
        }

        return $"'{text}{(bytes.Length > MostShown ? "..." : "")}'";
    }

    private static ReceivedReply? Read(DirectoryOperation operation, byte[] bytes, DirectoryStyle style)
    {
        // A list in another style than the plain replies could be read, but not by a program of one style.
        if (!bytes.AsSpan().StartsWith(BytesOf(style, 0)))
        {
            return null;
        }

        var input = new ReadOnlySequence<byte>(bytes);
        return new ReplyDecoder(operation).TryDecode(ref input, out ReceivedReply? reply) == DecodeStatus.Done
            && input.IsEmpty && reply!.Code == 0 ? reply : null;
    }

    private static bool Has(ReceivedReply list, ConformReply.Users users, ConformNames names)
    {
        HashSet<string> listed = [.. list.Users.Select(row => row.User)];
        return listed.Count == list.Users.Length
            && users.There.All(user => listed.Contains(names.User(user)))
            && !users.Gone.Any(user => listed.Contains(names.User(user)));
    }

    private static bool Has(
        ReceivedReply list, ConformReply.Contents contents, DirectoryStyle style, ConformNames names) =>
        list.Contents.Length == contents.Rows.Length
            && list.Contents.Zip(contents.Rows).All(pair =>
                pair.First.File == names.Text(pair.Second.File)
                && (style == DirectoryStyle.Raw || pair.Second.Description is not { } description
                    || pair.First.Description == names.Text(description)));

    private static string Expectation(ConformReply expected, DirectoryStyle style, ConformNames names) =>
        expected switch
        {
            ConformReply.Nothing => "expected to be closed without a reply",
            ConformReply.Code code => $"expected {Shown(BytesOf(style, code.Value))}",
            ConformReply.Users users => "expected a list of users "
                + string.Join(", ", users.There.Select(user => $"with {names.User(user)}")
                    .Concat(users.Gone.Select(user => $"without {names.User(user)}"))),
            ConformReply.Contents { Rows: [] } => "expected a list of no publications",
            ConformReply.Contents contents => "expected a list of publications "
                + string.Join(", ", contents.Rows.Select(row => names.Text(row.File))),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
