using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Directory;
using Shoal.Core.Wire.Rpc;
using Shoal.Hosts.Common;
using Shoal.Net;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Audit;

/// <summary>A connection of somebody who tells operations.</summary>
internal sealed class AuditCaller(
    TransportConnection connection, AuditOptions options, AuditPrinter printer, TimeProvider time, ILogger log)
{
    private readonly ArrayBufferWriter<byte> _replies = new();

    /// <summary>Serves it until it hangs up, says nothing for too long, or what it says is no call.</summary>
    public async Task ServeAsync(CancellationToken stopping)
    {
        PipeReader reader = PipeReader.Create(connection.Stream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            if (await ServeAsync(reader, stopping) is { } reason)
            {
                log.AuditCallerRefused(connection.Remote.ToString(), reason);
            }
        }
        catch (IOException)
        {
            // It is gone, and has what was confirmed to it.
        }
        finally
        {
            await reader.CompleteAsync();
            connection.Dispose();
        }
    }

    private async Task<string?> ServeAsync(PipeReader reader, CancellationToken stopping)
    {
        TimeSpan limit = options.IdleLimit;
        while (true)
        {
            using var patience = new Deadline(limit, time, stopping);
            ReadResult read;
            try
            {
                read = await reader.ReadAsync(patience.Token);
            }
            catch (OperationCanceledException) when (patience.HasPassed)
            {
                return limit == options.IdleLimit ? null : "it stopped in the middle of a call";
            }

            ReadOnlySequence<byte> input = read.Buffer;
            string? fault = null;
            while (fault is null && TryTake(ref input, out RpcCall? call, out fault))
            {
                await AnswerAsync(call!, stopping);
            }

            await SendAsync(stopping);
            reader.AdvanceTo(input.Start, read.Buffer.End);
            if (fault is not null || read.IsCompleted)
            {
                return fault;
            }

            limit = input.IsEmpty ? options.IdleLimit : options.SilenceLimit;
        }
    }

    private bool TryTake(ref ReadOnlySequence<byte> input, out RpcCall? call, out string? fault)
    {
        DecodeStatus status = RecordMark.TryDecode(ref input, options.MostRecordBytes, out byte[] record);
        call = status == DecodeStatus.Done ? RpcCodec.DecodeCall(record) : null;
        fault = status == DecodeStatus.Invalid
            ? $"its call is longer than {options.MostRecordBytes} bytes"
            : status == DecodeStatus.Done && call is null ? "what it says is no call" : null;
        return call is not null;
    }

    private async ValueTask AnswerAsync(RpcCall call, CancellationToken stopping)
    {
        RpcOutcome outcome = await OutcomeOfAsync(call, stopping);
        if (outcome != RpcOutcome.Done)
        {
            log.AuditCallRefused(connection.Remote.ToString(), StateWord.Of(outcome));
        }

        var reply = new ArrayBufferWriter<byte>();
        RpcCodec.EncodeReply(reply, call, outcome, AuditCodec.Version);
        RecordMark.Encode(_replies, reply.WrittenSpan);
    }

    private async ValueTask<RpcOutcome> OutcomeOfAsync(RpcCall call, CancellationToken stopping)
    {
        switch (call)
        {
            case { Protocol: not RpcCodec.Protocol }:
                return RpcOutcome.Denied;
            case { Program: not AuditCodec.Program }:
                return RpcOutcome.NoSuchProgram;
            case { Version: not AuditCodec.Version }:
                return RpcOutcome.NoSuchVersion;
            case { Procedure: AuditCodec.Nothing }:
                return RpcOutcome.Done;
            case { Procedure: AuditCodec.Note }:
                return AuditCodec.DecodeArguments(call.Arguments.Span) is not { } entry
                    ? RpcOutcome.BadArguments
                    : await printer.PrintAsync(entry, stopping) ? RpcOutcome.Done : RpcOutcome.Failed;
            default:
                return RpcOutcome.NoSuchProcedure;
        }
    }

    private async ValueTask SendAsync(CancellationToken stopping)
    {
        if (_replies.WrittenCount > 0)
        {
            using var patience = new Deadline(options.SilenceLimit, time, stopping);
            try
            {
                await connection.Stream.WriteAsync(_replies.WrittenMemory, patience.Token);
            }
            catch (OperationCanceledException) when (patience.HasPassed)
            {
                throw new IOException("it does not take its replies");
            }

            _replies.ResetWrittenCount();
        }
    }
}
