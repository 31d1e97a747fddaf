using System.Globalization;
using System.Text;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.User;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Members;

/// <summary>A user's machine as others see it, and theirs as it sees them.</summary>
public sealed class UserHostTests
{
    private static readonly EndpointText s_machine = new("hub", 7000);

    [Theory]
    [InlineData(DirectoryStyle.AsciiNul, "0\0", "1\0")]
    [InlineData(DirectoryStyle.AsciiBare, "0\0", "1\0")]
    [InlineData(DirectoryStyle.Raw, "\0" + "5\0", "\u0001")]
    public async Task A_file_in_every_style(DirectoryStyle style, string before, string none)
    {
        await using Machine machine = await Machine.BeginAsync(o => o with { Style = style });
        machine.Desk.Files.Write("film", "hello"u8.ToArray());
        machine.Desk.Files.Write("empty", []);
        await machine.PublishAsync("film");
        await machine.PublishAsync("empty");
        Assert.Equal(before + "hello", await machine.Caller.AskAsync("GET_FILE\0film\0"));
        Assert.Equal(before + "hello", await machine.Caller.AskAsync("GET_FILE\nfilm\0"));
        Assert.Equal(before + "hello", await machine.Caller.DripAsync("GET_FILE\0film\0"));
        Assert.Equal(before.Replace('5', '0'), await machine.Caller.AskAsync("GET_FILE\0empty\0"));
        Assert.Equal(none, await machine.Caller.AskAsync("GET_FILE\0none\0"));
    }

    [Fact]
    public async Task What_was_not_published_is_not_there()
    {
        await using Machine machine = await Machine.BeginAsync();
        Scratch files = machine.Desk.Files;
        files.Write("film", [1]);
        files.Write("folder/inner", "x"u8.ToArray());
        files.Write("secret", [2]);
        File.CreateSymbolicLink(files["link"], files["secret"]);
        Directory.CreateSymbolicLink(files["way"], files["folder"]);
        string[] published =
        [
            "folder", "link", "way/inner", "../etc/passwd", "/etc/passwd", files["secret"], "folder/../secret", ".",
            "..", "./secret", "folder/inner", ".shoal/journal", "gone",
        ];
        foreach (string name in published)
        {
            await machine.PublishAsync(name);
        }

        foreach (string name in published.Append("film").Append("Film").Append("a b").Append("").Append("\u0001"))
        {
            string expected = name == "folder/inner" ? "0\0x" : "1\0";
            Assert.Equal((name, expected), (name, await machine.Caller.AskAsync($"GET_FILE\0{name}\0")));
        }

        Assert.Equal("1\0", await machine.Caller.AskAsync($"GET_FILE\0{new string('n', 255)}\0"));
    }

    [Theory]
    [InlineData("GET_FILE\0film")]
    [InlineData("GET")]
    [InlineData("")]
    [InlineData("HELLO\0film\0")]
    public async Task What_is_no_request_gets_no_answer(string request)
    {
        await using Machine machine = await Machine.BeginAsync(
            o => o with { RequestLimit = TimeSpan.FromMilliseconds(50) });
        Assert.Equal("", await machine.Caller.AskAsync(request));
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_no_file()
    {
        await using Machine machine = await Machine.BeginAsync();
        Assert.Equal("1\0", await machine.Caller.AskAsync($"GET_FILE\0{new string('n', 256)}\0"));
        Assert.Equal("1\0", await machine.Caller.AskAsync($"GET_FILE\0{new string('n', 1000)}\0"));
        Assert.Equal("1\0", await machine.Caller.AskAsync([.. "GET_FILE\0"u8, 0xFF, 0xFE, 0]));
    }

    [Fact]
    public async Task Slow_ones_cost_nobody_else()
    {
        await using Machine machine = await Machine.BeginAsync();
        byte[] content = Scratch.Bytes(7, 4 * InMemoryTransport.BufferBytes);
        machine.Desk.Files.Write("film", content);
        await machine.PublishAsync("film");
        var slow = new List<TransportConnection>();
        for (int i = 0; i < 50; i++)
        {
            TransportConnection connection = await machine.Caller.DialAsync();
            await connection.Stream.WriteAsync(
                "GET_FILE\0film\0"u8.ToArray(), TestContext.Current.CancellationToken);
            slow.Add(connection);
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            string target = machine.Desk.Files[$"copy{i}"];
            FetchAnswer answer = await machine.FetchAsync("film", target);
            Assert.Equal((FetchResult.Found, null), (answer.Result, answer.Reason));
            Assert.Equal(content, await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken));
        }));
        slow.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task Who_takes_nothing_for_long_is_sent_nothing_more()
    {
        await using Machine machine = await Machine.BeginAsync(
            o => o with { FileSilenceLimit = TimeSpan.FromMilliseconds(100) });
        machine.Desk.Files.Write("film", 7, 4 * InMemoryTransport.BufferBytes);
        await machine.PublishAsync("film");
        using TransportConnection connection = await machine.Caller.DialAsync();
        await connection.Stream.WriteAsync(
            "GET_FILE\0film\0"u8.ToArray(), TestContext.Current.CancellationToken);
        await machine.Directory.Log.WaitForAsync("action: file_serve | result: fail", "file: film");
    }

    [Fact]
    public async Task One_connection_too_many_is_closed()
    {
        await using Machine machine = await Machine.BeginAsync(
            o => o with { MostConnections = 1, RequestLimit = TimeSpan.FromMinutes(1) });
        using TransportConnection first = await machine.Caller.DialAsync();
        using TransportConnection second = await machine.Caller.DialAsync();
        await first.Stream.WriteAsync("GET"u8.ToArray(), TestContext.Current.CancellationToken);
        await second.Stream.WriteAsync("GET"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal("", await await Task.WhenAny(Caller.ReadAsync(first), Caller.ReadAsync(second)));
        await machine.Directory.Log.WaitForAsync("action: file_serve | result: fail", "1 connections are open already");
    }

    [Theory]
    [InlineData("0\0hello", FetchResult.Found, "hello")]
    [InlineData("0hello", FetchResult.Found, "hello")]
    [InlineData("0\0", FetchResult.Found, "")]
    [InlineData("0", FetchResult.Found, "")]
    [InlineData("\0" + "5\0hello", FetchResult.Found, "hello")]
    [InlineData("\0" + "5\0hello and more", FetchResult.Found, "hello")]
    [InlineData("\0" + "0\0", FetchResult.Found, "")]
    [InlineData("\0" + "6\0hello", FetchResult.Refused, null)]
    [InlineData("\0many\0hello", FetchResult.Refused, null)]
    [InlineData("\0" + "5", FetchResult.Refused, null)]
    [InlineData("", FetchResult.Refused, null)]
    [InlineData("nonsense", FetchResult.Refused, null)]
    [InlineData("1\0", FetchResult.NoSuchFile, null)]
    [InlineData("1", FetchResult.NoSuchFile, null)]
    [InlineData("\u0001", FetchResult.NoSuchFile, null)]
    [InlineData("2\0", FetchResult.Refused, null)]
    [InlineData("\u0002", FetchResult.Refused, null)]
    public async Task Replies_of_other_programs_are_understood_however_they_come(
        string reply, FetchResult result, string? content)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(reply);
        for (int split = 0; split <= bytes.Length; split++)
        {
            await using Machine machine = await Machine.BeginAsync();
            await using ITransportListener foreign = await machine.ListenAsync();
            Task serving = ServeAsync(foreign, bytes[..split], bytes[split..]);
            string target = machine.Desk.Files["copy"];
            FetchAnswer answer = await machine.FetchAsync("film", target, foreign.Local.Port);
            await serving;
            Assert.Equal(result, answer.Result);
            string? came = File.Exists(target) ? await File.ReadAllTextAsync(target, CancellationToken.None) : null;
            Assert.Equal(content, came);
            Assert.Equal(result == FetchResult.Found, answer.Reason is null);
            Assert.DoesNotContain(Directory.EnumerateFiles(machine.Desk.Files.Root), path =>
                Path.GetFileName(path).StartsWith(".shoal", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("0\0hello", "hello", true)]
    [InlineData("0\0hello", "hellO", false)]
    [InlineData("0\0hello", "hell", false)]
    [InlineData("0\0hello", "hello and more", false)]
    [InlineData("0\0hello", "", false)]
    [InlineData("0\0", "", true)]
    [InlineData("0\0", "hello", false)]
    [InlineData("\0" + "5\0hello and more", "hello", true)]
    [InlineData("\0" + "5\0hello", "hello and more", false)]
    [InlineData("\0" + "0\0", "", true)]
    public async Task A_file_that_is_there_is_kept_where_that_was_asked_however_the_same_or_another_comes(
        string reply, string there, bool isSame)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(reply);
        for (int split = 0; split <= bytes.Length; split++)
        {
            await using Machine machine = await Machine.BeginAsync();
            await using ITransportListener foreign = await machine.ListenAsync();
            Task serving = ServeAsync(foreign, bytes[..split], bytes[split..]);
            string target = machine.Desk.Files.Write("copy", Encoding.UTF8.GetBytes(there));
            FetchAnswer answer = await machine.FetchAsync("film", target, foreign.Local.Port, replaces: false);
            await serving;
            Assert.Equal((isSame, !isSame), (answer.Result == FetchResult.Found, answer.IsTaken));
            Assert.Equal(there, await File.ReadAllTextAsync(target, CancellationToken.None));
            Assert.DoesNotContain(Directory.EnumerateFiles(machine.Desk.Files.Root), path =>
                Path.GetFileName(path).StartsWith(".shoal", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_machine_that_says_nothing_is_given_up()
    {
        await using Machine machine = await Machine.BeginAsync(
            o => o with { FileSilenceLimit = TimeSpan.FromMilliseconds(50) });
        await using ITransportListener foreign = await machine.ListenAsync();
        FetchAnswer answer = await machine.FetchAsync("film", machine.Desk.Files["copy"], foreign.Local.Port);
        Assert.Equal(FetchResult.Refused, answer.Result);
        Assert.Contains("sent nothing for", answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_written_says_where()
    {
        await using Machine machine = await Machine.BeginAsync();
        machine.Desk.Files.Write("film", [1]);
        await machine.PublishAsync("film");
        machine.Desk.Files.Folder("folder");
        FetchAnswer answer = await machine.FetchAsync("film", machine.Desk.Files["folder"]);
        Assert.Equal(FetchResult.Refused, answer.Result);
        Assert.Contains(machine.Desk.Files["folder"], answer.Reason, StringComparison.Ordinal);
        Assert.Contains(
            "film",
            (await machine.FetchAsync("film", machine.Desk.Files["film/inner"])).Reason,
            StringComparison.Ordinal);
    }

    private static async Task ServeAsync(ITransportListener listener, byte[] first, byte[] second)
    {
        using TransportConnection connection = (await listener.AcceptAsync(CancellationToken.None))!;
        byte[] request = new byte[100];
        int read = await connection.Stream.ReadAsync(request);
        Assert.Equal("GET_FILE\0film\0", Encoding.UTF8.GetString(request, 0, read));
        try
        {
            await connection.Stream.WriteAsync(first);
            await Task.Yield();
            await connection.Stream.WriteAsync(second);
        }
        catch (IOException)
        {
            // The other end had heard enough.
        }
    }

    /// <summary>A user whose machine listens at a known place.</summary>
    private sealed class Machine(MemoryDirectory directory, ShellDesk desk) : IAsyncDisposable
    {
        public MemoryDirectory Directory { get; } = directory;

        public ShellDesk Desk { get; } = desk;

        public Caller Caller => new(Directory.Network, s_machine);

        public static async Task<Machine> BeginAsync(Func<UserOptions, UserOptions>? adjust = null)
        {
            MemoryDirectory directory = await MemoryDirectory.BeginAsync();
            var desk = new ShellDesk(directory, options =>
            {
                options = options with { Listen = s_machine };
                return adjust?.Invoke(options) ?? options;
            });
            Assert.Equal("c> REGISTER OK\n", await desk.RunAsync("REGISTER anna"));
            Assert.Equal("c> CONNECT OK\n", await desk.RunAsync("CONNECT anna"));
            return new Machine(directory, desk);
        }

        public async Task PublishAsync(string name) =>
            Assert.Equal("c> PUBLISH OK\n", await Desk.RunAsync($"PUBLISH {name} x"));

        public ValueTask<ITransportListener> ListenAsync() => Directory.Network.ListenAsync(
            new EndpointText("hub", 0), TestContext.Current.CancellationToken);

        /// <summary>Fetches as another user would, from this machine or one at another port.</summary>
        public async Task<FetchAnswer> FetchAsync(
            string file, string target, int port = 7000, bool replaces = true)
        {
            string owner = "o" + Path.GetFileName(target) + port.ToString(CultureInfo.InvariantCulture);
            await Directory.AskAsync("REGISTER", owner);
            await Directory.AskAsync("CONNECT", owner, port.ToString(CultureInfo.InvariantCulture));
            await using var other = new ShellDesk(
                Directory,
                o => o with { FileSilenceLimit = Desk.Options.FileSilenceLimit, ReplacesFiles = replaces });
            await other.RunAsync($"REGISTER by-{owner}");
            await other.RunAsync($"CONNECT by-{owner}");
            await other.RunAsync("LIST_USERS");
            return await other.Session.FetchAsync(owner, file, target, _ => { }, TestContext.Current.CancellationToken)
                .WaitAsync(Limits.Wait);
        }

        public async ValueTask DisposeAsync()
        {
            await Desk.DisposeAsync();
            await Directory.DisposeAsync();
        }
    }
}
