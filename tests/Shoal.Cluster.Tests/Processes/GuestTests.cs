using System.Text;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Roster;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>Members of a swarm, each a process, and users of the directory of the same hub.</summary>
public sealed class GuestTests
{
    [Fact]
    public async Task What_members_share_is_listed_and_fetched_by_programs_of_this_and_of_another_make()
    {
        await using ProcessDirectory hub = await ProcessDirectory.BeginAsync();
        string swarm = ProcessSwarm.FieldOf(await hub.Hub.Output.WaitForAsync("action: hub_listen"), "address");
        hub.Scratch.Write("anna/film.avi", 1, 1_000_000);
        hub.Scratch.Write("bert/song", 2, 1000);
        await using ShoalProcess anna = Join(hub, swarm, "anna");
        await using ShoalProcess bert = Join(hub, swarm, "bert");
        await using ProcessDirectory.Machine otto = await hub.ConnectAsync("otto");
        string[] row = await RowOfAsync(hub, "anna@films");
        Assert.Equal("127.0.0.1", row[1]);
        await Limits.UntilAsync(() => File.Exists(hub.Scratch["bert/film.avi"]), "the swarm exchanges");
        Assert.Equal("0\01\0film.avi\0swarm films\0", await hub.AskAsync("LIST_CONTENT", "otto", "anna@films"));
        Assert.Equal("0\01\0song\0swarm films\0", await hub.AskAsync("LIST_CONTENT", "otto", "bert@films"));

        // A program of another make: a request, and what comes until the connection closes.
        Assert.True(EndpointText.TryParse($"{row[1]}:{row[2]}", null, out EndpointText address));
        byte[] reply = await FetchAsync(address, "film.avi");
        byte[] film = await File.ReadAllBytesAsync(
            hub.Scratch["anna/film.avi"], TestContext.Current.CancellationToken);
        Assert.Equal([.. "0\0"u8, .. film], reply);
        Assert.Equal("1\0"u8.ToArray(), await FetchAsync(address, "song"));

        // Programs of this make, by name.
        await RunAsync(hub, "user", "register", "--user", "carl");
        Assert.Contains(
            "anna@films/film.avi\tswarm films", await RunAsync(hub, "search", "film", "--user", "carl"),
            StringComparison.Ordinal);
        Assert.Contains(
            "verified, from anna@films",
            await RunAsync(hub, "get", "anna@films/film.avi", "-o", hub.Scratch["copy"], "--user", "carl"),
            StringComparison.Ordinal);
        Assert.Equal(film, await File.ReadAllBytesAsync(hub.Scratch["copy"], TestContext.Current.CancellationToken));

        // One that is killed vanishes when its lease is over, or sooner.
        await anna.KillAsync();
        await Limits.UntilAsync(
            async () => !(await hub.AskAsync("LIST_USERS", "otto")).Contains("anna@films", StringComparison.Ordinal),
            "she is in no list any more");
        bert.Send(ShoalProcess.Signal.Interrupt);
        await bert.ExpectAsync(0);
    }

    private static ShoalProcess Join(ProcessDirectory hub, string swarm, string name) => ShoalProcess.Start(
        name, "join", "films", "--hub", swarm, "--dir", hub.Scratch[name], "--name", name, "--expect", "2", "--stay");

    private static async Task<string[]> RowOfAsync(ProcessDirectory hub, string user)
    {
        string[] cells = [];
        await Limits.UntilAsync(
            async () =>
            {
                cells = (await hub.AskAsync("LIST_USERS", "otto")).Split('\0');
                return cells.Contains(user);
            },
            $"{user} is listed");
        int at = Array.IndexOf(cells, user);
        return cells[at..(at + 3)];
    }

    private static async Task<byte[]> FetchAsync(EndpointText address, string file)
    {
        var caller = new Caller(new TcpTransport(new TcpOptions()), address);
        using TransportConnection connection = await caller.DialAsync();
        await connection.Stream.WriteAsync(
            Encoding.UTF8.GetBytes($"GET_FILE\0{file}\0"), TestContext.Current.CancellationToken);
        var reply = new MemoryStream();
        await connection.Stream.CopyToAsync(reply, TestContext.Current.CancellationToken)
            .WaitAsync(Limits.Wait, TestContext.Current.CancellationToken);
        return reply.ToArray();
    }

    private static async Task<string> RunAsync(ProcessDirectory hub, params string[] arguments)
    {
        await using ShoalProcess command = ShoalProcess.Start(
            arguments[0], [.. arguments, "--hub", hub.Address.ToString()]);
        await command.ExpectAsync(0);
        return string.Join('\n', command.Output.All);
    }
}
