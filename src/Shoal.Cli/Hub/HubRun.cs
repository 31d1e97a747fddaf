using Microsoft.Extensions.Logging;
using Shoal.Cli.Frame;
using Shoal.Cli.Logging;
using Shoal.Cli.Lottery;
using Shoal.Cli.Rendering;
using Shoal.Hosts.Audit;
using Shoal.Hosts.Http;
using Shoal.Hosts.Hub;
using Shoal.Hosts.Members;
using Shoal.Hosts.Time;

namespace Shoal.Cli.Hub;

/// <summary>The work of <c>shoal hub</c>.</summary>
internal static class HubRun
{
    public static async Task<int> RunAsync(
        HubArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using LogOutput log = LogOutput.Start(screen, arguments.LogFile);
        screen.Settings.Log(log.Factory.CreateLogger("hub"));
        await using var doors = new HubDoors();
        HubHost exchange = await OpenExchangeAsync(doors, arguments, log.Factory.CreateLogger("hub"), cancellation);
        if (arguments.Directory is { } directory)
        {
            MembersHost members = await OpenDirectoryAsync(
                doors, exchange, directory, arguments, screen, log.Factory.CreateLogger("directory"), cancellation);
            exchange.Serve((user, _) => members.WhereIsAsync(user), members.TellAsync);
        }

        // What the doors above serve over HTTP besides goes into this list.
        List<HttpRoutes> routes = [TimeRoutes.Of(TimeProvider.System)];
        if (arguments.Lottery is { } lottery)
        {
            var serve = new LotteryServeArguments
            {
                Listen = lottery.Listen,
                Terms = lottery.Terms,
                Store = new StoreChoice(lottery.Store is null ? arguments.Data : null, lottery.Store),
                LogFile = arguments.LogFile,
            };
            routes.Add(await LotteryServeRun.OpenAsync(
                doors, serve, log.Factory.CreateLogger("lottery"), cancellation));
        }

        if (arguments.Http is { } http)
        {
            await LotteryDoor.OpenHttpAsync(doors, http, routes, log.Factory.CreateLogger("http"), cancellation);
        }

        await doors.RunAsync(cancellation);
        return ExitCode.Done;
    }

    private static async Task<HubHost> OpenExchangeAsync(
        HubDoors doors, HubArguments arguments, ILogger log, CancellationToken cancellation)
    {
        var options = new HubOptions
        {
            Listen = arguments.Listen, Key = arguments.Key.Load(), LentRate = arguments.Lend?.BytesPerSecond,
            Clock = arguments.Clock,
        };
        HubHost host = await OpenAsync(
            "--listen", () => HubHost.OpenAsync(options, TimeProvider.System, log, cancellation));
        doors.Add(host, stop => Task.WhenAll(host.RunAsync(stop), Task.Run(() => SwarmRehearsal.Play(options))));
        return host;
    }

    private static async Task<MembersHost> OpenDirectoryAsync(
        HubDoors doors, HubHost exchange, HubDirectoryArguments arguments, HubArguments hub, CommandScreen screen,
        ILogger log, CancellationToken cancellation)
    {
        string data = hub.Data;
        var printed = new LineQueue(screen.Output);
        doors.Add(printed);
        MembersRecords records = await OpenAsync("--data", () => Task.FromResult(MembersRecords.Open(data)));
        doors.Add(records);
        AuditTrail? trail = null;
        if (arguments.Audit is { } audit)
        {
            var trailOptions = new AuditTrailOptions { Target = audit };
            trail = await OpenAsync(
                "--data", () => AuditTrail.OpenAsync(trailOptions, data, TimeProvider.System, log, cancellation));
            doors.Add(trail, trail.RunAsync);
        }

        var options = new MembersOptions
        {
            Listen = arguments.Listen, Style = arguments.Style, LineForm = arguments.LineForm, Print = printed.Add,
            Exchange = hub.Clock is null ? exchange.Address : null, Changed = exchange.NoteAsync,
        };
        MembersHost host = await OpenAsync(
            "--directory", () => MembersHost.OpenAsync(
                options, records, trail, TimeProvider.System, log, cancellation));
        doors.Add(host, host.RunAsync);
        return host;
    }

    private static async Task<T> OpenAsync<T>(string flag, Func<Task<T>> open)
    {
        try
        {
            return await open();
        }
        catch (IOException e)
        {
            throw new WorkFailedException($"{flag}: {e.Message}", e);
        }
    }
}
