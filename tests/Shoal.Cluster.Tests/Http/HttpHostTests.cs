using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Roster;
using Shoal.Hosts.Http;
using Shoal.Hosts.Time;

namespace Shoal.Cluster.Tests.Http;

/// <summary>The HTTP door and what is served on it.</summary>
public sealed class HttpHostTests : IAsyncLifetime
{
    private static readonly TimeProvider s_time = new FixedTime();
    private readonly Lines _log = new("http");
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _client = new();
    private HttpHost _host = null!;
    private Task _running = Task.CompletedTask;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        HttpRoutes faulty = routes => routes.MapGet("/fault", Fail);
        _host = await HttpHost.OpenAsync(
            new HttpOptions { Listen = new EndpointText("127.0.0.1", 0), MostBodyBytes = 1000 },
            [TimeRoutes.Of(s_time), faulty, routes => routes.MapPost("/echo", EchoAsync)], _log, Stop);
        _client.BaseAddress = new Uri($"http://{_host.Address}");
        _running = _host.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Limits.Wait, CancellationToken.None);
        await _host.DisposeAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task The_time_is_19_bytes()
    {
        Assert.Equal("05/01/2026 07:08:09"u8.ToArray(), await _client.GetByteArrayAsync("/get_time", Stop));
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("/", Stop)).StatusCode);
        Assert.Equal(
            HttpStatusCode.MethodNotAllowed, (await _client.PostAsync("/get_time", null, Stop)).StatusCode);
        await _log.WaitForAsync("action: http_request | result: success", "path: /get_time", "status: 405");
    }

    [Fact]
    public async Task What_it_answers_is_counted_by_its_framework()
    {
        var codes = new ConcurrentQueue<object?>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Name == "http.server.request.duration")
                {
                    all.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            var named = new Dictionary<string, object?>(tags.ToArray());
            if (named.GetValueOrDefault("http.route") is "/fault")
            {
                codes.Enqueue(named["http.response.status_code"]);
            }
        });
        listener.Start();
        await _client.GetAsync("/fault", Stop);
        await Limits.UntilAsync(() => codes.Contains(500), "it is counted");
    }

    [Fact]
    public async Task A_client_of_the_old_kind_gets_it_too()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_host.Address.Host, _host.Address.Port, Stop);
        await client.GetStream().WriteAsync("GET /get_time HTTP/1.0\r\n\r\n"u8.ToArray(), Stop);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        string reply = await reader.ReadToEndAsync(Stop);
        Assert.StartsWith("HTTP/1.1 200", reply, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n05/01/2026 07:08:09", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_a_handler_costs_one_request()
    {
        Assert.Equal(HttpStatusCode.InternalServerError, (await _client.GetAsync("/fault", Stop)).StatusCode);
        await _log.WaitForAsync("action: http_request | result: fail", "broken on purpose");
        Assert.Equal(19, (await _client.GetByteArrayAsync("/get_time", Stop)).Length);
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused()
    {
        using var fits = new ByteArrayContent(new byte[1000]);
        using var tooLong = new ByteArrayContent(new byte[1001]);
        Assert.Equal(HttpStatusCode.OK, (await _client.PostAsync("/echo", fits, Stop)).StatusCode);
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge, (await _client.PostAsync("/echo", tooLong, Stop)).StatusCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_to_be()
    {
        IOException e = await Assert.ThrowsAsync<IOException>(() => HttpHost.OpenAsync(
            new HttpOptions { Listen = _host.Address }, [TimeRoutes.Of(s_time)], _log, Stop));
        Assert.Contains($"cannot listen on {_host.Address}: ", e.Message, StringComparison.Ordinal);
        Assert.Contains("another program listens there", e.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_program_serves_it_alone_and_at_the_hub()
    {
        await using ShoalProcess time = ShoalProcess.Start("time", "time", "--listen", "127.0.0.1:0");
        await using ShoalProcess hub = ShoalProcess.Start(
            "hub", "hub", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0");
        foreach (ShoalProcess process in new[] { time, hub })
        {
            string line = await process.Output.WaitForAsync("action: http_listen | result: success");
            string address = ProcessSwarm.FieldOf(line, "address");
            string moment = await _client.GetStringAsync(new Uri($"http://{address}/get_time"), Stop);
            Assert.Matches(@"^\d\d/\d\d/\d{4} \d\d:\d\d:\d\d$", moment);
            process.Send(ShoalProcess.Signal.Terminate);
            await process.ExpectAsync(0);
        }
    }

    private static Task Fail(HttpContext context) => throw new InvalidOperationException("broken on purpose");

    private static async Task EchoAsync(HttpContext context) =>
        await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);

    private sealed class FixedTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 1, 5, 7, 8, 9, TimeSpan.Zero);
    }
}
