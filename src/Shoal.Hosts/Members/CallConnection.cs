using System.Buffers;
using Shoal.Core.Roster;
using Shoal.Core.Wire;
using Shoal.Net;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Members;

/// <summary>How long the ends of a short conversation wait for each other.</summary>
/// <param name="Silence">Between two bytes of a request.</param>
/// <param name="Request">For a whole request.</param>
/// <param name="Reply">For a part of a reply to be taken.</param>
/// <param name="Drain">For the rest that somebody sends, after the reply.</param>
internal sealed record CallLimits(TimeSpan Silence, TimeSpan Request, TimeSpan Reply, TimeSpan Drain);

/// <summary>Reads one message from the bytes so far; NeedMore leaves them untouched.</summary>
internal delegate DecodeStatus CallDecoder<TCall>(ref ReadOnlySequence<byte> input, out TCall? call);

/// <summary>How an attempt to read a request ended.</summary>
internal enum CallStatus
{
    /// <summary>It is there.</summary>
    Done,

    /// <summary>It is none.</summary>
    Invalid,

    /// <summary>It stopped in the middle: silence, or the end of what the other end sends.</summary>
    Unfinished,

    /// <summary>The connection broke.</summary>
    Broken,
}

/// <summary>One end of a conversation that is a request, a reply, and a close.</summary>
internal sealed class CallConnection(
    TransportConnection transport, CallLimits limits, TimeProvider time, CancellationToken stopping) : IDisposable
{
    private const int BufferBytes = 2048;
    private const int WriteBytes = 64 * 1024;

    /// <summary>Bytes that are read and thrown away after a reply; who sends more may lose it.</summary>
    private const int MostDrained = 1024 * 1024;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _filled;

    public EndpointText Remote => transport.Remote;

    public Stream Stream => transport.Stream;

    /// <summary>What has come so far and is no whole request.</summary>
    public ReadOnlySequence<byte> Received => new(_buffer, 0, _filled);

    /// <summary>Reads the request.</summary>
    public async ValueTask<(CallStatus Status, TCall? Call)> ReadAsync<TCall>(CallDecoder<TCall> decode)
        where TCall : class
    {
        long began = time.GetTimestamp();
        using var limit = new Deadline(Timeout.InfiniteTimeSpan, time, stopping);
        try
        {
            while (_filled < _buffer.Length)
            {
                TimeSpan left = limits.Request - time.GetElapsedTime(began);
                limit.Restart(left < limits.Silence ? left : limits.Silence);
                int read = await transport.Stream.ReadAsync(_buffer.AsMemory(_filled), limit.Token);
                if (read == 0)
                {
                    return (CallStatus.Unfinished, null);
                }

                _filled += read;
                DecodeStatus status = Decode(decode, out TCall? call);
                if (status != DecodeStatus.NeedMore)
                {
                    return (status == DecodeStatus.Done ? CallStatus.Done : CallStatus.Invalid, call);
                }
            }

            return (CallStatus.Invalid, null);
        }
        catch (OperationCanceledException) when (limit.HasPassed)
        {
            return (CallStatus.Unfinished, null);
        }
        catch (IOException)
        {
            return (CallStatus.Broken, null);
        }
    }

    /// <summary>Sends bytes; false: the other end did not take them in time, or is gone.</summary>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        using var limit = new CancellationTokenSource(limits.Reply, time);
        try
        {
            while (!bytes.IsEmpty)
            {
                limit.CancelAfter(limits.Reply);
                int count = Math.Min(bytes.Length, WriteBytes);
                await transport.Stream.WriteAsync(bytes[..count], limit.Token);
                bytes = bytes[count..];
            }

            return true;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>
    /// Ends the conversation so that the other end surely reads the reply: with input unread, a close would reset the
    /// connection, and the reset could overtake the reply.
    /// </summary>
    public async ValueTask FinishAsync()
    {
        transport.FinishSending();
        using var limit = new CancellationTokenSource(limits.Drain, time);
        try
        {
            int drained = 0;
            while (drained < MostDrained)
            {
                int read = await transport.Stream.ReadAsync(_buffer, limit.Token);
                if (read == 0)
                {
                    return;
                }

                drained += read;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It has had its chance.
        }
    }

    public void Dispose()
    {
        transport.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private DecodeStatus Decode<TCall>(CallDecoder<TCall> decode, out TCall? call)
    {
        ReadOnlySequence<byte> input = Received;
        return decode(ref input, out call);
    }
}
