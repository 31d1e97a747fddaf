using System.Buffers;
using System.IO.Pipelines;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Directory;
using Shoal.Core.Wire.Rpc;
using Shoal.Net;
using Shoal.Net.Rpc;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Audit;

/// <summary>What came of operations that were sent.</summary>
/// <param name="Settled">How many, from the first, need not be sent again.</param>
/// <param name="Refused">Those among them that the other side cannot read.</param>
/// <param name="Failure">Why the rest is not settled; null: all are.</param>
internal sealed record AuditDelivery(int Settled, IReadOnlyList<int> Refused, string? Failure);

/// <summary>A connection to the log's side.</summary>
internal sealed class AuditLink : IDisposable
{
    private const int MostReplyBytes = 1024;

    private readonly TransportConnection _connection;
    private readonly PipeReader _reader;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private uint _lastId;

    private AuditLink(TransportConnection connection, TimeSpan limit, TimeProvider time)
    {
        _connection = connection;
        _limit = limit;
        _time = time;
        _reader = PipeReader.Create(connection.Stream, new StreamPipeReaderOptions(leaveOpen: true));
    }

    public EndpointText Remote => _connection.Remote;

    /// <summary>Finds the log's side and connects to it.</summary>
    /// <exception cref="IOException">It is not there; the message says why.</exception>
    public static async Task<AuditLink> OpenAsync(
        AuditTrailOptions options, ITransport transport, TimeProvider time, CancellationToken cancellationToken)
    {
        EndpointText target = options.Target;
        if (target.Port == 0)
        {
            PortResult found = await options.PortMapper.AskAsync(
                target.Host, AuditCodec.Program, AuditCodec.Version, cancellationToken);
            target = found switch
            {
                PortResult.Found { Port: var port } => target with { Port = port },
                PortResult.Failed failed => throw new IOException(failed.Reason),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }

        return await transport.DialAsync(target, cancellationToken) switch
        {
            DialResult.Connected connected => new AuditLink(connected.Connection, options.ReplyLimit, time),
            DialResult.Failed failed => throw new IOException(failed.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Sends operations at once, and waits until all are confirmed or something fails.</summary>
    public async Task<AuditDelivery> SendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        uint first = _lastId + 1;
        _lastId += (uint)entries.Count;
        var outcomes = new RpcOutcome?[entries.Count];
        using var patience = new Deadline(_limit, _time, cancellationToken);
        string? failure;
        try
        {
            var calls = new ArrayBufferWriter<byte>();
            for (int i = 0; i < entries.Count; i++)
            {
                AuditCodec.EncodeCall(calls, first + (uint)i, entries[i]);
            }

            await _connection.Stream.WriteAsync(calls.WrittenMemory, patience.Token);
            failure = await ReceiveAsync(first, outcomes, patience.Token);
        }
        catch (IOException e)
        {
            failure = e.Message;
        }
        catch (OperationCanceledException) when (patience.HasPassed)
        {
            failure = $"no reply within {_limit.TotalSeconds:0.#} s";
        }

        return Judge(outcomes, failure);
    }

    public void Dispose()
    {
        _reader.Complete();
        _connection.Dispose();
    }

    private async Task<string?> ReceiveAsync(
        uint first, RpcOutcome?[] outcomes, CancellationToken cancellationToken)
    {
        int open = outcomes.Length;
        while (open > 0)
        {
            ReadResult read = await _reader.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> input = read.Buffer;
            DecodeStatus status = DecodeStatus.Done;
            while (open > 0)
            {
                status = RecordMark.TryDecode(ref input, MostReplyBytes, out byte[] record);
                if (status != DecodeStatus.Done)
                {
                    break;
                }

                if (RpcCodec.DecodeReply(record) is { } reply && reply.Id - first < (uint)outcomes.Length
                    && outcomes[reply.Id - first] is null)
                {
                    outcomes[reply.Id - first] = reply.Outcome;
                    open--;
                }
            }

            _reader.AdvanceTo(input.Start, read.Buffer.End);
            if (status == DecodeStatus.Invalid)
            {
                return "what it says is no reply";
            }

            if (open > 0 && read.IsCompleted)
            {
                return "it hung up";
            }
        }

        return null;
    }

    // Arguments that cannot be read can never be read; whatever else is wrong may pass.
    private static AuditDelivery Judge(RpcOutcome?[] outcomes, string? failure)
    {
        var refused = new List<int>();
        int settled = 0;
        while (settled < outcomes.Length && outcomes[settled] is RpcOutcome.Done or RpcOutcome.BadArguments)
        {
            if (outcomes[settled] == RpcOutcome.BadArguments)
            {
                refused.Add(settled);
            }

            settled++;
        }

        if (settled < outcomes.Length)
        {
            failure = outcomes[settled] is { } outcome ? $"it answers {outcome}" : failure;
        }

        return new AuditDelivery(settled, refused, settled < outcomes.Length ? failure : null);
    }
}
