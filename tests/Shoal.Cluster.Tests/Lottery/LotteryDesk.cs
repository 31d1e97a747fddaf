using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Lottery;
using Shoal.Core.Roster;
using Shoal.Hosts.Http;
using Shoal.Hosts.Lottery;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>A lottery on loopback with both its doors, and agencies that say what a test wants.</summary>
internal sealed class LotteryDesk : IAsyncDisposable
{
    public const string Bet = "Ana,Paz,30904465,1990-02-28,7574";

    private readonly CancellationTokenSource _stop = new();
    private readonly Scratch _scratch = new();
    private LotteryRecords _records = null!;
    private LotteryRoutes _routes = null!;
    private LotteryHost _host = null!;
    private HttpHost _http = null!;
    private AgencyTokens _tokens = null!;
    private Task[] _serving = [];

    public Lines Log { get; } = new("lottery");

    public EndpointText TextAddress => _host.Address;

    public EndpointText HttpAddress => _http.Address;

    /// <summary>What is mapped over HTTP, a method and a pattern each.</summary>
    public List<string> Routes { get; } = [];

    public int OpenConnections => _host.OpenConnections;

    /// <param name="agencies">The roster: agencies 1 to this.</param>
    /// <param name="options">What the door for the text protocol is told.</param>
    /// <param name="records">Where the bets lie, which it takes over; a new folder by default.</param>
    public static async Task<LotteryDesk> BeginAsync(
        int agencies = 2, LotteryOptions? options = null, LotteryRecords? records = null)
    {
        var desk = new LotteryDesk();
        EndpointText any = new("127.0.0.1", 0);
        desk._records = records ?? LotteryRecords.Open(desk._scratch["data"]);
        var terms = new DrawTerms(
            DrawName.Default, [.. Enumerable.Range(1, agencies).Select(one => new AgencyId(one))], 7574);
        await desk._records.OpenDrawAsync(terms, Stop);
        desk._tokens = await AgencyTokens.OpenAsync(desk._records, Stop);
        desk._host = await LotteryHost.OpenAsync(
            (options ?? new LotteryOptions { Listen = any }) with { Listen = any }, desk._records,
            TimeProvider.System, desk.Log, Stop);
        desk._routes = desk._host.OpenRoutes(desk._tokens);
        desk._http = await HttpHost.OpenAsync(
            new HttpOptions { Listen = any, MostConnections = 10_000 }, [desk._routes.Map, desk.Note], desk.Log, Stop);
        desk._serving = [desk._host.RunAsync(desk._stop.Token), desk._http.RunAsync(desk._stop.Token)];
        return desk;
    }

    public string TokenOf(int agency) => _tokens.Of(new AgencyId(agency));

    /// <summary>An agency over the text protocol.</summary>
    public Task<TextAgency> DialAsync() => TextAgency.DialAsync(TextAddress.Port);

    /// <summary>An agency over HTTP, with its token.</summary>
    public HttpClient Client(int agency)
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://{HttpAddress}/draws/default/agencies/{agency}/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TokenOf(agency));
        return client;
    }

    public Task<HttpReply> PutAsync(int agency, long number, string body, string form = "text/csv") =>
        PutAsync(agency, number, Encoding.UTF8.GetBytes(body), form);

    public async Task<HttpReply> PutAsync(
        int agency, long number, byte[] body, string form = "text/csv", string? packing = null)
    {
        using HttpClient client = Client(agency);
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(form);
        if (packing is not null)
        {
            content.Headers.ContentEncoding.Add(packing);
        }

        using HttpResponseMessage response = await client.PutAsync(
            new Uri($"batches/{number}", UriKind.Relative), content, Stop);
        return await HttpReply.ReadAsync(response);
    }

    public async Task<HttpReply> SendAsync(int agency, HttpMethod method, string address, string? body = null)
    {
        using HttpClient client = Client(agency);
        using var request = new HttpRequestMessage(method, new Uri(address, UriKind.RelativeOrAbsolute));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await client.SendAsync(request, Stop);
        return await HttpReply.ReadAsync(response);
    }

    /// <summary>All that is stored, a row a bet.</summary>
    public async Task<string[]> RowsAsync()
    {
        using var output = new MemoryStream();
        await _records.ExportAsync(DrawName.Default, output, Stop);
        return Encoding.UTF8.GetString(output.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_serving);
        await _http.DisposeAsync();
        await _routes.DisposeAsync();
        await _host.DisposeAsync();
        await _records.DisposeAsync();
        _scratch.Dispose();
        _stop.Dispose();
    }

    private void Note(IEndpointRouteBuilder routes) => Routes.AddRange(
        routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Select(one =>
            $"{one.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]} {one.RoutePattern.RawText}"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}

/// <summary>What came back over HTTP.</summary>
internal sealed record HttpReply(HttpStatusCode Status, string Body, string Form, TimeSpan? RetryAfter)
{
    /// <summary>Reads an answer, which must be as the lottery describes it.</summary>
    public static async Task<HttpReply> ReadAsync(HttpResponseMessage response)
    {
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        ApiDescription.Check(response, body);
        return new HttpReply(
            response.StatusCode, body, response.Content.Headers.ContentType?.MediaType ?? "",
            response.Headers.RetryAfter?.Delta);
    }

    /// <summary>Checks that it is a problem that says so.</summary>
    public void IsProblem(HttpStatusCode status, string says)
    {
        Assert.Equal((status, "application/problem+json"), (Status, Form));
        Assert.Contains(says, Body, StringComparison.Ordinal);
    }
}
