using System.Text;
using Shoal.Core.Roster;
using Shoal.Hosts.Lottery;
using static Shoal.Cluster.Tests.Lottery.TextAgency;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>Messages that do not end share one bound: whoever holds most of it gives way, and nobody else.</summary>
public sealed class ArrivalTests
{
    private const int Much = 40 * 1024;
    private const int Room = 64 * 1024;
    private const string NoRoom = "E{Reason:try again later: the hub has no room for so much that is not complete};";

    [Fact]
    public async Task The_largest_message_that_does_not_end_gives_way_to_a_small_one()
    {
        await using LotteryDesk desk = await BeginAsync(Room);
        using TextAgency large = await desk.DialAsync();
        using TextAgency small = await desk.DialAsync();
        await large.SayAsync($"B{{PlayerName:{new string('x', Much)}");
        await small.SayAsync("B{Player");

        // In whatever order the two are read: together they have no room, and one of them is larger.
        Assert.Equal(NoRoom, await large.HearAsync());
        Assert.Equal("", await large.HearAsync());
        Assert.Equal("ACK_CHUNK;", await small.AskAsync($"{Bet(1)["{Player".Length..]};"));
        Assert.Single(await desk.RowsAsync());
    }

    [Fact]
    public async Task Many_that_do_not_end_take_no_more_than_their_bound()
    {
        const int Crowd = 24;
        const int Fit = 8;
        await using LotteryDesk desk = await BeginAsync(Fit * Room);
        TextAgency[] crowd = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(_ => desk.DialAsync()));
        foreach (TextAgency one in crowd)
        {
            await one.SayAsync($"B{{PlayerName:{new string('x', Much)}");
        }

        // Each has a buffer of 64 KiB then, or has given way.
        List<Task<string>> heard = [.. crowd.Select(one => one.HearAsync())];
        for (int i = 0; i < Crowd - Fit; i++)
        {
            Task<string> next = await Task.WhenAny(heard);
            Assert.Equal(NoRoom, await next);
            heard.Remove(next);
        }

        // There is room for who says something complete, also where it is more than fits beside the rest.
        using TextAgency other = await desk.DialAsync();
        string bets = string.Join(',', Enumerable.Range(1, 300).Select(i => Bet(1, $"{i}")));
        Assert.Equal("ACK_CHUNK;", await other.AskAsync($"B{bets};"));
        Array.ForEach(crowd, one => one.Dispose());
        await Task.WhenAll(heard);
    }

    [Fact]
    public async Task A_body_that_does_not_end_gives_way_too()
    {
        await using LotteryDesk desk = await BeginAsync(Room);
        using TextAgency large = await DialAsync(desk.HttpAddress.Port);
        using TextAgency small = await desk.DialAsync();
        await large.SayAsync(Encoding.ASCII.GetBytes(
            "PUT /draws/default/agencies/1/batches/1 HTTP/1.1\r\nHost: hub\r\nContent-Type: text/csv\r\n"
            + $"Authorization: Bearer {desk.TokenOf(1)}\r\nContent-Length: {2 * Much}\r\n\r\n{new string('x', Much)}"));
        await small.SayAsync("B{Player");
        Assert.StartsWith("HTTP/1.1 429", await large.HearSomeAsync(), StringComparison.Ordinal);
        Assert.Equal("ACK_CHUNK;", await small.AskAsync($"{Bet(1)["{Player".Length..]};"));
    }

    private static Task<LotteryDesk> BeginAsync(long room) => LotteryDesk.BeginAsync(
        options: new LotteryOptions { Listen = new EndpointText("127.0.0.1", 0), MostArriving = room });
}
