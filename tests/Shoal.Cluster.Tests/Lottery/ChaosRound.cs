using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Lottery;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;
using Shoal.Hosts.Agency;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>
/// A small draw of three agencies in which everything goes wrong: the hub and agency 1 are killed, lines are cut, and
/// agency 3 says everything more than once and in any order.
/// </summary>
internal sealed class ChaosRound(ulong randomSeed, Scratch scratch) : IAsyncDisposable
{
    private const int Batch = 3;

    private readonly DeterministicRandom _random = new(randomSeed);
    private readonly List<ShoalProcess> _hubs = [];
    private readonly ConcurrentBag<ShoalProcess> _agencies = [];
    private readonly string[][] _files = new string[3][];
    private readonly HeldPort _text = new();
    private readonly HeldPort _http = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task RunAsync()
    {
        for (int agency = 1; agency <= 3; agency++)
        {
            _files[agency - 1] = [.. Enumerable.Range(0, 10 + _random.Next(50)).Select(_ => RandomRow())];
            await File.WriteAllLinesAsync(scratch[$"{agency}.csv"], _files[agency - 1], Stop);
        }

        await StartHubAsync();
        string[] tokens = [await TokenAsync(2), await TokenAsync(3)];
        await using var first = new CuttingLine(_text.Port, _random.Next());
        await using var second = new CuttingLine(_http.Port, _random.Next());
        Task<string[]> one = KilledAgencyAsync(first.Port, kills: _random.Next(2));
        Task<string[]> two = CutAgencyAsync(second.Port, tokens[0]);
        Task<string[]> three = ShufflingAgencyAsync(tokens[1]);
        int kills = 1 + _random.Next(2);
        for (int i = 0; i < kills; i++)
        {
            await Task.Delay(_random.Next(400), Stop);
            await _hubs[^1].KillAsync();
            await StartHubAsync();
        }

        await Task.Delay(_random.Next(300), Stop);
        first.Mend();
        second.Mend();
        await CheckAsync(await EndAsync(one, two, three));
    }

    // Gives the winners of all. When one fails, those that wait for it are not waited for.
    private async Task<string[][]> EndAsync(params Task<string[]>[] agencies)
    {
        Task limit = Task.Delay(Limits.Run, Stop);
        for (Task[] running = agencies; running.Length > 0; running = [.. running.Where(one => !one.IsCompleted)])
        {
            Task first = await Task.WhenAny([limit, .. running]);
            await first;
            if (first == limit)
            {
                IEnumerable<int> late = Enumerable.Range(1, 3).Where(one => !agencies[one - 1].IsCompleted);
                throw new TimeoutException(
                    $"no winners of {string.Join(", ", late)} within {Limits.Run}:\n"
                    + string.Join('\n', _agencies.Concat(_hubs).Select(process => process.Output)));
            }
        }

        return await Task.WhenAll(agencies);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ShoalProcess process in _hubs.Concat(_agencies))
        {
            await process.DisposeAsync();
        }

        _text.Dispose();
        _http.Dispose();
    }

    private async Task CheckAsync(string[][] winners)
    {
        await _hubs[^1].KillAsync();
        await using ShoalProcess export = ShoalProcess.Start(
            "export", "lottery", "export", "--data", scratch["data"], "--csv", scratch["bets.csv"]);
        await export.ExpectAsync(0);
        string[] rows = await File.ReadAllLinesAsync(scratch["bets.csv"], Stop);
        for (int agency = 1; agency <= 3; agency++)
        {
            Assert.Equal(
                _files[agency - 1].Select(row => $"{agency},{row}"),
                rows.Where(row => row.StartsWith($"{agency},", StringComparison.Ordinal)));
            Assert.Equal(
                _files[agency - 1].Where(row => row.EndsWith(",7574", StringComparison.Ordinal))
                    .Select(row => row.Split(',')[2]),
                winners[agency - 1]);
        }

        // A hub that is killed between the draw and its line tells nobody; none tells of a second draw.
        Assert.InRange(_hubs.Sum(hub => hub.Output.Count("action: sorteo")), 0, 1);
    }

    // Few players, so that equal batches are common; the lines of a file are what a replay could mistake.
    private string RandomRow() => string.Create(
        CultureInfo.InvariantCulture,
        $"Ana,Paz,{1 + _random.Next(2)},1990-02-28,{(_random.Next(6) == 0 ? 7574 : _random.Next(2))}");

    private async Task StartHubAsync()
    {
        ShoalProcess hub = ShoalProcess.Start(
            "hub", "lottery", "serve", "--listen", _text.Address, "--http", _http.Address, "--agencies", "3", "--data",
            scratch["data"]);
        _hubs.Add(hub);
        await hub.Output.WaitForAsync("action: lottery_listen");
        await hub.Output.WaitForAsync("action: http_listen");
    }

    private async Task<string> TokenAsync(int agency)
    {
        await using ShoalProcess token = ShoalProcess.Start(
            "token", "lottery", "token", $"{agency}", "--data", scratch["data"]);
        await token.ExpectAsync(0);
        return token.Output.All.Single(line => line.StartsWith($"{agency}.", StringComparison.Ordinal));
    }

    // A process over the text protocol and a line that is cut.
    private async Task<string[]> KilledAgencyAsync(int port, int kills)
    {
        string[] arguments =
        [
            "lottery", "agency", "--id", "1", "--bets", scratch["1.csv"], "--hub", $"127.0.0.1:{port}", "--batch",
            $"{Batch}", "--window", "4",
        ];
        for (; kills > 0; kills--)
        {
            ShoalProcess killed = StartAgency(arguments);
            await Task.WhenAny(
                killed.Output.WaitForAsync("action: chunk_ack_received", $"chunk_id: {1 + (kills % 5)}"),
                Task.Delay(TimeSpan.FromSeconds(2), Stop));
            await killed.KillAsync();
        }

        ShoalProcess agency = StartAgency(arguments);
        await agency.ExpectAsync(0);
        return [.. agency.Output.All.Where(line => line.All(char.IsAsciiDigit))];
    }

    // Ends with the round, also where another part of it fails.
    private ShoalProcess StartAgency(string[] arguments)
    {
        ShoalProcess agency = ShoalProcess.Start("agency 1", arguments);
        _agencies.Add(agency);
        return agency;
    }

    // Over HTTP and a line that is cut.
    private async Task<string[]> CutAgencyAsync(int port, string token)
    {
        var options = new AgencyOptions
        {
            Agency = new AgencyId(2), Hub = new EndpointText("127.0.0.1", port), Token = token, Batch = Batch,
            OpenBets = () => File.OpenRead(scratch["2.csv"]), Policy = new AgencyPolicy { Window = 4 },
        };
        AgencyResult result = await AgencyHost.RunAsync(
            options, TimeProvider.System, NullLogger.Instance, _ => { }, Stop);
        return [.. Assert.IsType<AgencyResult.Drawn>(result).Documents];
    }

    // Over HTTP, by hand: every batch some times, four of them at once, in any order; it asks again when in doubt.
    private async Task<string[]> ShufflingAgencyAsync(string token)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var random = new DeterministicRandom(randomSeed + 1_000_000_000);
        string[][] batches = [.. _files[2].Chunk(Batch)];
        for (int next = 0; next < batches.Length; next += 4)
        {
            int[] numbers = [.. Enumerable.Range(next + 1, Math.Min(4, batches.Length - next))];
            int[] twice = [.. numbers, .. numbers];
            random.Shuffle(twice.AsSpan());
            HttpStatusCode?[] replies;
            do
            {
                replies = await Task.WhenAll(twice.Select(number => AskAsync(
                    client, HttpMethod.Put, $"batches/{number}", string.Join('\n', batches[number - 1]))));
                Assert.All(replies, reply => Assert.True(
                    reply is null or HttpStatusCode.OK or HttpStatusCode.Conflict, $"status {reply}"));
            }
            while (replies.Any(reply => reply != HttpStatusCode.OK));
        }

        while (await AskAsync(client, HttpMethod.Post, "close", null) != HttpStatusCode.OK)
        {
            await Task.Delay(50, Stop);
        }

        while (true)
        {
            try
            {
                using HttpResponseMessage response = await client.GetAsync(AddressOf("winners"), Stop);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    using var document = System.Text.Json.JsonDocument.Parse(
                        await response.Content.ReadAsStringAsync(Stop));
                    return
                    [
                        .. document.RootElement.GetProperty("winners").EnumerateArray().Select(one => one.GetString()!),
                    ];
                }
            }
            catch (Exception e) when (e is HttpRequestException or SocketException)
            {
                await Task.Delay(50, Stop);
            }
        }
    }

    private async Task<HttpStatusCode?> AskAsync(HttpClient client, HttpMethod method, string address, string? rows)
    {
        try
        {
            using var request = new HttpRequestMessage(method, AddressOf(address));
            request.Content = rows is null ? null : new StringContent(rows, Encoding.UTF8, "text/csv");
            using HttpResponseMessage response = await client.SendAsync(request, Stop);
            return response.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            return null;
        }
    }

    private Uri AddressOf(string address) => new($"http://{_http.Address}/draws/default/agencies/3/{address}");
}
