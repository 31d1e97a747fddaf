using Microsoft.Extensions.Logging;
using Shoal.Cli.Frame;
using Shoal.Cli.Hub;
using Shoal.Core.Roster;
using Shoal.Hosts.Http;

namespace Shoal.Cli.Lottery;

/// <summary>The lottery's part of a door for HTTP.</summary>
internal static class LotteryDoor
{
    /// <summary>Connections of agencies at the same time: as many as over the text protocol.</summary>
    private const int MostConnections = 10_000;

    /// <summary>Opens a door that agencies come to.</summary>
    public static async Task OpenHttpAsync(
        HubDoors doors, EndpointText listen, IReadOnlyList<HttpRoutes> routes, ILogger log,
        CancellationToken cancellation)
    {
        try
        {
            var options = new HttpOptions { Listen = listen, MostConnections = MostConnections };
            HttpHost host = await HttpHost.OpenAsync(options, routes, log, cancellation);
            doors.Add(host, host.RunAsync);
        }
        catch (IOException e)
        {
            throw new WorkFailedException($"--http: {e.Message}", e);
        }
    }
}
