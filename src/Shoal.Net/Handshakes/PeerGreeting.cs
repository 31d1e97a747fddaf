using System.Buffers;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Exchange;
using Shoal.Net.Transport;

namespace Shoal.Net.Handshakes;

/// <summary>What two peers found out about each other.</summary>
public abstract record GreetingResult
{
    private GreetingResult()
    {
    }

    /// <summary>The other end is a peer of the same swarm.</summary>
    /// <param name="Peer">Which one.</param>
    public sealed record Met(PeerId Peer) : GreetingResult;

    /// <summary>The other end is a peer that dialled and waits to be greeted.</summary>
    /// <param name="Swarm">The swarm that it looks for.</param>
    /// <param name="Connection">The connection, with its introduction still to be read.</param>
    public sealed record Awaited(string Swarm, TransportConnection Connection) : GreetingResult;

    /// <summary>It is not, or not the one that was meant.</summary>
    /// <param name="Reason">What is wrong, for people.</param>
    public sealed record Mistaken(string Reason) : GreetingResult;
}

/// <summary>
/// Two peers introduce themselves, behind the handshake: who dialled first, then the other. Each says who it
/// is and whom it takes the other for, so that both notice a wrong address or a wrong swarm.
/// </summary>
public static class PeerGreeting
{
    /// <summary>The greeting of the peer that dialled.</summary>
    /// <param name="connection">The connection, behind its handshake.</param>
    /// <param name="mine">Who one is, and who should be there.</param>
    /// <param name="options">Gives the time limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static ValueTask<GreetingResult> InitiateAsync(
        TransportConnection connection, PeerIntroduction mine, HandshakeOptions options,
        CancellationToken cancellationToken) => WithLimitAsync(
            options,
            async token =>
            {
                await SayAsync(connection.Stream, mine, token);
                return await HearAsync(connection.Stream, token);
            },
            theirs => theirs.Swarm != mine.Swarm ? $"the other end is in the swarm {theirs.Swarm}"
                : theirs.From != mine.To ? $"the other end is peer {theirs.From.Brief}, not {mine.To.Brief}"
                : theirs.To != mine.From ? $"the other end talks to peer {theirs.To.Brief}"
                : null,
            cancellationToken);

    /// <summary>
    /// The greeting of the peer that was dialled. It answers truthfully to whoever proved to belong here.
    /// </summary>
    /// <param name="connection">The connection, behind its handshake.</param>
    /// <param name="swarm">The swarm that one is in.</param>
    /// <param name="self">Who one is.</param>
    /// <param name="options">Gives the time limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static ValueTask<GreetingResult> RespondAsync(
        TransportConnection connection, string swarm, PeerId self, HandshakeOptions options,
        CancellationToken cancellationToken) => WithLimitAsync(
            options,
            async token =>
            {
                (PeerIntroduction? theirs, string? wrong) = await HearAsync(connection.Stream, token);
                if (theirs is not null)
                {
                    await SayAsync(connection.Stream, new PeerIntroduction(swarm, self, theirs.From), token);
                }

                return (theirs, wrong);
            },
            theirs => theirs.Swarm != swarm ? $"the other end looks for the swarm {theirs.Swarm}"
                : theirs.To != self ? $"the other end looks for peer {theirs.To.Brief}"
                : theirs.From == self ? "the other end is this peer itself"
                : null,
            cancellationToken);

    /// <summary>
    /// Looks which swarm the peer that dialled is looking for, where one machine is in several: whoever is in that one
    /// then greets it on what is returned.
    /// </summary>
    /// <param name="connection">The connection, behind its handshake.</param>
    /// <param name="options">Gives the time limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see cref="GreetingResult.Awaited"/>, or what is wrong.</returns>
    public static async ValueTask<GreetingResult> LookAsync(
        TransportConnection connection, HandshakeOptions options, CancellationToken cancellationToken)
    {
        byte[]? frame = null;
        PeerIntroduction? theirs = null;
        GreetingResult result = await WithLimitAsync(
            options,
            async token =>
            {
                (frame, string? wrong) = await ReadFrameAsync(connection.Stream, token);
                (theirs, wrong) = frame is null ? (null, wrong) : Decode(frame);
                return (theirs, wrong);
            },
            _ => null,
            cancellationToken);
        return result is GreetingResult.Met
            ? new GreetingResult.Awaited(theirs!.Swarm, connection.Return(frame))
            : result;
    }

    private static async ValueTask<GreetingResult> WithLimitAsync(
        HandshakeOptions options,
        Func<CancellationToken, ValueTask<(PeerIntroduction? Theirs, string? Wrong)>> greet,
        Func<PeerIntroduction, string?> judge, CancellationToken cancellationToken)
    {
        using var limit = new Deadline(options.Limit, options.Time, cancellationToken);
        try
        {
            (PeerIntroduction? theirs, string? wrong) = await greet(limit.Token);
            wrong ??= judge(theirs!);
            return wrong is null ? new GreetingResult.Met(theirs!.From) : new GreetingResult.Mistaken(wrong);
        }
        catch (OperationCanceledException) when (limit.HasPassed)
        {
            return new GreetingResult.Mistaken("the other end did not introduce itself in time");
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return new GreetingResult.Mistaken("the other end closed the connection during the introduction");
        }
    }

    private static ValueTask SayAsync(
        Stream stream, PeerIntroduction mine, CancellationToken cancellationToken)
    {
        var frame = new ArrayBufferWriter<byte>();
        IntroductionCodec.Encode(mine, frame);
        return stream.WriteAsync(frame.WrittenMemory, cancellationToken);
    }

    private static async ValueTask<(PeerIntroduction? Theirs, string? Wrong)> HearAsync(
        Stream stream, CancellationToken cancellationToken)
    {
        (byte[]? frame, string? wrong) = await ReadFrameAsync(stream, cancellationToken);
        return frame is null ? (null, wrong) : Decode(frame);
    }

    // Reads exactly one frame: what follows belongs to the conversation.
    private static async ValueTask<(byte[]? Frame, string? Wrong)> ReadFrameAsync(
        Stream stream, CancellationToken cancellationToken)
    {
        var first = new byte[FrameHeader.Size];
        await stream.ReadExactlyAsync(first, cancellationToken);
        DecodeStatus status =
            Framing.TryReadHeader(
                first, FrameConversation.Introduction, out FrameHeader header, out string? reason);
        if (status == DecodeStatus.Invalid)
        {
            return (null, reason);
        }

        var frame = new byte[header.FrameLength];
        first.CopyTo(frame, 0);
        await stream.ReadExactlyAsync(frame.AsMemory(FrameHeader.Size), cancellationToken);
        return (frame, null);
    }

    private static (PeerIntroduction? Theirs, string? Wrong) Decode(byte[] frame)
    {
        var input = new ReadOnlySequence<byte>(frame);
        IntroductionCodec.TryDecode(ref input, out PeerIntroduction? theirs, out string? reason);
        return (theirs, reason);
    }
}
