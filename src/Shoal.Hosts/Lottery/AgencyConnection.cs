using System.Buffers;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Lottery;
using Shoal.Net;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Lottery;

/// <summary>
/// Reads one agency's messages and answers each in turn. A connection that says nothing holds no buffer, so that
/// thousands may be silent.
/// </summary>
internal sealed class AgencyConnection(
    TransportConnection transport, LotteryDesk desk, LotteryOptions options, ArrivalBudget budget, TimeProvider time)
{
    /// <summary>Messages that are answered together at most; those behind them wait their turn.</summary>
    public const int MostTogether = 64;

    /// <summary>
    /// Bytes of messages that are answered together, at most and one message: large ones are on their way to the disk
    /// while the next come, and need not all be in memory at once.
    /// </summary>
    public const int MostBytesTogether = 96 * 1024;

    private const int BufferSize = 32 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new(64);
    private readonly List<AgencyMessage> _messages = [];
    private readonly List<LotteryAnswer> _answers = [];

    /// <summary>Serves until the agency goes, breaks the protocol, or the host disposes of the connection.</summary>
    /// <returns>Why the host ends it; null: the agency went.</returns>
    public async Task<string?> ServeAsync(CancellationToken cancellationToken)
    {
        if (await ConverseAsync(cancellationToken) is not { } end)
        {
            return null;
        }

        if (end.Said is { } said)
        {
            await SendAsync([new LotteryAnswer.Refusal(said)], cancellationToken);
        }

        return end.Reason;
    }

    /// <summary>
    /// Lets the agency read the last answer: closed while bytes are on their way in, the connection would be reset and
    /// the answer lost with it.
    /// </summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        using var limit = new Deadline(options.EndLimit, time, cancellationToken);
        transport.FinishSending();
        byte[] nowhere = ArrayPool<byte>.Shared.Rent(BufferSize);
        while (await transport.Stream.ReadAsync(nowhere, limit.Token) > 0)
        {
            // Nobody reads it.
        }

        ArrayPool<byte>.Shared.Return(nowhere);
    }

    // Why it ends; null: the agency went.
    private async Task<Ending?> ConverseAsync(CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using ITimer timer = time.CreateTimer(
            source => ((CancellationTokenSource)source!).Cancel(), late, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        using var arriving = new ArrivingBytes(budget, late);
        return await ConverseAsync(arriving, timer, late.Token, cancellationToken);
    }

    private async Task<Ending?> ConverseAsync(
        ArrivingBytes arriving, ITimer timer, CancellationToken late, CancellationToken cancellationToken)
    {
        int searched = 0;
        while (true)
        {
            if (await TryReadAsync(arriving, late, cancellationToken) is not { } read)
            {
                return arriving.IsDropped ? Ending.NoRoom : Ending.TooSlow;
            }

            if (read == 0)
            {
                return null;
            }

            // Nothing is searched twice: a message that comes byte by byte costs no more than one that comes whole.
            bool hasEnd = arriving.Bytes.Span[searched..].Contains((byte)';');
            if (hasEnd || arriving.Bytes.Length >= AgencyTextCodec.LongestMessage)
            {
                timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                if (!arriving.TryBeginWork())
                {
                    return Ending.NoRoom;
                }

                if (await AnswerAllAsync(arriving, cancellationToken) is { } end)
                {
                    return end;
                }

                arriving.EndWork();
            }

            // A message's time runs from its first byte; bytes that follow do not start it anew.
            if (arriving.IsEmpty || searched == 0 || hasEnd)
            {
                timer.Change(
                    arriving.IsEmpty ? Timeout.InfiniteTimeSpan : options.MessageLimit, Timeout.InfiniteTimeSpan);
            }

            searched = arriving.Bytes.Length;
        }
    }

    private async Task<Ending?> AnswerAllAsync(ArrivingBytes arriving, CancellationToken cancellationToken)
    {
        var status = DecodeStatus.Done;
        while (status == DecodeStatus.Done)
        {
            var rest = new ReadOnlySequence<byte>(arriving.Bytes);
            long before = rest.Length;
            status = TakeTogether(ref rest);
            if (!await AnswerAsync(cancellationToken))
            {
                return Ending.Over;
            }

            arriving.Take((int)(before - rest.Length));
        }

        return status == DecodeStatus.Invalid ? Ending.TooLong : null;
    }

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    // Null: the message that has begun took too long, or too much room.
    private async ValueTask<int?> TryReadAsync(
        ArrivingBytes arriving, CancellationToken late, CancellationToken cancellationToken)
    {
        try
        {
            // Nothing is read without a buffer, but waited for.
            if ((arriving.IsEmpty && await transport.Stream.ReadAsync(Memory<byte>.Empty, late) > 0)
                || !arriving.TryMakeRoom())
            {
                return null;
            }

            int read = await transport.Stream.ReadAsync(arriving.Room, late);
            arriving.Came(read);
            return read;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    // Done: there may be more.
    private DecodeStatus TakeTogether(ref ReadOnlySequence<byte> rest)
    {
        var status = DecodeStatus.Done;
        long before = rest.Length;
        while (_messages.Count < MostTogether && before - rest.Length < MostBytesTogether
            && status == DecodeStatus.Done)
        {
            status = AgencyTextCodec.TryDecode(ref rest, Today, out AgencyMessage? message);
            if (message is not null)
            {
                _messages.Add(message);
            }
        }

        return status;
    }

    // False: these were the last answers.
    private async Task<bool> AnswerAsync(CancellationToken cancellationToken)
    {
        if (_messages.Count > 0)
        {
            await desk.AnswerAsync(_messages, _answers, cancellationToken);
            _messages.Clear();
            await SendAsync(_answers, cancellationToken);
            _answers.Clear();
        }

        return !desk.IsBroken;
    }

    private async Task SendAsync(IEnumerable<LotteryAnswer> answers, CancellationToken cancellationToken)
    {
        _bytes.ResetWrittenCount();
        foreach (LotteryAnswer answer in answers)
        {
            LotteryAnswerCodec.Encode(answer, _bytes);
        }

        using var limit = new Deadline(options.AnswerLimit, time, cancellationToken);
        await transport.Stream.WriteAsync(_bytes.WrittenMemory, limit.Token);
    }

    /// <summary>Why a conversation ends.</summary>
    /// <param name="Reason">For the log.</param>
    /// <param name="Said">What the agency is told; null: nothing more.</param>
    private sealed record Ending(string Reason, string? Said)
    {
        public static readonly Ending TooSlow = new("a message took too long", "the message took too long");

        public static readonly Ending Over = new("the conversation is over", Said: null);

        public static readonly Ending TooLong = new(
            "a message is too long", $"a message is longer than {AgencyTextCodec.LongestMessage} bytes");

        public static readonly Ending NoRoom = new(
            "a message took the room of many",
            $"{LotteryAnswer.Refusal.TryAgain}the hub has no room for so much that is not complete");
    }
}
