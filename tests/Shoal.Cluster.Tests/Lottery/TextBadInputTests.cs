using System.Globalization;
using System.Text;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Lottery;
using Shoal.Hosts.Lottery;
using static Shoal.Cluster.Tests.Lottery.TextAgency;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>What agencies should not say over the text protocol: refused, and nothing of it is stored.</summary>
public sealed class TextBadInputTests
{
    [Theory]
    [InlineData("first name is empty", "{PlayerName:,PlayerSurname:Paz,", null)]
    [InlineData("last name is empty", "{PlayerName:Ana,PlayerSurname: ,", null)]
    [InlineData("first name has a control character", "{PlayerName:A\na,PlayerSurname:Paz,", null)]
    [InlineData("document has something else than digits", null, "PlayerDocID:x")]
    [InlineData("document has something else than digits", null, "PlayerDocID:-1")]
    [InlineData("document does not have 1 to 18 digits", null, "PlayerDocID:")]
    [InlineData("birth date is not a date", null, "PlayerDocID:1,PlayerDateOfBirth:2023-02-29")]
    [InlineData("birth date is in the future", null, "PlayerDocID:1,PlayerDateOfBirth:2999-01-01")]
    [InlineData("number is not a whole number from 0 to 9999", null, "WageredNumber:10000")]
    [InlineData("number is not a whole number from 0 to 9999", null, "WageredNumber:-1")]
    [InlineData("agency is not a positive number", null, "AgencyID:0")]
    [InlineData("there is no PlayerSurname where it should be", "{PlayerName:Ana,", null)]
    [InlineData("there is no PlayerSurname where it should be", "{PlayerName:Ana,Paz,PlayerSurname:Paz,", null)]
    [InlineData("there is no PlayerSurname where it should be", "{PlayerName:A{a,PlayerSurname:Paz,", null)]
    public async Task A_bad_field_refuses_the_batch_and_names_bet_and_field(string says, string? start, string? field)
    {
        await using LotteryDesk desk = await LotteryDesk.BeginAsync();
        using TextAgency agency = await desk.DialAsync();
        string answer = await agency.AskAsync($"B{Bet(1)},{With(Bet(1), start, field)};");
        Assert.StartsWith($"E{{Reason:bet 2: {says}", answer, StringComparison.Ordinal);

        // The connection is as good as before.
        Assert.Equal("ACK_CHUNK;", await agency.AskAsync($"B{Bet(1)};"));
        Assert.Single(await desk.RowsAsync());
        Assert.True(desk.Log.Has("action: apuesta_recibida | result: fail", says));
    }

    [Fact]
    public async Task A_name_that_is_not_UTF8_is_refused()
    {
        await using LotteryDesk desk = await LotteryDesk.BeginAsync();
        using TextAgency agency = await desk.DialAsync();
        byte[] bytes = Encoding.Latin1.GetBytes($"B{Bet(1, name: "Nicolás")};");
        await agency.SayAsync(bytes);
        Assert.Equal("E{Reason:bet 1: PlayerName is not UTF-8};", await agency.HearAsync());
        Assert.Empty(await desk.RowsAsync());
    }

    [Fact]
    public async Task A_message_of_1_MiB_is_taken_and_one_byte_more_ends_the_connection()
    {
        await using LotteryDesk desk = await LotteryDesk.BeginAsync();
        string message = $"B{string.Join(',', Enumerable.Range(0, 9000).Select(i => Bet(1, Number(i))))}";
        int bets = 9000;
        while (message.Length + 1 + Bet(1, Number(bets)).Length < AgencyTextCodec.LongestMessage - 300)
        {
            message += $",{Bet(1, Number(bets++))}";
        }

        // Fill up to the byte with names of the right length; the last ';' counts.
        int left = AgencyTextCodec.LongestMessage - 1 - message.Length;
        int first = Math.Min(left / 2, 128 + Bet(1, name: "").Length + 1 - 1);
        message += $",{Bet(1, name: new string('x', first - 1 - Bet(1, name: "").Length))}";
        left = AgencyTextCodec.LongestMessage - 1 - message.Length;
        message += $",{Bet(1, name: new string('x', left - 1 - Bet(1, name: "").Length))}";
        Assert.Equal(AgencyTextCodec.LongestMessage - 1, message.Length);

        using TextAgency taken = await desk.DialAsync();
        Assert.Equal("ACK_CHUNK;", await taken.AskAsync($"{message};"));
        Assert.Equal(bets + 2, (await desk.RowsAsync()).Length);

        using TextAgency refused = await desk.DialAsync();
        string answer = await refused.AskAsync($"{message} ;");
        Assert.Equal($"E{{Reason:a message is longer than {AgencyTextCodec.LongestMessage} bytes}};", answer);
        Assert.Equal("", await refused.HearAsync());
        Assert.Equal(bets + 2, (await desk.RowsAsync()).Length);
    }

    [Fact]
    public async Task An_endless_message_ends_the_connection_and_nobody_else_is_disturbed()
    {
        await using LotteryDesk desk = await LotteryDesk.BeginAsync();
        using TextAgency endless = await desk.DialAsync();
        using TextAgency other = await desk.DialAsync();
        var zeros = new byte[64 * 1024];
        for (int i = 0; i < 32; i++)
        {
            await endless.SayAsync(zeros);
        }

        Assert.StartsWith("E{Reason:a message is longer", await endless.HearAsync(), StringComparison.Ordinal);
        Assert.Equal("", await endless.HearAsync());
        Assert.Equal("ACK_CHUNK;", await other.AskAsync($"B{Bet(2)};"));
    }

    [Theory]
    [InlineData("B{a};", "there is no PlayerName where it should be")]
    [InlineData("B;", "there is no PlayerName where it should be")]
    [InlineData(";", "an empty message")]
    [InlineData("X{AgencyID:1};", "a message begins with B, N or Q")]
    [InlineData("N{AgencyID:};", "AgencyID is not a positive number in braces")]
    [InlineData("N;", "AgencyID is not a positive number in braces")]
    [InlineData("Q{AgencyID:99999999999999999999};", "AgencyID is not a positive number in braces")]
    public async Task What_is_no_message_is_refused_and_the_connection_kept(string text, string says)
    {
        await using LotteryDesk desk = await LotteryDesk.BeginAsync();
        using TextAgency agency = await desk.DialAsync();
        Assert.Contains(says, await agency.AskAsync(text), StringComparison.Ordinal);
        Assert.Equal("W;", await agency.AskAsync("Q{AgencyID:1};"));
    }

    [Fact]
    public async Task An_agency_off_the_roster_is_refused_whatever_it_says()
    {
        await using LotteryDesk desk = await LotteryDesk.BeginAsync();
        using TextAgency agency = await desk.DialAsync();
        foreach (string message in new[] { $"B{Bet(3)};", "N{AgencyID:3};", "Q{AgencyID:3};" })
        {
            Assert.Equal("E{Reason:agency 3 is not on the roster};", await agency.AskAsync(message));
        }

        Assert.Empty(await desk.RowsAsync());
    }

    [Fact]
    public async Task Bets_a_close_and_a_query_for_another_agency_are_refused()
    {
        await using LotteryDesk desk = await LotteryDesk.BeginAsync();
        using TextAgency agency = await desk.DialAsync();
        Assert.StartsWith(
            "E{Reason:bet 2: agency is not 1 as in bet 1", await agency.AskAsync($"B{Bet(1)},{Bet(2)};"),
            StringComparison.Ordinal);
        Assert.Equal("ACK_CHUNK;", await agency.AskAsync($"B{Bet(1)};"));
        foreach (string message in new[] { $"B{Bet(2)};", "N{AgencyID:2};", "Q{AgencyID:2};" })
        {
            Assert.Equal(
                "E{Reason:this connection is agency 1's, not agency 2's};", await agency.AskAsync(message));
        }

        Assert.Single(await desk.RowsAsync());
    }

    [Fact]
    public async Task Closing_twice_changes_nothing_and_a_new_batch_after_it_is_refused()
    {
        await using LotteryDesk desk = await LotteryDesk.BeginAsync();
        using TextAgency agency = await desk.DialAsync();
        Assert.Equal("W;", await agency.AskAsync("Q{AgencyID:1};"));
        Assert.Equal("ACK_CHUNK;", await agency.AskAsync($"B{Bet(1)};"));
        Assert.Equal("ACK_NOTIFY;", await agency.AskAsync("N{AgencyID:1};"));
        Assert.Equal("ACK_NOTIFY;", await agency.AskAsync("N{AgencyID:1};"));
        Assert.Equal("W;", await agency.AskAsync("Q{AgencyID:1};"));
        Assert.Equal(
            "E{Reason:agency 1 has closed, its bets are sealed};", await agency.AskAsync($"B{Bet(1, "2")};"));
        using TextAgency again = await desk.DialAsync();
        Assert.Equal("ACK_CHUNK;", await again.AskAsync($"B{Bet(1)};"));
        Assert.Single(await desk.RowsAsync());
        using TextAgency other = await desk.DialAsync();
        Assert.Equal("ACK_NOTIFY;", await other.AskAsync("N{AgencyID:2};"));
        Assert.Equal("R;", await other.AskAsync("Q{AgencyID:2};"));
        Assert.Equal("R{PlayerDocID:1};", await again.AskAsync("Q{AgencyID:1};"));
        Assert.Equal(1, desk.Log.Count("action: sorteo"));
    }

    [Fact]
    public async Task A_slow_message_ends_its_connection()
    {
        EndpointText any = new("127.0.0.1", 0);
        await using LotteryDesk desk = await LotteryDesk.BeginAsync(
            options: new LotteryOptions { Listen = any, MessageLimit = TimeSpan.FromMilliseconds(300) });
        using TextAgency slow = await desk.DialAsync();
        using TextAgency silent = await desk.DialAsync();
        foreach (char c in "B{Player")
        {
            await slow.SayAsync($"{c}");
            await Task.Delay(TimeSpan.FromMilliseconds(60), TestContext.Current.CancellationToken);
        }

        Assert.Equal("E{Reason:the message took too long};", await slow.HearAsync());
        Assert.Equal("", await slow.HearAsync());
        Assert.Equal("ACK_CHUNK;", await silent.AskAsync($"B{Bet(1)};"));
        Assert.Single(await desk.RowsAsync());
    }

    [Fact]
    public async Task One_connection_more_than_there_may_be_is_closed_and_the_others_work()
    {
        EndpointText any = new("127.0.0.1", 0);
        await using LotteryDesk desk = await LotteryDesk.BeginAsync(
            options: new LotteryOptions { Listen = any, MostConnections = 3 });
        TextAgency[] agencies =
            [await desk.DialAsync(), await desk.DialAsync(), await desk.DialAsync()];
        await Limits.UntilAsync(() => desk.OpenConnections == 3, "three are connected");
        using TextAgency more = await desk.DialAsync();
        Assert.Equal("", await more.HearAsync());
        foreach (TextAgency agency in agencies)
        {
            Assert.Equal("W;", await agency.AskAsync("Q{AgencyID:1};"));
            agency.Dispose();
        }
    }

    private static string Number(int number) => (1000 + number).ToString(CultureInfo.InvariantCulture);

    // The bet with another beginning up to the document, or another value of a field (and what is before the next one).
    private static string With(string bet, string? start, string? field)
    {
        if (start is not null)
        {
            return start + bet[bet.IndexOf("PlayerDocID", StringComparison.Ordinal)..];
        }

        string name = field!.Split(',')[^1].Split(':')[0];
        string[] values = bet[1..^1].Split(',');
        return "{" + string.Join(',', values.Select(value =>
            value.StartsWith($"{name}:", StringComparison.Ordinal) ? field.Split(',')[^1] : value)) + "}";
    }
}
