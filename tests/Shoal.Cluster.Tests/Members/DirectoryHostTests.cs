using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.Members;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Members;

/// <summary>The hub's directory as its clients see it.</summary>
public sealed class DirectoryHostTests
{
    [Theory]
    [InlineData(DirectoryStyle.AsciiNul, "0\0", "0\0" + "1\0anna\0hub\07000\0", "0\0" + "1\0film\0a film\0", "1\0")]
    [InlineData(DirectoryStyle.Raw, "\0", "\0" + "1\0anna\0hub\07000\0", "\0" + "1\0film\0", "\u0001")]
    [InlineData(DirectoryStyle.AsciiBare, "0", "01\0anna\0hub\07000\0", "01\0film\0a film\0", "1")]
    public async Task A_life_in_every_style(
        DirectoryStyle style, string done, string users, string contents, string stranger)
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync(o => o with { Style = style });
        Assert.Equal(done, await directory.AskAsync("REGISTER", "anna"));
        Assert.Equal(done, await directory.AskAsync("CONNECT", "anna", "7000"));
        Assert.Equal(done, await directory.AskAsync("PUBLISH", "anna", "film", "a film"));
        Assert.Equal(users, await directory.AskAsync("LIST_USERS", "anna"));
        Assert.Equal(contents, await directory.AskAsync("LIST_CONTENT", "anna", "anna"));
        Assert.Equal(stranger, await directory.AskAsync("LIST_USERS", "bert"));
        Assert.Equal(done, await directory.AskAsync("DELETE", "anna", "film"));
        Assert.Equal(done, await directory.AskAsync("DISCONNECT", "anna"));
        Assert.Equal(done, await directory.AskAsync("UNREGISTER", "anna"));
        Assert.Equal(stranger, await directory.AskAsync("UNREGISTER", "anna"));
    }

    [Fact]
    public async Task What_it_prints_is_what_others_print()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        await directory.AskAsync("REGISTER", "anna");
        await directory.AskAsync("LIST USERS", "anna");
        Assert.Equal(
            ["s> init server hub:9998", "s> REGISTER FROM anna", "s> LIST_USERS FROM anna"], directory.Printed.All);
        await directory.StopAsync();
        await directory.StartAsync(o => o with { LineForm = RequestLineForm.Full });
        await directory.AskAsync("CONNECT", "anna", "1");
        Assert.Equal("s> OPERATION CONNECT FROM anna", directory.Printed.All[^1]);
    }

    [Fact]
    public async Task A_request_may_come_byte_by_byte()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        Assert.Equal("0\0", await directory.Caller.DripAsync($"REGISTER\0{Caller.Stamp}anna\0"));
        Assert.Equal("1\0", await directory.Caller.DripAsync("REGISTER\nanna\0"));
    }

    [Theory]
    [InlineData("REGISTER\0an na\0", "2\0")]
    [InlineData("UNREGISTER\0\0", "2\0")]
    [InlineData("CONNECT\0anna\00\0", "3\0")]
    [InlineData("CONNECT\0anna\070000\0", "3\0")]
    [InlineData("PUBLISH\0anna\0a\u0001b\0\0", "4\0")]
    [InlineData("DELETE\0anna\0a b\0", "4\0")]
    [InlineData("LIST_USERS\0\0", "3\0")]
    [InlineData("LIST_CONTENT\0anna\0\n\0", "4\0")]
    [InlineData("DISCONNECT\0\t\0", "3\0")]
    public async Task A_wrong_field_gets_the_last_code_and_a_line_in_the_log(string request, string reply)
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        await directory.AskAsync("REGISTER", "anna");
        Assert.Equal(reply, await directory.Caller.AskAsync(request));
        await directory.Log.WaitForAsync("action: directory_request | result: fail", request.Split('\0')[0]);
    }

    [Fact]
    public async Task An_unknown_word_gets_no_reply_and_a_line_in_the_log()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        Assert.Equal("", await directory.Caller.AskAsync("HELLO\0anna\0"));
        Assert.Equal("", await directory.Caller.AskAsync("GET / HTTP/1.1\r\n\r\n"));
        await directory.Log.WaitForAsync("action: directory_accept | result: fail", "no operation");
    }

    [Theory]
    [InlineData("REGISTER\0", "2\0")]
    [InlineData("REGISTER\0anna", "2\0")]
    [InlineData("CONNECT\0anna\0", "3\0")]
    [InlineData("PUBLISH\0anna\0film\0about", "4\0")]
    [InlineData("REGIS", "")]
    [InlineData("", "")]
    public async Task Half_a_request_and_then_the_end_or_silence_gets_the_last_code(string request, string reply)
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync(
            o => o with { SilenceLimit = TimeSpan.FromSeconds(1) });
        Assert.Equal(reply, await directory.Caller.AskAsync(request));
        using TransportConnection connection = await directory.Caller.DialAsync();
        await connection.Stream.WriteAsync(
            System.Text.Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        connection.FinishSending();
        Assert.Equal(reply, await Caller.ReadAsync(connection));
    }

    [Fact]
    public async Task Who_sends_a_byte_now_and_then_is_not_waited_for_for_ever()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync(
            o => o with { RequestLimit = TimeSpan.FromSeconds(2) });
        using TransportConnection connection = await directory.Caller.DialAsync();
        Task<string> reply = Caller.ReadAsync(connection);
        byte[] start = [.. "REGISTER\0"u8];
        await connection.Stream.WriteAsync(start, TestContext.Current.CancellationToken);
        while (!reply.IsCompleted)
        {
            try
            {
                await connection.Stream.WriteAsync("a"u8.ToArray(), TestContext.Current.CancellationToken);
            }
            catch (IOException)
            {
                break;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal("2\0", await reply);
    }

    [Fact]
    public async Task A_restart_keeps_users_and_publications_and_disconnects_everybody()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        await directory.AskAsync("REGISTER", "anna");
        await directory.AskAsync("CONNECT", "anna", "7000");
        await directory.AskAsync("PUBLISH", "anna", "film", "");
        await directory.AskAsync("PUBLISH", "anna", "book", "\"ünï\" code ");
        await directory.StopAsync();
        await directory.StartAsync();
        Assert.Equal("2\0", await directory.AskAsync("LIST_USERS", "anna"));
        Assert.Equal("0\0", await directory.AskAsync("CONNECT", "anna", "7000"));
        Assert.Equal(
            "0\0" + "2\0film\0\0book\0\"ünï\" code \0", await directory.AskAsync("LIST_CONTENT", "anna", "anna"));
    }

    [Fact]
    public async Task Where_the_store_fails_only_what_needs_it_is_refused_and_nothing_is_lost()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        await directory.AskAsync("REGISTER", "anna");
        await directory.AskAsync("CONNECT", "anna", "7000");
        await directory.AskAsync("PUBLISH", "anna", "film", "");
        directory.Store.Failure = _ => "No space left on device";
        Task<string>[] failing =
        [
            .. Enumerable.Range(0, 20).Select(i => directory.AskAsync("REGISTER", $"user{i}")),
            directory.AskAsync("PUBLISH", "anna", "book", ""),
            directory.AskAsync("DELETE", "anna", "film"),
        ];
        Assert.Equal("0\0" + "1\0film\0\0", await directory.AskAsync("LIST_CONTENT", "anna", "anna"));
        string[] replies = await Task.WhenAll(failing);
        Assert.Equal([.. Enumerable.Repeat("2\0", 20), "4\0", "4\0"], replies);
        Assert.Equal("0\0", await directory.AskAsync("DISCONNECT", "anna"));
        Assert.Equal("0\0", await directory.AskAsync("CONNECT", "anna", "7001"));
        await directory.Log.WaitForAsync("action: directory_store | result: fail", "No space left");

        directory.Store.Failure = _ => null;
        Assert.Equal("0\0", await directory.AskAsync("REGISTER", "user0"));
        Assert.Equal("0\0" + "1\0anna\0hub\07001\0", await directory.AskAsync("LIST_USERS", "anna"));
        Assert.Equal("0\0" + "1\0film\0\0", await directory.AskAsync("LIST_CONTENT", "anna", "anna"));
    }

    [Fact]
    public async Task One_that_cannot_be_stored_does_not_fail_those_beside_it()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        directory.Store.Failure = changes => changes.OfType<DirectoryChange.Registered>()
            .Any(change => change.User.Value == "user7") ? "no" : null;
        string[] replies = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(i => directory.AskAsync("REGISTER", $"user{i}")));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => i == 7 ? "2\0" : "0\0"), replies);
    }

    [Fact]
    public async Task Idle_and_slow_connections_cost_nobody_else()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync(
            o => o with { SilenceLimit = TimeSpan.FromHours(1), RequestLimit = TimeSpan.FromHours(1) });
        var idle = new List<TransportConnection>();
        for (int i = 0; i < 5000; i++)
        {
            idle.Add(await directory.Caller.DialAsync());
        }

        await Limits.UntilAsync(() => directory.Host.OpenConnections == 5000, "all are in");
        Assert.Equal("0\0", await directory.AskAsync("REGISTER", "anna"));
        Assert.Equal("0\0", await directory.AskAsync("CONNECT", "anna", "7000"));
        idle.ForEach(connection => connection.Dispose());
        await Limits.UntilAsync(() => directory.Host.OpenConnections == 0, "all are out");
    }

    [Fact]
    public async Task One_connection_too_many_is_closed_without_a_word()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync(o => o with { MostConnections = 2 });
        using TransportConnection first = await directory.Caller.DialAsync();
        using TransportConnection second = await directory.Caller.DialAsync();
        await Limits.UntilAsync(() => directory.Host.OpenConnections == 2, "both are in");
        using TransportConnection third = await directory.Caller.DialAsync();
        Assert.Equal("", await Caller.ReadAsync(third));
        await directory.Log.WaitForAsync("action: directory_accept | result: fail", "2 connections are open");
        first.Dispose();
        await Limits.UntilAsync(() => directory.Host.OpenConnections == 1, "there is room again");
        Assert.Equal("0\0", await directory.AskAsync("REGISTER", "anna"));
    }

    [Fact]
    public async Task A_connection_that_is_gone_before_its_reply_disturbs_nobody()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        for (int i = 0; i < 50; i++)
        {
            using TransportConnection connection = await directory.Caller.DialAsync();
            byte[] request = System.Text.Encoding.ASCII.GetBytes($"REGISTER\0user{i}\0");
            await connection.Stream.WriteAsync(request, TestContext.Current.CancellationToken);
        }

        Assert.Equal("0\0", await directory.AskAsync("REGISTER", "anna"));
        Assert.False(directory.Log.Has("action: directory | result: fail"), directory.Log.ToString());
    }

    [Fact]
    public async Task A_machine_that_no_longer_listens_is_found_out()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync(o => o with
        {
            Directory = new UserDirectoryOptions { ProbeInterval = TimeSpan.FromMilliseconds(20) },
        });
        ITransportListener machine = await directory.Network.ListenAsync(
            new EndpointText("hub", 7000), TestContext.Current.CancellationToken);
        await directory.AskAsync("REGISTER", "anna");
        await directory.AskAsync("REGISTER", "bert");
        await directory.AskAsync("CONNECT", "anna", "7000");
        await directory.AskAsync("CONNECT", "bert", "7001");
        await directory.Log.WaitForAsync("action: user_vanish", "user: bert");
        Assert.Equal("0\0" + "1\0anna\0hub\07000\0", await directory.AskAsync("LIST_USERS", "anna"));
        await machine.DisposeAsync();
        await directory.Log.WaitForAsync("action: user_vanish", "user: anna");
        Assert.Equal("2\0", await directory.AskAsync("LIST_USERS", "anna"));
    }
}
