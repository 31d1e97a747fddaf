using Shoal.Core.Wire.Handshake;
using Shoal.Net.Transport;

namespace Shoal.Net.Handshakes;

/// <summary>
/// What a connection begins with, where a port serves programs of other makes too: nothing is said on it before.
/// </summary>
/// <param name="Connection">The connection, as if nothing had been read from it.</param>
/// <param name="IsHello">Whether it begins as a hello does, as far as it has come.</param>
/// <param name="IsSilent">Whether it ended before it had begun.</param>
/// <param name="Refusal">Why nothing can follow; null: something does.</param>
internal readonly record struct FirstWords(
    TransportConnection Connection, bool IsHello, bool IsSilent, HandshakeRefusal? Refusal)
{
    /// <summary>Hears as much as it takes to tell.</summary>
    public static async ValueTask<FirstWords> HearAsync(
        TransportConnection connection, HandshakeOptions options, CancellationToken cancellationToken)
    {
        var bytes = new byte[Hello.Size];
        int length = 0;
        HandshakeRefusal? refusal = null;
        using var limit = new Deadline(options.Limit, options.Time, cancellationToken);
        try
        {
            while (refusal is null && length < Hello.Size && (length == 0 || Hello.IsBegun(bytes.AsSpan(0, length))))
            {
                int read = await connection.Stream.ReadAsync(bytes.AsMemory(length), limit.Token);
                length += read;
                refusal = read == 0 ? HandshakeRefusal.Closed : null;
            }
        }
        catch (OperationCanceledException) when (limit.HasPassed)
        {
            refusal = HandshakeRefusal.TimedOut;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            refusal = HandshakeRefusal.Closed;
        }

        return new FirstWords(
            connection.Return(bytes.AsMemory(0, length)), Hello.IsBegun(bytes.AsSpan(0, length)),
            length == 0 && refusal == HandshakeRefusal.Closed, refusal);
    }
}
