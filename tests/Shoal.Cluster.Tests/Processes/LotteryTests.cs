using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>
/// The lottery as a process, with agencies that speak the text protocol and wait for each answer, as existing ones do.
/// </summary>
public sealed class LotteryTests : IDisposable
{
    private const int BatchSize = 50;
    private static readonly string[] s_winners =
    [
        "R{PlayerDocID:30876370},{PlayerDocID:24807259};",
        "R{PlayerDocID:33791469},{PlayerDocID:31660107},{PlayerDocID:24813860};",
        "R{PlayerDocID:22737492},{PlayerDocID:23328212},{PlayerDocID:28188111};",
        "R{PlayerDocID:34963649},{PlayerDocID:35635602};",
        "R;",
    ];

    private readonly Scratch _scratch = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task The_bets_of_five_agencies_survive_a_kill_and_find_their_winners()
    {
        string[][] files = ReadAgencies();
        await using ShoalProcess first = Serve();
        int port = await PortOfAsync(first);

        // Each has sent about half of its bets when the power goes.
        await Task.WhenAll(files.Select((rows, i) => SendAsync(port, i + 1, rows, rows.Length / 2 / BatchSize)));
        await first.KillAsync();

        // An agency that starts again repeats everything from its first batch on.
        await using ShoalProcess second = Serve();
        port = await PortOfAsync(second);
        string[] winners = await Task.WhenAll(files.Select((rows, i) => FinishAsync(port, i + 1, rows)));
        Assert.Equal(s_winners, winners);
        await second.KillAsync();

        await using ShoalProcess export = ShoalProcess.Start(
            "export", "lottery", "export", "--data", _scratch["data"], "--csv", _scratch["bets.csv"]);
        await export.ExpectAsync(0);
        string[] exported = await File.ReadAllLinesAsync(_scratch["bets.csv"], Stop);
        IEnumerable<string> sent = files.SelectMany((rows, i) => rows.Select(row => $"{i + 1},{row}"));
        Assert.Equal(sent.Order(StringComparer.Ordinal), exported.Order(StringComparer.Ordinal));
    }

    private static string[][] ReadAgencies([CallerFilePath] string here = "")
    {
        string folder = Path.GetFullPath(Path.Join(Path.GetDirectoryName(here), "../../../../shared/data/agencies"));
        Assert.SkipUnless(
            Directory.Exists(folder), $"the agencies' files, agency-1.csv to agency-5.csv, are not in {folder}");
        return
        [
            .. Enumerable.Range(1, 5).Select(agency => File.ReadAllLines(Path.Join(folder, $"agency-{agency}.csv"))),
        ];
    }

    private ShoalProcess Serve() => ShoalProcess.Start(
        "lottery", "lottery", "serve", "--listen", "127.0.0.1:0", "--data", _scratch["data"]);

    private static async Task<int> PortOfAsync(ShoalProcess lottery)
    {
        string line = await lottery.Output.WaitForAsync("action: lottery_listen");
        return int.Parse(ProcessSwarm.FieldOf(line, "address").Split(':')[^1], CultureInfo.InvariantCulture);
    }

    private static async Task SendAsync(int port, int agency, string[] rows, int batches)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Stop);
        foreach (string[] batch in rows.Chunk(BatchSize).Take(batches))
        {
            Assert.Equal("ACK_CHUNK;", await AskAsync(client, $"B{string.Join(',', batch.Select(Bet))};"));
        }

        string Bet(string row)
        {
            string[] fields = row.Split(',');
            return $"{{PlayerName:{fields[0]},PlayerSurname:{fields[1]},PlayerDocID:{fields[2]},"
                + $"PlayerDateOfBirth:{fields[3]},WageredNumber:{fields[4]},AgencyID:{agency}}}";
        }
    }

    private static async Task<string> FinishAsync(int port, int agency, string[] rows)
    {
        await SendAsync(port, agency, rows, int.MaxValue);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Stop);
        Assert.Equal("ACK_NOTIFY;", await AskAsync(client, $"N{{AgencyID:{agency}}};"));
        while (true)
        {
            string answer = await AskAsync(client, $"Q{{AgencyID:{agency}}};");
            if (answer != "W;")
            {
                return answer;
            }

            await Task.Delay(20, Stop);
        }
    }

    private static async Task<string> AskAsync(TcpClient client, string message)
    {
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(message), Stop);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (answer.Length == 0 || answer[^1] != ';')
        {
            int read = await stream.ReadAsync(buffer, Stop);
            Assert.True(read > 0, $"the lottery hung up after '{answer}'");
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return answer.ToString();
    }
}
