using System.Net;
using System.Net.Sockets;
using System.Text;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>What a user meets whose directory is torn away in the middle of a reply.</summary>
public sealed class DirectoryResetTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shell_prints_the_failure_and_goes_on()
    {
        using var scratch = new Scratch();
        await using var directory = new TornDirectory();
        await File.WriteAllTextAsync(
            scratch["script"], "CONNECT bert\nLIST_USERS\nLIST_CONTENT bert\nDISCONNECT bert\nQUIT\n", Stop);
        await using ShoalProcess shell = ShoalProcess.Start(
            "shell", null,
            ["shell", "--hub", directory.Address, "--listen", "127.0.0.1:0", "--script", "script"], scratch.Root);
        await shell.ExpectAsync(1);
        Assert.Equal(
            [
                "c> CONNECT OK", "c> LIST_USERS FAIL", "c> LIST_CONTENT OK", "\tfilm about it", "c> DISCONNECT OK",
                "c> +++ FINISHED +++",
            ],
            shell.Output.All.Select(line => line.Replace("c> c> ", "c> ", StringComparison.Ordinal))
                .Where(line => line.StartsWith("c> ", StringComparison.Ordinal) || line[0] == '\t'));
    }

    [Fact]
    public async Task A_command_ends_with_the_failure_and_names_the_hub()
    {
        using var scratch = new Scratch();
        await using var directory = new TornDirectory();
        await using ShoalProcess list = ShoalProcess.Start(
            "user", null, ["user", "list", "--user", "bert", "--hub", directory.Address], scratch.Root);
        await list.ExpectAsync(1);
        Assert.Contains(list.Output.All, line => line.Contains(directory.Address, StringComparison.Ordinal));
    }

    /// <summary>A directory that resets the connection when it has said a part of its list of users.</summary>
    private sealed class TornDirectory : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public TornDirectory()
        {
            _listener.Start();
            _serving = ServeAsync();
        }

        public string Address => $"{_listener.LocalEndpoint}";

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _serving;
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using Socket socket = await _listener.AcceptSocketAsync(Stop);
                    await AnswerAsync(socket);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private static async Task AnswerAsync(Socket socket)
        {
            var request = new byte[1000];
            int length = await socket.ReceiveAsync(request, Stop);
            string word = Encoding.UTF8.GetString(request, 0, length).Split('\0')[0];
            string reply = word switch
            {
                "CONNECT" or "DISCONNECT" => "0\0",
                "LIST_USERS" => "0\0" + "3\0bert\0",
                "LIST_CONTENT" => "0\0" + "1\0film\0about it\0",
                _ => "",
            };
            await socket.SendAsync(Encoding.UTF8.GetBytes(reply), Stop);
            socket.LingerState = new LingerOption(word == "LIST_USERS", 0);
        }
    }
}
