using Microsoft.Extensions.Logging.Abstractions;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Lottery;
using Shoal.Hosts.Agency;
using Shoal.Hosts.Lottery;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>The five agencies' bets, through either door and into every place where they can lie.</summary>
public sealed class AgencyDataTests : IAsyncDisposable
{
    private readonly List<LotteryDesk> _hubs = [];
    private PostgresTrial? _database;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public enum Protocol
    {
        Text,
        Http,
    }

    public enum Place
    {
        Folder,
        Database,

        /// <summary>Two hubs on one database, with the odd agencies at one and the even ones at the other.</summary>
        TwoHubs,
    }

    public async ValueTask DisposeAsync()
    {
        foreach (LotteryDesk hub in _hubs)
        {
            await hub.DisposeAsync();
        }

        await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Theory]
    [InlineData(Protocol.Text, Place.Folder)]
    [InlineData(Protocol.Text, Place.Database)]
    [InlineData(Protocol.Text, Place.TwoHubs)]
    [InlineData(Protocol.Http, Place.Folder)]
    [InlineData(Protocol.Http, Place.Database)]
    [InlineData(Protocol.Http, Place.TwoHubs)]
    public async Task Every_bet_is_stored_once_and_each_agency_hears_of_its_winners(Protocol protocol, Place place)
    {
        AgencyFiles files = AgencyFiles.Find();
        await BeginAsync(place);
        AgencyResult[] results = await Task.WhenAll(AgencyFiles.All.Select(agency => AgencyHost.RunAsync(
            OptionsOf(agency, protocol, files), TimeProvider.System, NullLogger.Instance, _ => { }, Stop)));
        Assert.Equal(
            AgencyFiles.All.Select(AgencyFiles.WinnersOf),
            results.Select(result => (string[])[.. Assert.IsType<AgencyResult.Drawn>(result).Documents]));
        Assert.Equal(1, _hubs.Sum(hub => hub.Log.Count("action: sorteo")));
        files.CheckExport(await _hubs[^1].RowsAsync());
    }

    private async Task BeginAsync(Place place)
    {
        _database = place == Place.Folder ? null : await PostgresTrial.CreateAsync();
        for (int hub = 0; hub < (place == Place.TwoHubs ? 2 : 1); hub++)
        {
            LotteryRecords? records = _database is null
                ? null
                : await LotteryRecords.ConnectAsync(_database.Connection, Stop);
            _hubs.Add(await LotteryDesk.BeginAsync(AgencyFiles.Agencies, records: records));
        }
    }

    private AgencyOptions OptionsOf(int agency, Protocol protocol, AgencyFiles files)
    {
        LotteryDesk hub = _hubs[(agency - 1) % _hubs.Count];
        return new AgencyOptions
        {
            Agency = new AgencyId(agency),
            Hub = protocol == Protocol.Http ? hub.HttpAddress : hub.TextAddress,

            // Hubs that share a store take the same tokens.
            Token = protocol == Protocol.Http ? _hubs[0].TokenOf(agency) : null,
            OpenBets = () => File.OpenRead(files.PathOf(agency)),
        };
    }
}
