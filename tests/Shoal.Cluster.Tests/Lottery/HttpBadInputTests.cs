using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Shoal.Core.Wire.Lottery;
using static Shoal.Cluster.Tests.Lottery.LotteryDesk;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>What agencies should not send over HTTP: a problem each, and nothing of it is stored.</summary>
public sealed class HttpBadInputTests
{
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";
    private const string Good =
        """{"first_name":"Ana","last_name":"Paz","document":"1","birthdate":"1990-02-28","number":7574}""";

    [Theory]
    [InlineData("first_name", "first name is empty", "")]
    [InlineData("last_name", "last name has a control character", "\u0001")]
    [InlineData("document", "document has something else than digits", "x")]
    [InlineData("birthdate", "birth date is not a date as YYYY-MM-DD", "1990-02-30")]
    [InlineData("birthdate", "birth date is in the future", "2999-01-01")]
    [InlineData("number", "number is not a whole number from 0 to 9999", "10000")]
    [InlineData("number", "number is not a whole number from 0 to 9999", "-1")]
    public async Task A_bad_field_refuses_the_batch_and_names_bet_and_field(string field, string says, string value)
    {
        await using LotteryDesk desk = await BeginAsync();
        int at = Array.IndexOf(["first_name", "last_name", "document", "birthdate", "number"], field);
        string[] values = LotteryDesk.Bet.Split(',');
        values[at] = value;
        HttpReply rows = await desk.PutAsync(1, 1, $"{LotteryDesk.Bet}\r\n{string.Join(',', values)}\r\n");
        rows.IsProblem(HttpStatusCode.UnprocessableEntity, says);
        Assert.Contains($"\"bet\":2,\"field\":\"{field}\"", rows.Body, StringComparison.Ordinal);

        string bad = System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["first_name"] = values[0], ["last_name"] = values[1], ["document"] = values[2], ["birthdate"] = values[3],
            ["number"] = values[4],
        });
        HttpReply objects = await desk.PutAsync(1, 1, $"{Good}\n{bad}\n", Lines);
        objects.IsProblem(HttpStatusCode.UnprocessableEntity, says);
        Assert.Contains($"\"bet\":2,\"field\":\"{field}\"", objects.Body, StringComparison.Ordinal);
        Assert.Empty(await desk.RowsAsync());
    }

    [Theory]
    [InlineData("text/csv", "Ana,Paz,1", "has 3 values")]
    [InlineData("text/csv", "Ana,Paz,1,1990-02-28,1,2,3", "has too many values")]
    [InlineData("text/csv", "A\"na,Paz,1,1990-02-28,1", "has a quotation mark")]
    [InlineData(Json, "[1]", "is not an object")]
    [InlineData(Json, """[{"first_name":"Ana"}]""", "last_name is missing")]
    [InlineData(Json, """[{"first_name":"Ana","first_name":"Ana"}]""", "first_name is there twice")]
    [InlineData(Json, """[{"first_name":7}]""", "first_name is not a text")]
    [InlineData(Json, """[{"nickname":"A"}]""", "has something else than")]
    public async Task A_bet_that_cannot_be_taken_apart_is_named(string form, string body, string says)
    {
        await using LotteryDesk desk = await BeginAsync();
        HttpReply reply = await desk.PutAsync(1, 1, body, form);
        reply.IsProblem(HttpStatusCode.UnprocessableEntity, says);
        Assert.Contains("\"bet\":1", reply.Body, StringComparison.Ordinal);
        Assert.Empty(await desk.RowsAsync());
    }

    [Theory]
    [InlineData("text/csv", "", "there is no bet in the batch")]
    [InlineData(Json, "[]", "there is no bet in the batch")]
    [InlineData(Json, "[{", "it is not JSON")]
    [InlineData(Lines, "{\"a", "it is not JSON")]
    public async Task A_body_that_is_no_batch_is_a_bad_request(string form, string body, string says)
    {
        await using LotteryDesk desk = await BeginAsync();
        (await desk.PutAsync(1, 1, body, form)).IsProblem(HttpStatusCode.BadRequest, says);
    }

    [Fact]
    public async Task Invalid_UTF8_is_refused()
    {
        await using LotteryDesk desk = await BeginAsync();
        byte[] row = Encoding.Latin1.GetBytes("Nicolás,Paz,1,1990-02-28,1");
        (await desk.PutAsync(1, 1, row)).IsProblem(HttpStatusCode.UnprocessableEntity, "is not UTF-8");
        byte[] line = Encoding.Latin1.GetBytes(Good.Replace("Ana", "Nicolás", StringComparison.Ordinal));
        (await desk.PutAsync(1, 1, line, Json)).IsProblem(HttpStatusCode.BadRequest, "it is not JSON");
        Assert.Empty(await desk.RowsAsync());
    }

    [Fact]
    public async Task A_comma_or_a_brace_in_a_name_is_kept_where_it_can_be_told()
    {
        await using LotteryDesk desk = await BeginAsync();
        Assert.Equal(
            HttpStatusCode.OK, (await desk.PutAsync(1, 1, "\"Paz, {Ana}\",\"a\"\"b\",1,1990-02-28,1")).Status);
        Assert.Equal(["1,\"Paz, {Ana}\",\"a\"\"b\",1,1990-02-28,1"], await desk.RowsAsync());
    }

    [Fact]
    public async Task A_batch_of_1_MiB_is_taken_and_one_byte_more_is_not()
    {
        await using LotteryDesk desk = await BeginAsync();

        // 10,000 bets are not enough bytes; spaces between objects fill them up.
        string body = $"[{Good}{new string(' ', BatchBody.LongestBody - Good.Length - 2)}]";
        Assert.Equal(BatchBody.LongestBody, body.Length);
        (await desk.PutAsync(1, 1, $"{body} ", Json)).IsProblem(
            HttpStatusCode.RequestEntityTooLarge, "at most 1048576 bytes");
        Assert.Empty(await desk.RowsAsync());
        Assert.Equal(HttpStatusCode.OK, (await desk.PutAsync(1, 1, body, Json)).Status);
        string many = string.Concat(Enumerable.Repeat($"{LotteryDesk.Bet}\n", BatchBody.MostBets + 1));
        (await desk.PutAsync(1, 2, many)).IsProblem(HttpStatusCode.BadRequest, "more than 10000 bets");
    }

    [Fact]
    public async Task A_gzip_bomb_is_refused_before_it_goes_off()
    {
        await using LotteryDesk desk = await BeginAsync();
        byte[] bomb = Pack(new byte[200 * 1024 * 1024]);
        Assert.InRange(bomb.Length, 0, BatchBody.LongestBody);
        (await desk.PutAsync(1, 1, bomb, "text/csv", "gzip")).IsProblem(
            HttpStatusCode.RequestEntityTooLarge, "unpacked");
        (await desk.PutAsync(1, 1, [1, 2, 3], "text/csv", "gzip")).IsProblem(HttpStatusCode.BadRequest, "no gzip");
        (await desk.PutAsync(1, 1, [1, 2, 3], "text/csv", "br")).IsProblem(
            HttpStatusCode.UnsupportedMediaType, "with gzip");
        (await desk.PutAsync(1, 1, [1, 2, 3], "text/plain")).IsProblem(
            HttpStatusCode.UnsupportedMediaType, "text/csv");
        HttpReply good = await desk.PutAsync(1, 1, Pack(Encoding.UTF8.GetBytes(LotteryDesk.Bet)), "text/csv", "gzip");
        Assert.Equal(HttpStatusCode.OK, good.Status);
        Assert.Single(await desk.RowsAsync());
    }

    [Fact]
    public async Task Batch_numbers_out_of_order_or_with_other_content_are_refused()
    {
        await using LotteryDesk desk = await BeginAsync();
        (await desk.PutAsync(1, 0, LotteryDesk.Bet)).IsProblem(HttpStatusCode.BadRequest, "a whole number from 1");
        HttpReply early = await desk.PutAsync(1, 2, LotteryDesk.Bet);
        early.IsProblem(HttpStatusCode.Conflict, "batch 2 is out of order, the next is 1");
        Assert.Contains("\"next\":1", early.Body, StringComparison.Ordinal);
        HttpReply first = await desk.PutAsync(1, 1, LotteryDesk.Bet);
        Assert.Equal((HttpStatusCode.OK, first), (first.Status, await desk.PutAsync(1, 1, LotteryDesk.Bet)));
        (await desk.PutAsync(1, 1, "Ana,Paz,2,1990-02-28,1")).IsProblem(
            HttpStatusCode.Conflict, "batch 1 is stored already with other content");
        Assert.Single(await desk.RowsAsync());
    }

    [Fact]
    public async Task Batches_that_overtake_each_other_are_stored_in_their_order()
    {
        await using LotteryDesk desk = await BeginAsync();
        HttpReply[] replies = await Task.WhenAll(Enumerable.Range(1, 20).Reverse().Select(number =>
            desk.PutAsync(1, number, $"Ana,Paz,{number},1990-02-28,1")));
        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        Assert.Equal(
            Enumerable.Range(1, 20).Select(number => $"1,Ana,Paz,{number},1990-02-28,1"), await desk.RowsAsync());
    }

    [Fact]
    public async Task An_agency_off_the_roster_and_a_draw_that_is_none_are_not_found()
    {
        await using LotteryDesk desk = await BeginAsync();
        (await desk.PutAsync(3, 1, LotteryDesk.Bet)).IsProblem(
            HttpStatusCode.NotFound, "agency 3 is not on the roster");
        foreach ((HttpMethod method, string address) in new[]
        {
            (HttpMethod.Post, "close"), (HttpMethod.Get, "winners"), (HttpMethod.Get, "../3"),
        })
        {
            (await desk.SendAsync(3, method, address)).IsProblem(HttpStatusCode.NotFound, "is not on the roster");
        }

        (await desk.SendAsync(1, HttpMethod.Get, "/draws/friday")).IsProblem(
            HttpStatusCode.NotFound, "there is no draw friday");
        (await desk.SendAsync(1, HttpMethod.Get, "/draws/a%20b")).IsProblem(HttpStatusCode.NotFound, "no name");
    }

    [Fact]
    public async Task A_bet_for_another_agency_is_refused()
    {
        await using LotteryDesk desk = await BeginAsync();
        HttpReply row = await desk.PutAsync(1, 1, $"2,{LotteryDesk.Bet}");
        row.IsProblem(HttpStatusCode.UnprocessableEntity, "agency is 2, not 1 as in the address");
        Assert.Contains("\"field\":\"agency\"", row.Body, StringComparison.Ordinal);
        (await desk.PutAsync(1, 1, Good.Replace("{", "{\"agency\":2,", StringComparison.Ordinal), Json)).IsProblem(
            HttpStatusCode.UnprocessableEntity, "agency is 2");
        Assert.Equal(HttpStatusCode.OK, (await desk.PutAsync(1, 1, $"1,{LotteryDesk.Bet}")).Status);
    }

    [Fact]
    public async Task Without_its_own_token_an_agency_gets_and_changes_nothing()
    {
        await using LotteryDesk desk = await BeginAsync();
        using HttpClient other = desk.Client(1);
        other.DefaultRequestHeaders.Authorization = new("Bearer", desk.TokenOf(2));
        using HttpClient forged = desk.Client(1);
        forged.DefaultRequestHeaders.Authorization = new("Bearer", $"1{desk.TokenOf(2)[1..]}");
        using HttpClient nobody = desk.Client(1);
        nobody.DefaultRequestHeaders.Authorization = null;
        foreach ((HttpClient client, HttpStatusCode status) in new[]
        {
            (other, HttpStatusCode.Forbidden), (forged, HttpStatusCode.Unauthorized),
            (nobody, HttpStatusCode.Unauthorized),
        })
        {
            foreach ((HttpMethod method, string address) in new[]
            {
                (HttpMethod.Put, "batches/1"), (HttpMethod.Post, "close"), (HttpMethod.Get, "winners?wait=0"),
                (HttpMethod.Get, "../1"),
            })
            {
                using var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative));
                using HttpResponseMessage response = await client.SendAsync(request, Stop);
                (await HttpReply.ReadAsync(response)).IsProblem(status, "token");
            }
        }

        HttpReply own = await desk.SendAsync(1, HttpMethod.Get, "../1");
        Assert.Contains("\"closed\":false", own.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Close_query_and_batch_in_the_wrong_order_are_told_so()
    {
        await using LotteryDesk desk = await BeginAsync();
        Assert.Equal(HttpStatusCode.OK, (await desk.PutAsync(1, 1, LotteryDesk.Bet)).Status);
        HttpReply early = await desk.SendAsync(1, HttpMethod.Get, "winners?wait=0");
        Assert.Equal((HttpStatusCode.Accepted, TimeSpan.FromSeconds(1)), (early.Status, early.RetryAfter));
        (await desk.SendAsync(1, HttpMethod.Get, "winners?wait=x")).IsProblem(HttpStatusCode.BadRequest, "wait is");
        (await desk.SendAsync(1, HttpMethod.Post, "close", "{\"batches\":2,\"bets\":1}")).IsProblem(
            HttpStatusCode.Conflict, "agency 1 has 1 batches with 1 bets here");
        (await desk.SendAsync(1, HttpMethod.Post, "close", "{}")).IsProblem(HttpStatusCode.BadRequest, "the body");
        for (int i = 0; i < 2; i++)
        {
            HttpReply closed = await desk.SendAsync(1, HttpMethod.Post, "close", "{\"batches\":1,\"bets\":1}");
            Assert.Equal(HttpStatusCode.OK, closed.Status);
        }

        (await desk.PutAsync(1, 2, LotteryDesk.Bet)).IsProblem(HttpStatusCode.Conflict, "its bets are sealed");
        Assert.Equal(HttpStatusCode.OK, (await desk.PutAsync(1, 1, LotteryDesk.Bet)).Status);
        Task<HttpReply> waiting = desk.SendAsync(1, HttpMethod.Get, "winners");
        Assert.Equal(HttpStatusCode.OK, (await desk.SendAsync(2, HttpMethod.Post, "close")).Status);
        Assert.Equal("{\"draw\":\"default\",\"agency\":1,\"winners\":[\"30904465\"]}", (await waiting).Body);
        HttpReply none = await desk.SendAsync(2, HttpMethod.Get, "winners");
        Assert.Contains("\"winners\":[]", none.Body, StringComparison.Ordinal);
        HttpReply draw = await desk.SendAsync(2, HttpMethod.Get, "/draws/default");
        Assert.Contains("\"state\":\"held\"", draw.Body, StringComparison.Ordinal);
        Assert.Equal(1, desk.Log.Count("action: sorteo"));
    }

    [Fact]
    public async Task A_slow_sender_is_sent_away_and_the_others_are_served()
    {
        await using LotteryDesk desk = await BeginAsync();
        using var slow = new TcpClient();
        await slow.ConnectAsync("127.0.0.1", desk.HttpAddress.Port, Stop);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "PUT /draws/default/agencies/1/batches/1 HTTP/1.1\r\nHost: a\r\nContent-Type: text/csv\r\n"
            + $"Authorization: Bearer {desk.TokenOf(1)}\r\nContent-Length: 100\r\n\r\nAna,"), Stop);
        Assert.Equal(HttpStatusCode.OK, (await desk.PutAsync(2, 1, LotteryDesk.Bet)).Status);
        var answer = new byte[1024];
        int read = await slow.GetStream().ReadAsync(answer, Stop).AsTask().WaitAsync(Bench.Limits.Wait, Stop);
        Assert.StartsWith("HTTP/1.1 408", Encoding.ASCII.GetString(answer, 0, read), StringComparison.Ordinal);
        Assert.Single(await desk.RowsAsync());
    }

    [Fact]
    public async Task The_description_names_every_route()
    {
        await using LotteryDesk desk = await BeginAsync();
        HttpReply reply = await desk.SendAsync(1, HttpMethod.Get, "/openapi.json");
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal(
            desk.Routes.Order(StringComparer.Ordinal), ApiDescription.Operations.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_endless_body_is_refused_and_nobody_else_is_disturbed()
    {
        await using LotteryDesk desk = await BeginAsync();
        using TextAgency endless = await TextAgency.DialAsync(desk.HttpAddress.Port);
        await endless.SayAsync(
            "PUT /draws/default/agencies/1/batches/1 HTTP/1.1\r\nHost: a\r\nContent-Type: text/csv\r\n"
            + $"Authorization: Bearer {desk.TokenOf(1)}\r\nTransfer-Encoding: chunked\r\n\r\n");
        string row = string.Concat(Enumerable.Repeat($"{LotteryDesk.Bet}\n", 1_000));
        for (int i = 0; i < 64; i++)
        {
            await endless.SayAsync($"{row.Length:x}\r\n{row}\r\n");
        }

        // The lottery has not waited for its end.
        string answer = "";
        while (!answer.Contains("at most 1048576 bytes", StringComparison.Ordinal))
        {
            string heard = await endless.HearSomeAsync();
            Assert.True(heard.Length > 0, $"only '{answer}' came");
            answer += heard;
        }

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await desk.PutAsync(2, 1, LotteryDesk.Bet)).Status);
        Assert.Single(await desk.RowsAsync());
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
