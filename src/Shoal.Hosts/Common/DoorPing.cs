using Shoal.Core.Roster;
using Shoal.Net;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Common;

/// <summary>
/// Asks whether somebody lives behind a port. That a connection comes about says little, for the system makes it also
/// for a process that hangs; so it is ended at once, and whoever lives ends it too.
/// </summary>
public static class DoorPing
{
    /// <summary>Asks once.</summary>
    /// <param name="address">Where.</param>
    /// <param name="patience">How long to wait for an answer.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null: it answers; else why it does not, for people.</returns>
    public static async Task<string?> AskAsync(
        EndpointText address, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new Deadline(patience, time, cancellationToken);
        try
        {
            var transport = new TcpTransport(new TcpOptions { Time = time });
            switch (await transport.DialAsync(address, limit.Token))
            {
                case DialResult.Failed failed:
                    return failed.Reason;
                case DialResult.Connected { Connection: var connection }:
                    using (connection)
                    {
                        return await EndAsync(connection, limit.Token);
                    }

                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }
        catch (OperationCanceledException) when (limit.HasPassed)
        {
            return $"no answer within {patience.TotalSeconds:0.###} s";
        }
    }

    // A greeting that somebody sends first is an answer too, and so is a reset.
    private static async Task<string?> EndAsync(TransportConnection connection, CancellationToken cancellationToken)
    {
        connection.FinishSending();
        try
        {
            _ = await connection.Stream.ReadAsync(new byte[1], cancellationToken);
        }
        catch (IOException)
        {
            // Closed from the other end, in another way.
        }

        return null;
    }
}
