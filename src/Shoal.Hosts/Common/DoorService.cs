using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Common;

/// <summary>Serves whoever comes in at a door, each by a task of its own.</summary>
internal static class DoorService
{
    /// <summary>Serves until the door is closed, or until it is told to stop.</summary>
    /// <param name="tasks">Owns the tasks.</param>
    /// <param name="door">The door.</param>
    /// <param name="serve">Serves one connection, and disposes of it.</param>
    /// <param name="cancellationToken">Lets nobody more in; those who are served go on.</param>
    public static async Task ServeAllAsync(
        this TaskScope tasks, IDoor door, Func<TransportConnection, Task> serve, CancellationToken cancellationToken)
    {
        try
        {
            while (await door.AcceptAsync(cancellationToken) is { } connection)
            {
                tasks.Run(() => serve(connection));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The normal end.
        }
    }
}
