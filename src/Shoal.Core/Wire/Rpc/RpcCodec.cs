using System.Buffers;

namespace Shoal.Core.Wire.Rpc;

/// <summary>
/// Remote procedure calls (RFC 5531, section 9), four bytes a field. Who calls does not say who it is.
/// <code>
///   call    id | 0 | 2 | program | version | procedure | 0 | 0 | 0 | 0 | arguments
///   reply   id | 1 | 0 | 0 | 0 | outcome | results, or the lowest and highest version
///           id | 1 | 1 | 0 | lowest | highest                          (protocol unknown)
/// </code>
/// </summary>
public static class RpcCodec
{
    /// <summary>The version of the protocol.</summary>
    public const uint Protocol = 2;

    private const uint Call = 0;
    private const uint Reply = 1;
    private const uint Accepted = 0;
    private const uint Denied = 1;
    private const int MostCredentialBytes = 400;

    /// <summary>Reads a call; null: the record is none.</summary>
    public static RpcCall? DecodeCall(ReadOnlyMemory<byte> record)
    {
        var reader = new XdrReader(record.Span);
        uint id = reader.Number();
        bool isCall = reader.Number() == Call;
        uint protocol = reader.Number();
        uint program = reader.Number(), version = reader.Number(), procedure = reader.Number();
        if (protocol == Protocol)
        {
            // Credentials and verifier: read over, because nobody is asked who it is.
            for (int i = 0; i < 2; i++)
            {
                reader.Number();
                reader.Opaque(MostCredentialBytes);
            }
        }

        return reader.IsWrong || !isCall
            ? null
            : new RpcCall(id, protocol, program, version, procedure, record[reader.Position..]);
    }

    /// <summary>Writes the head of a call; its arguments follow.</summary>
    public static void EncodeCall(IBufferWriter<byte> output, uint id, uint program, uint version, uint procedure)
    {
        foreach (uint field in (ReadOnlySpan<uint>)[id, Call, Protocol, program, version, procedure, 0, 0, 0, 0])
        {
            output.WriteNumber(field);
        }
    }

    /// <summary>Reads a reply; null: the record is none.</summary>
    public static RpcReply? DecodeReply(ReadOnlyMemory<byte> record)
    {
        var reader = new XdrReader(record.Span);
        uint id = reader.Number();
        bool isReply = reader.Number() == Reply;
        uint status = reader.Number();
        if (reader.IsWrong || !isReply || status > Denied)
        {
            return null;
        }

        if (status == Denied)
        {
            return new RpcReply(id, RpcOutcome.Denied, default);
        }

        reader.Number();
        reader.Opaque(MostCredentialBytes);
        uint outcome = reader.Number();
        return reader.IsWrong
            ? null
            : new RpcReply(
                id, outcome <= (uint)RpcOutcome.Failed ? (RpcOutcome)outcome : RpcOutcome.Failed,
                record[reader.Position..]);
    }

    /// <summary>Writes a reply without results.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="call">Of the call.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="version">The one version of the program that there is.</param>
    public static void EncodeReply(IBufferWriter<byte> output, RpcCall call, RpcOutcome outcome, uint version)
    {
        ReadOnlySpan<uint> fields = outcome switch
        {
            RpcOutcome.Denied => [call.Id, Reply, Denied, 0, Protocol, Protocol],
            RpcOutcome.NoSuchVersion => [call.Id, Reply, Accepted, 0, 0, (uint)outcome, version, version],
            _ => [call.Id, Reply, Accepted, 0, 0, (uint)outcome],
        };
        foreach (uint field in fields)
        {
            output.WriteNumber(field);
        }
    }
}
