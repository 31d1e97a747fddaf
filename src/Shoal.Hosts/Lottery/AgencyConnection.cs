using System.Buffers;
using System.IO.Pipelines;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Lottery;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Lottery;

/// <summary>
/// Reads one agency's messages and answers each in turn. A connection that says nothing holds no buffer, so that
/// thousands may be silent.
/// </summary>
internal sealed class AgencyConnection(
    TransportConnection transport, LotteryDesk desk, LotteryOptions options, TimeProvider time)
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
        PipeReader reader = PipeReader.Create(
            transport.Stream,
            new StreamPipeReaderOptions(bufferSize: BufferSize, leaveOpen: true, useZeroByteReads: true));
        try
        {
            return await ServeAsync(reader, cancellationToken);
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    /// <summary>
    /// Lets the agency read the last answer: closed while bytes are on their way in, the connection would be reset and
    /// the answer lost with it.
    /// </summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.EndLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        transport.FinishSending();
        byte[] nowhere = ArrayPool<byte>.Shared.Rent(BufferSize);
        while (await transport.Stream.ReadAsync(nowhere, either.Token) > 0)
        {
            // Nobody reads it.
        }

        ArrayPool<byte>.Shared.Return(nowhere);
    }

    private async Task<string?> ServeAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        long searched = 0;
        using var slow = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using ITimer timer = time.CreateTimer(
            source => ((CancellationTokenSource)source!).Cancel(), slow, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        while (true)
        {
            if (await ReadAsync(reader, slow.Token, cancellationToken) is not { } read)
            {
                await SendAsync([new LotteryAnswer.Refusal("the message took too long")], cancellationToken);
                return "a message took too long";
            }

            ReadOnlySequence<byte> rest = read.Buffer;

            // Nothing is searched twice: a message that comes byte by byte costs no more than one that comes whole.
            bool hasEnd = rest.Slice(searched).PositionOf((byte)';') is not null;
            DecodeStatus status = hasEnd || rest.Length >= AgencyTextCodec.LongestMessage
                ? DecodeStatus.Done
                : DecodeStatus.NeedMore;
            while (status == DecodeStatus.Done)
            {
                status = TakeTogether(ref rest);
                if (!await AnswerAsync(cancellationToken))
                {
                    return "the conversation is over";
                }
            }

            if (status == DecodeStatus.Invalid)
            {
                await SendAsync(
                    [new LotteryAnswer.Refusal($"a message is longer than {AgencyTextCodec.LongestMessage} bytes")],
                    cancellationToken);
                return "a message is too long";
            }

            // A message's time runs from its first byte; bytes that follow do not start it anew.
            bool isBegun = !rest.IsEmpty;
            if (!isBegun || searched == 0 || hasEnd)
            {
                timer.Change(isBegun ? options.MessageLimit : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            searched = rest.Length;
            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    // Null: the message that has begun took too long.
    private static async ValueTask<ReadResult?> ReadAsync(
        PipeReader reader, CancellationToken slow, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(slow);
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

        using var limit = new CancellationTokenSource(options.AnswerLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await transport.Stream.WriteAsync(_bytes.WrittenMemory, either.Token);
    }
}
