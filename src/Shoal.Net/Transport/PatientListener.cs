using Shoal.Core.Roster;

namespace Shoal.Net.Transport;

/// <summary>Accepts also behind what passes, such as too many open files.</summary>
internal static class PatientListener
{
    // It passes when others close theirs, and asking again at once would spin.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for the next connection, whatever goes wrong meanwhile; null: the listener is closed.</summary>
    /// <param name="listener">Where.</param>
    /// <param name="refused">Is told what went wrong.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async ValueTask<TransportConnection?> AcceptAnyAsync(
        this ITransportListener listener, Action<EndpointText, string>? refused, TimeProvider time,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await listener.AcceptAsync(cancellationToken);
            }
            catch (IOException e)
            {
                refused?.Invoke(listener.Local, e.Message);
                await Task.Delay(s_pause, time, cancellationToken);
            }
        }
    }
}
