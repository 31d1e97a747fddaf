using System.Net;
using System.Net.Sockets;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Roster;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>Fetches that are killed, cut, or run out of disk.</summary>
public sealed class FetchTests
{
    private const int Length = 40_000_000;
    private const int Chunks = (Length + (128 * 1024) - 1) / (128 * 1024);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_fetch_goes_on_where_it_was()
    {
        using var scratch = new Scratch();
        await using CommandDesk desk = await CommandDesk.BeginAsync(scratch);
        scratch.Write("anna/film.avi", 1, Length);
        await using ShoalProcess publish = await PublishAsync(desk, "anna", "anna/film.avi");
        await desk.ExpectAsync(0, "user", "register", "--user", "bert");
        string[] first = await KillOneAsync(desk, scratch);
        Assert.False(File.Exists(scratch["copy"]));
        await desk.SaysAsync(
            "verified, from anna", 0, "get", "anna/film.avi", "-o", "copy", "--user", "bert", "--log",
            scratch["second.log"]);
        Assert.Equal(
            await File.ReadAllBytesAsync(scratch["anna/film.avi"], Stop),
            await File.ReadAllBytesAsync(scratch["copy"], Stop));
        string[] second = StoredIn(scratch["second.log"]);
        Assert.InRange(second.Length, 1, Chunks - first.Length);
        Assert.Empty(first.Intersect(second));
        Assert.False(Directory.Exists(scratch[".shoal/fetch"]));
    }

    [Fact]
    public async Task Several_users_who_have_the_same_all_give()
    {
        using var scratch = new Scratch();
        await using CommandDesk desk = await CommandDesk.BeginAsync(scratch);
        scratch.Write("anna/film.avi", 1, Length);
        scratch.Write("carl/other-name", 1, Length);
        await using ShoalProcess anna = await PublishAsync(desk, "anna", "anna/film.avi");
        await using ShoalProcess carl = await PublishAsync(desk, "carl", "carl/other-name");
        await desk.ExpectAsync(0, "user", "register", "--user", "bert");
        string said = await desk.ExpectAsync(0, "get", "anna/film.avi", "-o", "copy", "--user", "bert");
        Assert.Contains("verified, from ", said, StringComparison.Ordinal);
        Assert.Equal(
            await File.ReadAllBytesAsync(scratch["anna/film.avi"], Stop),
            await File.ReadAllBytesAsync(scratch["copy"], Stop));
        await anna.Output.WaitForAsync("action: offer_give | result: in_progress");
        await carl.Output.WaitForAsync("action: offer_give | result: in_progress");
    }

    [Fact]
    public async Task A_full_disk_is_said_and_what_came_is_kept_or_nothing_is_left()
    {
        using var scratch = new Scratch();
        using Mount disk = Mount.RamDisk(scratch.Folder("small"), "size=4m");
        await using CommandDesk desk = await CommandDesk.BeginAsync(scratch);
        scratch.Write("anna/film.avi", 1, 8_000_000);
        await using ShoalProcess publish = await PublishAsync(desk, "anna", "anna/film.avi");
        await desk.ExpectAsync(0, "user", "register", "--user", "bert");
        await desk.SaysAsync(
            "not enough room", 1, "get", "anna/film.avi", "-o", "small/copy", "--user", "bert");
        Assert.False(File.Exists(scratch["small/copy"]));

        await using var otto = await Foreign.BeginAsync(desk, "otto");
        Task serving = otto.ServeAsync(["0\0"u8.ToArray(), new byte[8_000_000]], isReset: false);
        await desk.SaysAsync("No space left", 1, "get", "otto/film", "-o", "small/copy", "--user", "bert");
        await serving;
        Assert.DoesNotContain(
            Directory.GetFileSystemEntries(scratch["small"]),
            path => !path.EndsWith(".shoal", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reset_in_the_middle_of_a_file_leaves_nothing()
    {
        using var scratch = new Scratch();
        await using CommandDesk desk = await CommandDesk.BeginAsync(scratch);
        await desk.ExpectAsync(0, "user", "register", "--user", "bert");
        await using var otto = await Foreign.BeginAsync(desk, "otto");
        Task serving = otto.ServeAsync(["0\0"u8.ToArray(), new byte[100_000]], isReset: true);
        await desk.SaysAsync("broke the connection", 1, "get", "otto/film", "-o", "copy", "--user", "bert");
        await serving;
        Assert.Empty(Directory.GetFiles(scratch.Root));
    }

    [Fact]
    public async Task Who_stops_a_fetch_is_told_how_to_go_on()
    {
        using var scratch = new Scratch();
        await using CommandDesk desk = await CommandDesk.BeginAsync(scratch);
        await desk.ExpectAsync(0, "user", "register", "--user", "bert");
        await using var otto = await Foreign.BeginAsync(desk, "otto");
        await using ShoalProcess get = desk.Start("get", "otto/film", "-o", "copy", "--user", "bert");
        await otto.ServeAsync(["0\0"u8.ToArray(), new byte[100_000]], isReset: false, async () =>
        {
            get.Send(ShoalProcess.Signal.Interrupt);
            await get.ExpectAsync(1);
        });
        Assert.True(get.Output.Has("run the same command again to go on."), get.Output.ToString());
        Assert.Empty(Directory.GetFiles(scratch.Root));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_machine_that_hangs_up_without_a_reply_fails_the_fetch_in_the_shell_s_own_words(bool isReset)
    {
        using var scratch = new Scratch();
        await using CommandDesk desk = await CommandDesk.BeginAsync(scratch);
        await desk.ExpectAsync(0, "user", "register", "--user", "bert");
        await using var otto = await Foreign.BeginAsync(desk, "otto");
        Task serving = otto.ServeAsync([], isReset);
        string said = await desk.ShellAsync(
            "CONNECT bert\nLIST_USERS\nGET_FILE otto film copy\nDISCONNECT bert\n", interrupt: false);
        await serving;
        Assert.Contains("c> c> GET_FILE FAIL\nc> c> DISCONNECT OK\n", said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(scratch.Root));
    }

    private static async Task<ShoalProcess> PublishAsync(CommandDesk desk, string user, string file)
    {
        await desk.ExpectAsync(0, "user", "register", "--user", user);
        ShoalProcess publish = desk.Start("publish", file, "--user", user, "--listen", "127.0.0.1:0");
        await publish.Output.WaitForAsync("action: offer | result: success");
        return publish;
    }

    /// <summary>Kills a fetch when something of it has come; says which chunks.</summary>
    private static async Task<string[]> KillOneAsync(CommandDesk desk, Scratch scratch)
    {
        for (int attempt = 0; attempt < 10; attempt++)
        {
            string log = scratch[$"first{attempt}.log"];
            await using ShoalProcess get = desk.Start(
                "get", "anna/film.avi", "-o", "copy", "--user", "bert", "--log", log);
            await Limits.UntilAsync(() => get.HasEnded || StoredIn(log).Length > 0, "something came");
            if (!get.HasEnded)
            {
                await get.KillAsync();
                if (!File.Exists(scratch["copy"]))
                {
                    return StoredIn(log);
                }
            }

            // It was quicker than the signal.
            File.Delete(scratch["copy"]);
            await desk.ExpectAsync(0, "user", "list", "--user", "bert");
        }

        Assert.Fail("No fetch could be killed in its middle.");
        return [];
    }

    private static string[] StoredIn(string log)
    {
        if (!File.Exists(log))
        {
            return [];
        }

        using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return
        [
            .. reader.ReadToEnd().Split('\n').SkipLast(1)
                .Where(line => line.Contains("action: chunk_store | result: success", StringComparison.Ordinal)
                    && line.Contains("| bytes: ", StringComparison.Ordinal))
                .Select(line => line.Split("| chunk: ")[1].Split(' ')[0]),
        ];
    }

    /// <summary>A user of another program, whose machine says what it is told to.</summary>
    private sealed class Foreign(TcpListener listener) : IAsyncDisposable
    {
        public static async Task<Foreign> BeginAsync(CommandDesk desk, string user)
        {
            var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            Assert.True(EndpointText.TryParse(desk.Address, null, out EndpointText address));
            var caller = new Caller(new TcpTransport(new TcpOptions()), address);
            int port = ((IPEndPoint)listener.LocalEndpoint).Port;
            Assert.Equal("0\0", await caller.AskAsync($"REGISTER\0{Caller.Stamp}{user}\0"));
            Assert.Equal("0\0", await caller.AskAsync($"CONNECT\0{Caller.Stamp}{user}\0{port}\0"));
            return new Foreign(listener);
        }

        /// <summary>
        /// Says something to the first request, waits for something else, and then ends properly or not.
        /// </summary>
        public async Task ServeAsync(byte[][] says, bool isReset, Func<Task>? before = null)
        {
            while (true)
            {
                using Socket socket = await listener.AcceptSocketAsync(Stop);
                var request = new byte[100];
                if (await socket.ReceiveAsync(request, Stop) == 0)
                {
                    // The hub only looks whether somebody is here.
                    continue;
                }

                Assert.StartsWith("GET_FILE\0", System.Text.Encoding.UTF8.GetString(request), StringComparison.Ordinal);
                try
                {
                    foreach (byte[] some in says)
                    {
                        await socket.SendAsync(some, Stop);
                    }
                }
                catch (SocketException)
                {
                    // The other end could not take it all.
                }

                await (before?.Invoke() ?? Task.CompletedTask);
                socket.LingerState = new LingerOption(isReset, 0);
                return;
            }
        }

        public ValueTask DisposeAsync()
        {
            listener.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
