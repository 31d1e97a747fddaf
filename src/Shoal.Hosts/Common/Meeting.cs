using Shoal.Core.Roster;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Common;

/// <summary>The first words on a connection between two peers, and who owns it then.</summary>
internal static class Meeting
{
    /// <summary>
    /// Greets, and makes a link of the connection; closes it if the other end is not the one that was meant.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="greet">Says and hears the first words.</param>
    /// <param name="link">Takes the connection over.</param>
    /// <param name="refused">Is told why there is no link.</param>
    /// <returns>The link, yet to be run; null: there is none.</returns>
    public static async Task<TLink?> GreetAsync<TLink>(
        TransportConnection connection, Func<TransportConnection, ValueTask<GreetingResult>> greet,
        Func<PeerId, TLink> link, Action<string> refused)
        where TLink : class
    {
        bool isOwned = false;
        try
        {
            GreetingResult greeting = await greet(connection);
            if (greeting is GreetingResult.Met met)
            {
                TLink made = link(met.Peer);
                isOwned = true;
                return made;
            }

            refused((greeting as GreetingResult.Mistaken)?.Reason ?? "");
            return null;
        }
        finally
        {
            if (!isOwned)
            {
                connection.Dispose();
            }
        }
    }
}
