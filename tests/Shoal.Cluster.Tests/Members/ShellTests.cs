using Shoal.Cli.Frame;
using Shoal.Cli.Shell;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Roster;
using Shoal.Hosts.User;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Members;

/// <summary>Whole sessions of the shell, byte for byte, and what they leave behind.</summary>
public sealed class ShellTests
{
    [Fact]
    public async Task A_session_on_a_pipe_prints_what_others_print()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        await using var desk = new ShellDesk(directory);
        desk.Files.Write("film.avi", 1, 3000);
        string printed = await desk.PipeAsync(
            "REGISTER anna\nREGISTER anna\nCONNECT anna\nPUBLISH film.avi  two blanks, \"quotes\"\nLIST_CONTENT anna\n"
            + "DELETE none\nLIST_USERS now\nNONSENSE\nDISCONNECT anna\nUNREGISTER anna\nQUIT\nREGISTER late\n");
        Assert.Equal(
            "c> c> REGISTER OK\nc> c> USERNAME IN USE\nc> c> CONNECT OK\nc> c> PUBLISH OK\n"
            + "c> c> LIST_CONTENT OK\n\tfilm.avi  two blanks, \"quotes\"\nc> c> DELETE FAIL, CONTENT NOT PUBLISHED\n"
            + "c> Syntax error. Use: LIST_USERS\nc> Error: command NONSENSE not valid.\nc> c> DISCONNECT OK\n"
            + "c> c> UNREGISTER OK\nc> +++ FINISHED +++\n",
            printed);
        Assert.Equal("", desk.Reasons);
    }

    [Theory]
    [InlineData("", "c> +++ FINISHED +++\n")]
    [InlineData("QUIT", "c> +++ FINISHED +++\n")]
    [InlineData("quit\r\n", "c> +++ FINISHED +++\n")]
    [InlineData("REGISTER anna\nQUIT\n", "c> c> REGISTER OK\nc> +++ FINISHED +++\n")]
    [InlineData("REGISTER anna\nCONNECT anna\nQUIT\n",
        "c> c> REGISTER OK\nc> c> CONNECT OK\nc> +++ FINISHED +++\n")]
    [InlineData("REGISTER anna\nCONNECT anna\n", "c> c> REGISTER OK\nc> c> CONNECT OK\nc> +++ FINISHED +++\n")]
    [InlineData("\n", "c> Error: command  not valid.\nc> +++ FINISHED +++\n")]
    public async Task However_it_ends_nobody_is_connected_and_nothing_listens(string input, string printed)
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        await using var desk = new ShellDesk(directory, o => o with { Listen = new EndpointText("hub", 7000) });
        Assert.Equal(printed, await desk.PipeAsync(input));
        Assert.Null(desk.Session.Connected);
        await AssertFreeAsync(directory);
        Assert.NotEqual("2\0", await directory.AskAsync("CONNECT", "anna", "1"));
    }

    [Fact]
    public async Task A_signal_ends_it_as_quit_does()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        await using var desk = new ShellDesk(directory, o => o with { Listen = new EndpointText("hub", 7000) });
        await desk.RunAsync("REGISTER anna");
        await desk.RunAsync("CONNECT anna");
        Assert.EndsWith("+++ FINISHED +++\n", await desk.InterruptAsync());
        await AssertFreeAsync(directory);
        Assert.Equal("0\0", await directory.AskAsync("CONNECT", "anna", "1"));
    }

    [Fact]
    public async Task Quit_while_the_hub_is_down_releases_the_listener()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        await using var desk = new ShellDesk(directory, o => o with { Listen = new EndpointText("hub", 7000) });
        await desk.RunAsync("REGISTER anna");
        await desk.RunAsync("CONNECT anna");
        await directory.StopAsync();
        Assert.Equal("c> +++ FINISHED +++\n", await desk.PipeAsync("QUIT\n"));
        await AssertFreeAsync(directory);
    }

    [Theory]
    [InlineData("CONNECT nobody")]
    [InlineData("CONNECT anna")]
    public async Task A_failed_connect_closes_the_listener_that_it_opened(string line)
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        await using var desk = new ShellDesk(directory, o => o with { Listen = new EndpointText("hub", 7000) });
        await directory.AskAsync("REGISTER", "anna");
        await directory.AskAsync("CONNECT", "anna", "1");
        await desk.RunAsync(line);
        await AssertFreeAsync(directory);
    }

    [Fact]
    public async Task A_second_connect_leaves_the_running_listener_alone()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        await using var desk = new ShellDesk(directory, o => o with { Listen = new EndpointText("hub", 7000) });
        await desk.RunAsync("REGISTER anna");
        await desk.RunAsync("CONNECT anna");
        Assert.Equal("c> USER ALREADY CONNECTED\n", await desk.RunAsync("CONNECT anna"));
        desk.Files.Write("film", [1, 2, 3]);
        await desk.RunAsync("PUBLISH film x");
        Assert.Equal(
            "0\0\u0001\u0002\u0003",
            await new Caller(directory.Network, new EndpointText("hub", 7000)).AskAsync("GET_FILE\0film\0"));
        await directory.StopAsync();
        Assert.Equal("c> CONNECT FAIL\n", await desk.RunAsync("CONNECT anna"));
        Assert.Equal("anna", desk.Session.Connected?.Value);
    }

    [Fact]
    public async Task A_taken_port_fails_the_connect_and_says_why()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        await using var desk = new ShellDesk(directory, o => o with { Listen = MemoryDirectory.Address });
        await desk.RunAsync("REGISTER anna");
        Assert.Equal("c> CONNECT FAIL\n", await desk.RunAsync("CONNECT anna"));
        Assert.Contains("shoal: cannot listen on hub:9998", desk.Reasons, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_published_before_is_served_by_a_new_session()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        await directory.AskAsync("REGISTER", "anna");
        await directory.AskAsync("CONNECT", "anna", "1");
        await directory.AskAsync("PUBLISH", "anna", "film", "x");
        await directory.AskAsync("DISCONNECT", "anna");
        await using var desk = new ShellDesk(directory, o => o with { Listen = new EndpointText("hub", 7000) });
        desk.Files.Write("film", [65, 66]);
        desk.Files.Write("secret", [67]);
        await desk.RunAsync("CONNECT anna");
        var machine = new Caller(directory.Network, new EndpointText("hub", 7000));
        Assert.Equal("1\0", await machine.AskAsync("GET_FILE\0secret\0"));
        Assert.Equal("0\0AB", await machine.AskAsync("GET_FILE\0film\0"));
        await desk.RunAsync("DELETE film");
        Assert.Equal("1\0", await machine.AskAsync("GET_FILE\0film\0"));
    }

    [Fact]
    public async Task A_script_runs_to_its_end_and_tells_how_many_lines_failed()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        await using var desk = new ShellDesk(directory);
        string script = desk.Files.Write(
            "commands.txt", "# people\n\nREGISTER anna\nREGISTER anna\nNONSENSE\n"u8.ToArray());
        using var output = new StringWriter { NewLine = "\n" };
        var screen = new CommandScreen(output, output, false, false, false, 110);
        Assert.Equal(2, await ShellRun.RunAsync(
            desk.ArgumentsOf(script), desk.Session, screen, TestContext.Current.CancellationToken));
        Assert.Equal(
            "c> c> c> c> REGISTER OK\nc> c> USERNAME IN USE\nc> Error: command NONSENSE not valid.\n"
            + "c> +++ FINISHED +++\n",
            output.ToString());
    }

    [Fact]
    public async Task A_row_cannot_move_the_cursor()
    {
        await using var network = new Scripted("0\0" + "1\0a\u001b[2Jb\0c\td\u0007\0");
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        await using var desk = new ShellDesk(directory);
        await desk.RunAsync("REGISTER anna");
        await desk.RunAsync("CONNECT anna");
        await directory.StopAsync();
        await network.ServeAsync(directory.Network);
        Assert.Equal("c> LIST_CONTENT OK\n\ta?[2Jb c\td?\n", await desk.RunAsync("LIST_CONTENT anna"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0\0" + "3\0anna\0")]
    [InlineData("nonsense")]
    [InlineData("0\0many\0")]
    public async Task A_directory_that_does_not_answer_as_one_is_a_failure_and_nothing_worse(string reply)
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        await using var desk = new ShellDesk(directory);
        await desk.RunAsync("REGISTER anna");
        await desk.RunAsync("CONNECT anna");
        await directory.StopAsync();
        await using var network = new Scripted(reply);
        await network.ServeAsync(directory.Network);
        Assert.Equal("c> LIST_USERS FAIL\n", await desk.RunAsync("LIST_USERS"));
        Assert.StartsWith("shoal: ", desk.Reasons, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_service_that_is_down_is_told_once_and_done_without()
    {
        var told = new List<string>();
        using var clock = new TimeServiceClock(
            new Uri("http://127.0.0.1:1/get_time"), TimeProvider.System, told.Add, new Lines("clock"));
        for (int i = 0; i < 3; i++)
        {
            string stamp = await clock.StampAsync(TestContext.Current.CancellationToken);
            Assert.Matches("^[0-9]{2}/[0-9]{2}/[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}$", stamp);
        }

        Assert.Contains(
            "the time service at http://127.0.0.1:1/get_time is down", Assert.Single(told), StringComparison.Ordinal);
    }

    private static async Task AssertFreeAsync(MemoryDirectory directory)
    {
        DialResult dial = await directory.Network.DialAsync(
            new EndpointText("hub", 7000), TestContext.Current.CancellationToken);
        Assert.IsType<DialResult.Failed>(dial);
    }

    /// <summary>Something at the directory's place that says the same to everybody.</summary>
    private sealed class Scripted(string reply) : IAsyncDisposable
    {
        private ITransportListener? _listener;
        private Task _serving = Task.CompletedTask;

        public async Task ServeAsync(InMemoryTransport network)
        {
            _listener = await network.ListenAsync(MemoryDirectory.Address, CancellationToken.None);
            _serving = ServeAsync(_listener);
        }

        public async ValueTask DisposeAsync()
        {
            if (_listener is not null)
            {
                await _listener.DisposeAsync();
            }

            await _serving;
        }

        private async Task ServeAsync(ITransportListener listener)
        {
            while (await listener.AcceptAsync(CancellationToken.None) is { } connection)
            {
                using (connection)
                {
                    Assert.NotEqual(0, await connection.Stream.ReadAsync(new byte[1000]));
                    await connection.Stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(reply));
                }
            }
        }
    }
}
