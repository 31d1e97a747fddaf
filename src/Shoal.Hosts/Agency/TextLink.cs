using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using System.IO.Pipelines;
using Shoal.Core.Lottery;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Lottery;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Agency;

/// <summary>A connection over the text protocol: answers come in the order of what was sent.</summary>
internal sealed class TextLink : IAgencyLink
{
    // Enough that small batches go together; the hub begins with the first while the next are read.
    private const int MostUnsent = 64 * 1024;

    private readonly TransportConnection _connection;
    private readonly AgencyOptions _options;
    private readonly Func<AgencyEvent, ValueTask> _tell;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _silent;
    private readonly ITimer _silence;
    private readonly Lock _gate = new();
    private readonly Queue<long> _sentBatches = new();
    private readonly ArrayBufferWriter<byte> _unsent = new();
    private readonly Task _reading;
    private int _due;

    public TextLink(
        TransportConnection connection, AgencyOptions options, TimeProvider time,
        Func<AgencyEvent, ValueTask> tell)
    {
        _connection = connection;
        _options = options;
        _tell = tell;
        _silent = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        _silence = time.CreateTimer(
            source => ((CancellationTokenSource)source!).Cancel(), _silent, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        _reading = ReadAsync();
    }

    public ValueTask SendBatchAsync(long number, ImmutableArray<Bet> bets, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _sentBatches.Enqueue(number);
        }

        Send(new AgencyMessage.Batch(_options.Agency, bets, default));
        return _unsent.WrittenCount >= MostUnsent ? FlushAsync(cancellationToken) : ValueTask.CompletedTask;
    }

    public void SendClose(BroughtCounts counts) => Send(new AgencyMessage.Close(_options.Agency));

    public void AskWinners() => Send(new AgencyMessage.Query(_options.Agency));

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_unsent.WrittenCount == 0)
        {
            return;
        }

        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_silent.Token, cancellationToken);
            await _connection.Stream.WriteAsync(_unsent.WrittenMemory, either.Token);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Whoever reads finds out as well, and tells.
            _connection.Dispose();
        }

        _unsent.ResetWrittenCount();
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _reading;
        _connection.Dispose();
        await _silence.DisposeAsync();
        _silent.Dispose();
        _closing.Dispose();
    }

    private void Send(AgencyMessage message)
    {
        AgencyTextCodec.Encode(message, _unsent);
        Expect(+1);
    }

    // The hub's time runs while an answer is due, and begins anew with each.
    private void Expect(int answers)
    {
        lock (_gate)
        {
            _due += answers;
            _silence.Change(_due > 0 ? _options.AnswerLimit : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task ReadAsync()
    {
        await Task.Yield();
        PipeReader reader = PipeReader.Create(
            _connection.Stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));
        try
        {
            string reason = await ReadAsync(reader);
            await _tell(new AgencyEvent.Lost(reason));
        }
        catch (OperationCanceledException)
        {
            // Nobody listens any more.
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    // Gives the reason why it ended.
    private async Task<string> ReadAsync(PipeReader reader)
    {
        try
        {
            while (true)
            {
                ReadResult read = await reader.ReadAsync(_silent.Token);
                ReadOnlySequence<byte> rest = read.Buffer;
                DecodeStatus status;
                LotteryAnswer? answer;
                while ((status = LotteryAnswerCodec.TryDecode(ref rest, out answer)) == DecodeStatus.Done)
                {
                    if (EventOf(answer!) is not { } @event)
                    {
                        return "the hub answers what nobody asked";
                    }

                    Expect(-1);
                    await _tell(@event);
                }

                if (status == DecodeStatus.Invalid)
                {
                    return "the hub says something else than answers";
                }

                reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                {
                    return "the hub closed the connection";
                }
            }
        }
        catch (IOException e)
        {
            return e.Message;
        }
        catch (ObjectDisposedException)
        {
            return "the connection is closed";
        }
        catch (OperationCanceledException) when (!_closing.IsCancellationRequested)
        {
            return $"the hub has not answered for {_options.AnswerLimit.TotalSeconds:0} s";
        }
    }

    // Null: it answers nothing that was sent.
    private AgencyEvent? EventOf(LotteryAnswer answer)
    {
        long batch;
        bool isForBatch;
        lock (_gate)
        {
            if (_due == 0)
            {
                return null;
            }

            // Batches are all answered before anything else is sent.
            isForBatch = _sentBatches.TryDequeue(out batch);
        }

        return answer switch
        {
            LotteryAnswer.Refusal { IsPassing: true } passing => new AgencyEvent.Lost(passing.Reason),
            LotteryAnswer.Refusal refusal => new AgencyEvent.Refused(refusal.Reason),
            LotteryAnswer.BatchStored => isForBatch ? new AgencyEvent.BatchStored(batch) : null,
            _ when isForBatch => null,
            LotteryAnswer.Closed => new AgencyEvent.CloseNoted(),
            LotteryAnswer.Wait => new AgencyEvent.NotYet(),
            LotteryAnswer.Winners winners => new AgencyEvent.WinnersTold(winners.Documents),
            _ => throw new UnreachableException(),
        };
    }
}
