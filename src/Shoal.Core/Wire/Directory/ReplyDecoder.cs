using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Shoal.Core.Members;

namespace Shoal.Core.Wire.Directory;

/// <summary>
/// Reads one reply, of any style, as its bytes come: the first byte tells the style, and long lists are taken row by
/// row.
/// </summary>
public sealed class ReplyDecoder(DirectoryOperation operation)
{
    private readonly ImmutableArray<UserRow>.Builder _users = ImmutableArray.CreateBuilder<UserRow>();
    private readonly ImmutableArray<ContentRow>.Builder _contents = ImmutableArray.CreateBuilder<ContentRow>();
    private State _state = State.Code;
    private bool _isRaw;
    private int _code;
    private int _rows;

    private enum State
    {
        Code,
        CodeEnd,
        Count,
        Rows,
    }

    /// <summary>
    /// Takes bytes of the reply. NeedMore keeps what it has understood and leaves the rest in the input; Invalid: this
    /// is no reply of a directory.
    /// </summary>
    public DecodeStatus TryDecode(ref ReadOnlySequence<byte> input, out ReceivedReply? reply)
    {
        reply = null;
        var reader = new SequenceReader<byte>(input);
        DecodeStatus status = Step(ref reader);
        input = input.Slice(reader.Position);
        if (status == DecodeStatus.Done)
        {
            reply = new ReceivedReply(operation, _code, _users.ToImmutable(), _contents.ToImmutable());
        }

        return status;
    }

    private bool IsList => operation is DirectoryOperation.ListUsers or DirectoryOperation.ListContent;

    private DecodeStatus Step(ref SequenceReader<byte> reader)
    {
        if (_state == State.Code)
        {
            if (ReadCode(ref reader) is var status && (status != DecodeStatus.Done || _code != 0 || !IsList))
            {
                return status;
            }

            _state = _isRaw ? State.Count : State.CodeEnd;
        }

        if (_state == State.CodeEnd)
        {
            // A count begins with a digit, so a zero byte belongs to the code.
            if (!reader.TryPeek(out byte next))
            {
                return DecodeStatus.NeedMore;
            }

            reader.Advance(next == 0 ? 1 : 0);
            _state = State.Count;
        }

        if (_state == State.Count)
        {
            if (ReadCount(ref reader) is var status && status != DecodeStatus.Done)
            {
                return status;
            }

            _state = State.Rows;
        }

        return ReadRows(ref reader);
    }

    private DecodeStatus ReadCode(ref SequenceReader<byte> reader)
    {
        if (!reader.TryRead(out byte code))
        {
            return DecodeStatus.NeedMore;
        }

        _isRaw = code <= 9;
        _code = _isRaw ? code : code - '0';
        return _code is >= 0 and <= 9 ? DecodeStatus.Done : DecodeStatus.Invalid;
    }

    private DecodeStatus ReadCount(ref SequenceReader<byte> reader)
    {
        DecodeStatus status = ReadField(ref reader, out string text);
        return status != DecodeStatus.Done
            ? status
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _rows)
                && _rows <= DirectoryLimits.Rows
                ? DecodeStatus.Done
                : DecodeStatus.Invalid;
    }

    private DecodeStatus ReadRows(ref SequenceReader<byte> reader)
    {
        while (_users.Count + _contents.Count < _rows)
        {
            SequenceReader<byte> row = reader;
            DecodeStatus status = operation == DirectoryOperation.ListUsers
                ? ReadUser(ref row)
                : ReadContent(ref row);
            if (status != DecodeStatus.Done)
            {
                return status;
            }

            reader = row;
        }

        return DecodeStatus.Done;
    }

    private DecodeStatus ReadUser(ref SequenceReader<byte> reader)
    {
        (string user, string address, string port) = ("", "", "");
        DecodeStatus status = ReadField(ref reader, out user);
        status = status == DecodeStatus.Done ? ReadField(ref reader, out address) : status;
        status = status == DecodeStatus.Done ? ReadField(ref reader, out port) : status;
        if (status == DecodeStatus.Done)
        {
            _users.Add(new UserRow(user, address, port));
        }

        return status;
    }

    private DecodeStatus ReadContent(ref SequenceReader<byte> reader)
    {
        string description = "";
        DecodeStatus status = ReadField(ref reader, out string file);
        status = status == DecodeStatus.Done && !_isRaw ? ReadField(ref reader, out description) : status;
        if (status == DecodeStatus.Done)
        {
            _contents.Add(new ContentRow(file, description));
        }

        return status;
    }

    private static DecodeStatus ReadField(ref SequenceReader<byte> reader, out string text)
    {
        text = "";
        if (reader.TryReadTo(out ReadOnlySequence<byte> field, 0))
        {
            text = field.Length < DirectoryLimits.FieldBytes ? Encoding.UTF8.GetString(field) : "";
            return field.Length < DirectoryLimits.FieldBytes ? DecodeStatus.Done : DecodeStatus.Invalid;
        }

        return reader.Remaining < DirectoryLimits.FieldBytes ? DecodeStatus.NeedMore : DecodeStatus.Invalid;
    }
}
