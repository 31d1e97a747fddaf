using System.Net.Sockets;
using System.Text;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>
/// An agency over the text protocol that says what a test wants, and hears what comes back; it waits for each answer,
/// as existing agencies do.
/// </summary>
internal sealed class TextAgency(TcpClient client) : IDisposable
{
    /// <summary>Bets of a batch.</summary>
    public const int Batch = 50;

    private readonly NetworkStream _stream = client.GetStream();
    private readonly StringBuilder _heard = new();

    public static string Bet(int agency, string document = "1", string number = "7574", string name = "Ana") =>
        $"{{PlayerName:{name},PlayerSurname:Paz,PlayerDocID:{document},PlayerDateOfBirth:1990-02-28,"
        + $"WageredNumber:{number},AgencyID:{agency}}}";

    /// <summary>Connects to a lottery on this machine.</summary>
    public static async Task<TextAgency> DialAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Stop);
        return new TextAgency(client);
    }

    /// <summary>Sends the first batches of an agency's file and waits for each ack.</summary>
    public static async Task SendAsync(int port, int agency, string[] rows, int batches = int.MaxValue)
    {
        using TextAgency sender = await DialAsync(port);
        foreach (string[] batch in rows.Chunk(Batch).Take(batches))
        {
            string bets = string.Join(',', batch.Select(row => OfRow(agency, row)));
            Assert.Equal("ACK_CHUNK;", await sender.AskAsync($"B{bets};"));
        }
    }

    /// <summary>Sends a file from its beginning, closes, and asks until there are winners.</summary>
    /// <returns>Their documents.</returns>
    public static async Task<string[]> FinishAsync(int port, int agency, string[] rows)
    {
        await SendAsync(port, agency, rows);
        using TextAgency asker = await DialAsync(port);
        Assert.Equal("ACK_NOTIFY;", await asker.AskAsync($"N{{AgencyID:{agency}}};"));
        string answer;
        while ((answer = await asker.AskAsync($"Q{{AgencyID:{agency}}};")) == "W;")
        {
            await Task.Delay(20, Stop);
        }

        return answer == "R;" ? [] : [.. answer[1..^1].Split(',').Select(one => one["{PlayerDocID:".Length..^1])];
    }

    public Task SayAsync(string text) => SayAsync(Encoding.UTF8.GetBytes(text));

    public async Task SayAsync(byte[] bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes, Stop);
        }
        catch (IOException)
        {
            // The hub has hung up already; what it said before can still be heard.
        }
    }

    /// <summary>Says something and hears one answer.</summary>
    public async Task<string> AskAsync(string text)
    {
        await SayAsync(text);
        return await HearAsync();
    }

    /// <summary>The next answer; empty: the hub has hung up.</summary>
    public async Task<string> HearAsync()
    {
        while (true)
        {
            string heard = _heard.ToString();
            int end = heard.IndexOf(';', StringComparison.Ordinal);
            if (end >= 0)
            {
                _heard.Remove(0, end + 1);
                return heard[..(end + 1)];
            }

            string more = await HearSomeAsync();
            if (more.Length == 0)
            {
                return "";
            }

            _heard.Append(more);
        }
    }

    /// <summary>Whatever comes next; empty: the hub has hung up.</summary>
    public async Task<string> HearSomeAsync()
    {
        var buffer = new byte[4096];
        try
        {
            int read = await _stream.ReadAsync(buffer, Stop).AsTask().WaitAsync(Limits.Wait, Stop);
            return Encoding.UTF8.GetString(buffer, 0, read);
        }
        catch (IOException)
        {
            return "";
        }
    }

    public void Dispose() => client.Dispose();

    private static string OfRow(int agency, string row)
    {
        string[] fields = row.Split(',');
        return $"{{PlayerName:{fields[0]},PlayerSurname:{fields[1]},PlayerDocID:{fields[2]},"
            + $"PlayerDateOfBirth:{fields[3]},WageredNumber:{fields[4]},AgencyID:{agency}}}";
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
