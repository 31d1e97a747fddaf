using System.Buffers;

namespace Shoal.Core.Wire.Rpc;

/// <summary>
/// Calls of the port mapper (RFC 1833), which knows at which ports a machine's programs are. It is asked by version 2,
/// which is a datagram each way, and told by version 4.
/// <code>
///   GETPORT       program | version | 6 (TCP) | 0                     returns   port, 0: there is none
///   SET, UNSET    program | version | "tcp" | "h1.h2.h3.h4.p1.p2" | owner   returns   1: done, 0: not
/// </code>
/// </summary>
public static class PortMapperCodec
{
    /// <summary>The port of port mappers.</summary>
    public const int Port = 111;

    private const uint Program = 100_000;
    private const uint AskVersion = 2;
    private const uint AskPort = 3;
    private const uint TellVersion = 4;
    private const uint Set = 1;
    private const uint Unset = 2;
    private const uint Tcp = 6;

    /// <summary>Asks for the port of a program over TCP.</summary>
    public static void EncodeAsk(IBufferWriter<byte> output, uint id, uint program, uint version)
    {
        RpcCodec.EncodeCall(output, id, Program, AskVersion, AskPort);
        foreach (uint field in (ReadOnlySpan<uint>)[program, version, Tcp, 0])
        {
            output.WriteNumber(field);
        }
    }

    /// <summary>Tells that a program is at a port of every address.</summary>
    public static void EncodeSet(IBufferWriter<byte> output, uint id, uint program, uint version, int port) =>
        EncodeTell(output, id, Set, program, version, $"0.0.0.0.{port >> 8}.{port & 0xFF}");

    /// <summary>Tells that a program is nowhere any more.</summary>
    public static void EncodeUnset(IBufferWriter<byte> output, uint id, uint program, uint version) =>
        EncodeTell(output, id, Unset, program, version, "");

    /// <summary>The number that a port mapper returned; null: it returned none.</summary>
    public static uint? DecodeResult(RpcReply reply)
    {
        var reader = new XdrReader(reply.Results.Span);
        uint number = reader.Number();
        return reply.Outcome == RpcOutcome.Done && !reader.IsWrong ? number : null;
    }

    private static void EncodeTell(
        IBufferWriter<byte> output, uint id, uint procedure, uint program, uint version, string address)
    {
        RpcCodec.EncodeCall(output, id, Program, TellVersion, procedure);
        output.WriteNumber(program);
        output.WriteNumber(version);
        output.WriteText("tcp");
        output.WriteText(address);
        output.WriteText("");
    }
}
