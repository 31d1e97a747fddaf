using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// Agencies that speak the text protocol and wait for each answer, as existing ones do, with the bets of the five whose
/// files lie beside the repository.
/// </summary>
internal static class TextAgency
{
    public const int BatchSize = 50;

    /// <summary>What the five get to hear in the end.</summary>
    public static readonly string[] Winners =
    [
        "R{PlayerDocID:30876370},{PlayerDocID:24807259};",
        "R{PlayerDocID:33791469},{PlayerDocID:31660107},{PlayerDocID:24813860};",
        "R{PlayerDocID:22737492},{PlayerDocID:23328212},{PlayerDocID:28188111};",
        "R{PlayerDocID:34963649},{PlayerDocID:35635602};",
        "R;",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The rows of the five files; skips the test, out loud, where they are not.</summary>
    public static string[][] ReadFiles([CallerFilePath] string here = "")
    {
        string folder = Path.GetFullPath(Path.Join(Path.GetDirectoryName(here), "../../../../shared/data/agencies"));
        Assert.SkipUnless(
            Directory.Exists(folder), $"the agencies' files, agency-1.csv to agency-5.csv, are not in {folder}");
        return
        [
            .. Enumerable.Range(1, 5).Select(agency => File.ReadAllLines(Path.Join(folder, $"agency-{agency}.csv"))),
        ];
    }

    /// <summary>Sends the first batches of an agency and waits for each ack.</summary>
    public static async Task SendAsync(int port, int agency, string[] rows, int batches)
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

    /// <summary>Sends everything from its beginning, closes, and asks until there are winners.</summary>
    public static async Task<string> FinishAsync(int port, int agency, string[] rows)
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
