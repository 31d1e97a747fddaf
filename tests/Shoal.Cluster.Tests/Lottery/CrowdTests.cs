using System.Net;
using System.Net.Sockets;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>Thousands of connections that say nothing, at either door.</summary>
public sealed class CrowdTests
{
    private const int Crowd = 5_000;

    [Fact]
    public async Task At_the_door_for_the_text_protocol_they_disturb_nobody()
    {
        await using LotteryDesk desk = await LotteryDesk.BeginAsync();
        List<TextAgency> silent = await GatherAsync(desk.TextAddress.Port);
        await Limits.UntilAsync(() => desk.OpenConnections == Crowd, "all are connected");
        await CheckAsync(desk);
        Assert.Equal("W;", await silent[^1].AskAsync("Q{AgencyID:2};"));
        silent.ForEach(one => one.Dispose());
    }

    [Fact]
    public async Task At_the_door_for_HTTP_they_disturb_nobody()
    {
        await using LotteryDesk desk = await LotteryDesk.BeginAsync();
        List<TextAgency> silent = await GatherAsync(desk.HttpAddress.Port);
        await CheckAsync(desk);
        silent.ForEach(one => one.Dispose());
    }

    // Somebody who comes after all of them is served at both doors.
    private static async Task CheckAsync(LotteryDesk desk)
    {
        using TextAgency agency = await desk.DialAsync();
        Assert.Equal("ACK_CHUNK;", await agency.AskAsync($"B{TextAgency.Bet(1)};"));
        Assert.Equal(HttpStatusCode.OK, (await desk.PutAsync(2, 1, LotteryDesk.Bet)).Status);
    }

    private static async Task<List<TextAgency>> GatherAsync(int port)
    {
        var crowd = new List<TextAgency>();
        try
        {
            while (crowd.Count < Crowd)
            {
                crowd.Add(await TextAgency.DialAsync(port));
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.TooManyOpenSockets)
        {
            Assert.Skip("5,000 connections and their other ends need a limit of more than 10,000 open files");
        }

        return crowd;
    }
}
