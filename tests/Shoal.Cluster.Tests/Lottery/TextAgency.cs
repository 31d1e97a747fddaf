using System.Net.Sockets;
using System.Text;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>A connection on which a test says what it wants, and hears what comes back.</summary>
internal sealed class TextAgency(TcpClient client) : IDisposable
{
    private readonly NetworkStream _stream = client.GetStream();
    private readonly StringBuilder _heard = new();

    public static string Bet(int agency, string document = "1", string number = "7574", string name = "Ana") =>
        $"{{PlayerName:{name},PlayerSurname:Paz,PlayerDocID:{document},PlayerDateOfBirth:1990-02-28,"
        + $"WageredNumber:{number},AgencyID:{agency}}}";

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
        var buffer = new byte[4096];
        while (true)
        {
            string heard = _heard.ToString();
            int end = heard.IndexOf(';', StringComparison.Ordinal);
            if (end >= 0)
            {
                _heard.Remove(0, end + 1);
                return heard[..(end + 1)];
            }

            int read;
            try
            {
                read = await _stream.ReadAsync(buffer, Stop).AsTask().WaitAsync(Limits.Wait, Stop);
            }
            catch (IOException)
            {
                read = 0;
            }

            if (read == 0)
            {
                return "";
            }

            _heard.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
    }

    public void Dispose() => client.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
