using System.Security.Cryptography;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Transport;

namespace Shoal.Net.Handshakes;

/// <summary>
/// The first words on a connection, before anything is said that somebody without the key should not learn.
/// It reads exactly its own bytes, so that whatever follows is left for the frames.
/// </summary>
public static class Handshake
{
    //  initiator                          responder
    //      | -- hello (40) ------------------> |     both at once
    //      | <------------------ hello (40) -- |
    //      | -- proof (32), if keyed --------> |
    //      | <-------- verdict u8: accepted -- |     1 accepted, 2 wrong key, 3 busy
    //      | <---------- proof (32), if keyed  |     only behind "accepted"
    private const byte Accepted = 1;
    private const byte WrongKey = 2;
    private const byte Busy = 3;

    /// <summary>The handshake of the end that dialled.</summary>
    /// <returns>Why the other end is of no use, or null: it is who it should be.</returns>
    public static ValueTask<HandshakeRefusal?> InitiateAsync(
        TransportConnection connection, HandshakeOptions options, CancellationToken cancellationToken) =>
        WithLimitAsync(connection, options, InitiateAsync, cancellationToken);

    /// <summary>The handshake of the end that was dialled.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="options">Who one is and whom one talks to.</param>
    /// <param name="hasRoom">Asked when the other end has proved itself: may it come in?</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Why the other end is of no use, or null: it is who it should be.</returns>
    public static ValueTask<HandshakeRefusal?> RespondAsync(
        TransportConnection connection, HandshakeOptions options, Func<bool> hasRoom,
        CancellationToken cancellationToken) =>
        WithLimitAsync(
            connection, options, (stream, o, token) => RespondAsync(stream, o, hasRoom, token),
            cancellationToken);

    private static async ValueTask<HandshakeRefusal?> WithLimitAsync(
        TransportConnection connection, HandshakeOptions options,
        Func<Stream, HandshakeOptions, CancellationToken, ValueTask<HandshakeRefusal?>> run,
        CancellationToken cancellationToken)
    {
        using var limit = new Deadline(options.Limit, options.Time, cancellationToken);
        try
        {
            return await run(connection.Stream, options, limit.Token);
        }
        catch (OperationCanceledException) when (limit.HasPassed)
        {
            return HandshakeRefusal.TimedOut;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return HandshakeRefusal.Closed;
        }
    }

    private static async ValueTask<HandshakeRefusal?> InitiateAsync(
        Stream stream, HandshakeOptions options, CancellationToken cancellationToken)
    {
        Hello mine = await SayHelloAsync(stream, options, cancellationToken);
        (Hello? theirs, HandshakeRefusal? refusal) = await HearHelloAsync(stream, cancellationToken);
        refusal ??= Hello.Judge(mine, theirs!, options.Expected);
        if (refusal is not null)
        {
            return refusal;
        }

        var bytes = new byte[KeyProof.Size];
        if (options.Key is not null)
        {
            KeyProof.Compute(options.Key, Prover.Initiator, mine, theirs!, bytes);
            await stream.WriteAsync(bytes, cancellationToken);
        }

        await stream.ReadExactlyAsync(bytes.AsMemory(0, 1), cancellationToken);
        switch (bytes[0])
        {
            case Accepted:
                break;
            case WrongKey:
                return HandshakeRefusal.WrongKey;
            case Busy:
                return HandshakeRefusal.Busy;
            default:
                return HandshakeRefusal.Malformed;
        }

        if (options.Key is null)
        {
            return null;
        }

        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return KeyProof.Verify(options.Key, Prover.Responder, mine, theirs!, bytes)
            ? null
            : HandshakeRefusal.WrongKey;
    }

    private static async ValueTask<HandshakeRefusal?> RespondAsync(
        Stream stream, HandshakeOptions options, Func<bool> hasRoom, CancellationToken cancellationToken)
    {
        Hello mine = await SayHelloAsync(stream, options, cancellationToken);
        (Hello? theirs, HandshakeRefusal? refusal) = await HearHelloAsync(stream, cancellationToken);
        refusal ??= Hello.Judge(mine, theirs!, options.Expected);
        if (refusal is not null)
        {
            return refusal;
        }

        var bytes = new byte[1 + KeyProof.Size];
        if (options.Key is not null)
        {
            Memory<byte> proof = bytes.AsMemory(1);
            await stream.ReadExactlyAsync(proof, cancellationToken);
            if (!KeyProof.Verify(options.Key, Prover.Initiator, theirs!, mine, proof.Span))
            {
                await stream.WriteAsync(new[] { WrongKey }, cancellationToken);
                return HandshakeRefusal.WrongKey;
            }
        }

        if (!hasRoom())
        {
            await stream.WriteAsync(new[] { Busy }, cancellationToken);
            return HandshakeRefusal.Busy;
        }

        bytes[0] = Accepted;
        if (options.Key is not null)
        {
            KeyProof.Compute(options.Key, Prover.Responder, theirs!, mine, bytes.AsSpan(1));
        }

        await stream.WriteAsync(bytes.AsMemory(0, options.Key is null ? 1 : bytes.Length), cancellationToken);
        return null;
    }

    private static async ValueTask<Hello> SayHelloAsync(
        Stream stream, HandshakeOptions options, CancellationToken cancellationToken)
    {
        byte[] nonce = RandomNumberGenerator.GetBytes(Hello.NonceSize);
        var hello = new Hello(options.Role, options.Key is not null, nonce);
        await stream.WriteAsync(hello.Bytes.ToArray(), cancellationToken);
        return hello;
    }

    private static async ValueTask<(Hello? Hello, HandshakeRefusal? Refusal)> HearHelloAsync(
        Stream stream, CancellationToken cancellationToken)
    {
        var bytes = new byte[Hello.Size];
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(bytes.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                return (null, HandshakeRefusal.Closed);
            }

            length += read;
            switch (Hello.TryRead(bytes.AsSpan(0, length), out Hello? hello, out HandshakeRefusal refusal))
            {
                case DecodeStatus.Done:
                    return (hello, null);
                case DecodeStatus.Invalid:
                    return (null, refusal);
            }
        }
    }
}
