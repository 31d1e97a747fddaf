using System.Buffers;
using System.Globalization;
using System.Text;
using Shoal.Core.Members;

namespace Shoal.Core.Wire.Directory;

/// <summary>
/// Requests to a directory: fields of text, each with a zero byte at its end.
/// <code>
///   word \0  [dd/mm/yyyy hh:mm:ss \0]  user \0  [file \0 [description \0] | port \0 | target \0]
/// </code>
/// The word may end with a line feed too. An address before the port of a connect is skipped; one behind it, like
/// anything else behind a request, is never looked at.
/// </summary>
public static class RequestCodec
{
    private const byte LineFeed = (byte)'\n';

    /// <summary>
    /// Reads a request. Invalid: the word is unknown, there is nothing to answer. A request with a wrong field is
    /// Done as soon as that field is seen, with a fault.
    /// </summary>
    public static DecodeStatus TryDecode(ref ReadOnlySequence<byte> input, out DirectoryCall? call)
    {
        call = null;
        Span<byte> buffer = stackalloc byte[DirectoryLimits.RequestBytes];
        ReadOnlySpan<byte> bytes = Whole(input, buffer);
        DecodeStatus status = FindWord(bytes, out int end, out DirectoryOperation operation);
        if (status != DecodeStatus.Done)
        {
            return status;
        }

        var reader = new FieldReader(bytes);
        reader.Skip(end + 1);
        string? stamp = ReadStamp(ref reader, bytes);
        DirectoryRequest? request = ReadRequest(ref reader, operation);
        if (reader.Status == DecodeStatus.NeedMore)
        {
            return DecodeStatus.NeedMore;
        }

        call = reader.Fault is null
            ? new DirectoryCall(operation, stamp, request, null)
            : new DirectoryCall(operation, stamp, null, reader.Fault);
        input = input.Slice(reader.Position);
        return DecodeStatus.Done;
    }

    /// <summary>What a request that never became whole was about; null: its word is not even there.</summary>
    public static DirectoryOperation? OperationOf(ReadOnlySequence<byte> input)
    {
        Span<byte> buffer = stackalloc byte[DirectoryLimits.RequestBytes];
        return FindWord(Whole(input, buffer), out _, out DirectoryOperation operation) == DecodeStatus.Done
            ? operation
            : null;
    }

    /// <summary>Writes a request.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="stamp">The date, <c>dd/mm/yyyy hh:mm:ss</c>; null: none.</param>
    /// <param name="request">What is asked.</param>
    public static void Encode(IBufferWriter<byte> output, string? stamp, DirectoryRequest request)
    {
        output.WriteField(DirectoryWords.Of(request.Operation));
        if (stamp is not null)
        {
            output.WriteField(stamp);
        }

        output.WriteField(request.User.Value);
        switch (request)
        {
            case DirectoryRequest.Connect connect:
                output.WriteField(connect.Port);
                break;
            case DirectoryRequest.Publish publish:
                output.WriteField(publish.File.Value);
                output.WriteField(publish.Description.Value);
                break;
            case DirectoryRequest.Withdraw withdraw:
                output.WriteField(withdraw.File.Value);
                break;
            case DirectoryRequest.ListContent list:
                output.WriteField(list.Target.Value);
                break;
            default:
                break;
        }
    }

    private static ReadOnlySpan<byte> Whole(ReadOnlySequence<byte> input, Span<byte> buffer)
    {
        if (input.IsSingleSegment)
        {
            return input.FirstSpan;
        }

        ReadOnlySequence<byte> most = input.Slice(0, Math.Min(input.Length, buffer.Length));
        most.CopyTo(buffer);
        return buffer[..(int)most.Length];
    }

    private static DecodeStatus FindWord(ReadOnlySpan<byte> bytes, out int end, out DirectoryOperation operation)
    {
        operation = default;
        end = bytes[..Math.Min(bytes.Length, DirectoryWords.Longest + 1)].IndexOfAny((byte)0, LineFeed);
        if (end < 0)
        {
            return bytes.Length <= DirectoryWords.Longest ? DecodeStatus.NeedMore : DecodeStatus.Invalid;
        }

        if (DirectoryWords.Find(bytes[..end]) is not { } found)
        {
            return DecodeStatus.Invalid;
        }

        operation = found;
        return DecodeStatus.Done;
    }

    // A date cannot be a user: names have no blanks.
    private static string? ReadStamp(ref FieldReader reader, ReadOnlySpan<byte> bytes)
    {
        FieldReader ahead = reader;
        ReadOnlySpan<byte> field = ahead.Bytes("date");
        if (!RequestStamp.Is(field))
        {
            return null;
        }

        reader = ahead;
        return Encoding.ASCII.GetString(field);
    }

    private static DirectoryRequest? ReadRequest(ref FieldReader reader, DirectoryOperation operation)
    {
        UserName user = ReadUser(ref reader, "user's name");
        return operation switch
        {
            DirectoryOperation.Register => new DirectoryRequest.Register(user),
            DirectoryOperation.Unregister => new DirectoryRequest.Unregister(user),
            DirectoryOperation.Connect => new DirectoryRequest.Connect(user, ReadPort(ref reader)),
            DirectoryOperation.Publish =>
                new DirectoryRequest.Publish(user, ReadFile(ref reader), ReadDescription(ref reader)),
            DirectoryOperation.Withdraw => new DirectoryRequest.Withdraw(user, ReadFile(ref reader)),
            DirectoryOperation.ListUsers => new DirectoryRequest.ListUsers(user),
            DirectoryOperation.ListContent =>
                new DirectoryRequest.ListContent(user, ReadUser(ref reader, "name of the user to list")),
            _ => new DirectoryRequest.Disconnect(user),
        };
    }

    private static UserName ReadUser(ref FieldReader reader, string what)
    {
        if (!UserName.TryCreate(reader.Text(what), out UserName user))
        {
            reader.Fail($"the {what} is empty, or has blanks or control characters");
        }

        return user;
    }

    private static PublicationName ReadFile(ref FieldReader reader)
    {
        if (!PublicationName.TryCreate(reader.Text("file's name"), out PublicationName file))
        {
            reader.Fail("the file's name is empty, or has blanks or control characters");
        }

        return file;
    }

    private static Description ReadDescription(ref FieldReader reader)
    {
        if (!Description.TryCreate(reader.Text("description"), out Description description))
        {
            reader.Fail("the description has control characters");
        }

        return description;
    }

    private static int ReadPort(ref FieldReader reader)
    {
        ReadOnlySpan<byte> field = reader.Bytes("port");
        if (field.IndexOfAny((byte)'.', (byte)':') >= 0)
        {
            field = reader.Bytes("port");
        }

        bool isPort = int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port is > 0 and <= ushort.MaxValue;
        if (!isPort)
        {
            reader.Fail("the port is not a number from 1 to 65535");
        }

        return port;
    }
}
