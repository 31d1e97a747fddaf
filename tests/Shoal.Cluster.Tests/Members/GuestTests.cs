using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;
using Shoal.Hosts.Edge;
using Shoal.Hosts.Hub;
using Shoal.Hosts.Peer;
using Shoal.Hosts.User;
using Shoal.Net.Transport;
using FetchResult = Shoal.Core.Wire.Directory.FetchResult;

namespace Shoal.Cluster.Tests.Members;

/// <summary>Members of swarms as users of the hub's directory: listed, and fetched from.</summary>
public sealed class GuestTests
{
    private const int Length = 600_000;

    private static readonly byte[] s_film = Scratch.Bytes(1, Length);

    [Fact]
    public async Task Members_are_listed_with_what_they_share_and_other_programs_fetch_it()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        desk.Folders.Write("bert/sub/film.avi", s_film);
        desk.Folders.Write("cleo/song", [1, 2, 3]);
        await ConnectAsync(desk, "otto");
        MemoryPeer bert = desk.Member("bert", options => options with { Expect = 2 });
        MemoryPeer cleo = desk.Member("cleo", options => options with { Expect = 2 });
        Dictionary<string, int> ports = await ListAsync(desk, "otto", "bert@films", "cleo@films");
        Assert.Equal("0\01\0sub/film.avi\0swarm films\0", await ContentOfAsync(desk, "otto", "bert@films"));
        Assert.Equal("0\01\0song\0swarm films\0", await ContentOfAsync(desk, "otto", "cleo@films"));
        Assert.Equal(
            "0\0" + Encoding.Latin1.GetString(s_film), await GetAsync(desk, ports["bert@films"], "sub/film.avi"));

        // What it received is others' to share, and nothing but what is shared can be had.
        await desk.UntilAsync(() => File.Exists(desk.Folders["bert/song"]), "the swarm exchanges");
        foreach (string file in new[] { "song", "film.avi", "sub", ".shoal/peer-id", "../cleo/song", "none" })
        {
            Assert.Equal("1\0", await GetAsync(desk, ports["bert@films"], file));
        }

        await bert.StopAsync();
        await bert.EndAsync();
        await ListAsync(desk, "otto", "cleo@films");
        Assert.Equal("3\0", await ContentOfAsync(desk, "otto", "bert@films"));
        Assert.False(cleo.HasEnded);
    }

    [Fact]
    public async Task Between_two_programs_of_this_make_it_comes_verified_from_members_and_users_alike()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        desk.Folders.Write("bert/film.avi", s_film);
        MemoryPeer bert = desk.Member("bert");
        await desk.OfferAsync("anna", "copy", s_film);
        ShellDesk carl = await desk.UserAsync("carl");
        await ListAsync(desk, "carl", "anna", "bert@films");
        await UntilListedAsync(desk, "carl", "bert@films", "film.avi");
        FetchAnswer answer = await desk.FetchAsync(carl, "bert@films", "film.avi", "mine");
        Assert.True(answer is { Result: FetchResult.Found, Bytes: Length }, $"{answer.Reason}\n{desk.Log}\n{bert.Log}");
        Assert.All(answer.Sources!, source => Assert.Contains(source.Key, new[] { "anna", "bert@films" }));
        Assert.Equal(s_film, await File.ReadAllBytesAsync(carl.Files["mine"], TestContext.Current.CancellationToken));
        Assert.True(desk.Log.Has("action: offer_find | result: success", "file: film.avi", "sources: 2"));
    }

    [Fact]
    public async Task A_member_alone_is_source_enough_again_and_again()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        desk.Folders.Write("bert/film.avi", s_film);
        desk.Folders.Write("bert/empty", []);
        desk.Member("bert");
        ShellDesk carl = await desk.UserAsync("carl");
        await UntilListedAsync(desk, "carl", "bert@films", "film.avi");
        for (int i = 0; i < 2; i++)
        {
            FetchAnswer answer = await desk.FetchAsync(carl, "bert@films", "film.avi", $"copy-{i}");
            Assert.Equal((FetchResult.Found, null), (answer.Result, answer.Reason));
            Assert.Equal("bert@films", Assert.Single(answer.Sources!).Key);
        }

        FetchAnswer empty = await desk.FetchAsync(carl, "bert@films", "empty", "empty");
        Assert.Equal((FetchResult.Found, 0L), (empty.Result, empty.Bytes));
        Assert.Equal(
            FetchResult.NoSuchFile, (await desk.FetchAsync(carl, "bert@films", "none", "none")).Result);
    }

    [Fact]
    public async Task A_program_of_another_make_never_hears_a_hello_of_a_member()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        desk.Folders.Write("bert/film.avi", s_film);
        desk.Member("bert");
        await ConnectAsync(desk, "otto");
        Dictionary<string, int> ports = await ListAsync(desk, "otto", "bert@films");
        using TransportConnection silent = await CallerAt(desk.Directory.Network, ports["bert@films"]).DialAsync();
        Task<int> reading = silent.Stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask();
        Assert.Equal("1\0", await GetAsync(desk, ports["bert@films"], "none"));
        Assert.False(reading.IsCompleted);
        await silent.Stream.WriteAsync("GET_FILE\0none\0"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(1, await reading);
    }

    [Fact]
    public async Task What_changed_at_a_member_is_listed_no_longer()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        desk.Folders.Write("bert/film.avi", s_film);
        desk.Folders.Write("bert/song", [1, 2, 3]);
        await ConnectAsync(desk, "otto");
        desk.Member("bert", options => options with { Expect = 2 });
        await UntilListedAsync(desk, "otto", "bert@films", "film.avi");
        await File.WriteAllBytesAsync(
            desk.Folders["bert/film.avi"], new byte[Length], TestContext.Current.CancellationToken);
        desk.Member("cleo", options => options with { Expect = 2 });
        await desk.UntilAsync(
            () => desk.Log.Has("action: withdraw") || desk.Log.Count("message: Lose") > 0, "the change is noticed");
        await desk.UntilAsync(
            async () => await ContentOfAsync(desk, "otto", "bert@films") == "0\01\0song\0swarm films\0",
            "only the other file is listed");
        Dictionary<string, int> ports = await ListAsync(desk, "otto", "bert@films", "cleo@films");
        Assert.Equal("1\0", await GetAsync(desk, ports["bert@films"], "film.avi"));
    }

    [Fact]
    public async Task What_is_behind_a_key_stays_there()
    {
        SwarmKey key = new(RandomNumberGenerator.GetBytes(SwarmKey.Size));
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync(options => options with { Key = key });
        desk.Folders.Write("bert/film.avi", s_film);
        await ConnectAsync(desk, "otto");
        MemoryPeer bert = desk.Member("bert", options => options with { Key = key, Listen = new("hub", 7100) });
        await desk.UntilAsync(() => desk.Log.Has("action: join", "name: bert"), "it joins");
        await desk.UntilAsync(() => desk.Log.Count("message: Ready") > 0, "it says all");
        Assert.Equal(["otto"], await UsersAsync(desk, "otto"));
        string answer = await GetAsync(desk, 7100, "film.avi");
        Assert.DoesNotContain(Encoding.Latin1.GetString(s_film)[..100], answer, StringComparison.Ordinal);
        Assert.False(bert.HasEnded);
    }

    [Fact]
    public async Task At_a_hub_without_a_directory_a_member_serves_its_swarm_alone()
    {
        var network = new InMemoryTransport();
        var log = new Lines("hub");
        using var folders = new Scratch();
        folders.Write("bert/film.avi", [1, 2, 3]);
        var options = new HubOptions { Listen = ExchangeDesk.Door, CloseLimit = TimeSpan.FromMilliseconds(200) };
        await using HubHost hub = await HubHost.OpenAsync(
            options, network, TimeProvider.System, log, TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        Task running = hub.RunAsync(stop.Token);
        await using (var bert = new MemoryPeer(
            new PeerOptions
            {
                Swarm = "films", Hub = ExchangeDesk.Door, Folder = folders["bert"], Name = "bert", Stay = true,
                Listen = new EndpointText("hub", 7100), CloseLimit = TimeSpan.FromMilliseconds(500),
            },
            network))
        {
            await Limits.UntilAsync(() => log.Count("message: Ready") > 0, "it is a member and has said all");
            Assert.Equal("1\0", await GetAsync(network, 7100, "film.avi"));
            Assert.False(bert.HasEnded);
        }

        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_member_that_nobody_can_dial_is_in_no_list()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        await ConnectAsync(desk, "otto");
        desk.Member("bert", options => options with { Relay = RelayUse.Always });
        desk.Member("cleo");
        await ListAsync(desk, "otto", "cleo@films");
        await desk.UntilAsync(() => desk.Log.Has("action: join", "name: bert"), "it joins");
        Assert.Equal(["otto", "cleo@films"], await UsersAsync(desk, "otto"));
    }

    // It listens, and a member of a swarm at the hub it is too, but what it serves it serves to its tier.
    [Fact]
    public async Task An_origin_is_in_no_list()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        desk.Folders.Write("origin/film.avi", s_film);
        await ConnectAsync(desk, "otto");
        using var stop = new CancellationTokenSource();
        var options = new OriginOptions
        {
            Tier = "t", Hub = ExchangeDesk.Door, Folder = desk.Folders["origin"], Name = "origin",
            Listen = new EndpointText("hub", 0), CloseLimit = TimeSpan.FromMilliseconds(300),
            Run = new TierOptions { ExpectEdges = 1, ExpectClients = 1 },
        };
        Task<OriginResult> origin = OriginHost.RunAsync(
            options, desk.Directory.Network, TimeProvider.System, desk.Log, stop.Token);
        await desk.UntilAsync(() => desk.Log.Has("action: join", "name: origin"), "it joins");
        desk.Member("cleo");
        await ListAsync(desk, "otto", "cleo@films");
        Assert.Equal(["otto", "cleo@films"], await UsersAsync(desk, "otto"));
        await stop.CancelAsync();
        await origin;
    }

    [Fact]
    public async Task The_limit_of_a_member_s_uplink_holds_for_what_users_fetch()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        desk.Folders.Write("bert/film.avi", s_film);
        desk.Member("bert", options => options with { UpLimit = 1_000_000 });
        await ConnectAsync(desk, "otto");
        await UntilListedAsync(desk, "otto", "bert@films", "film.avi");
        Dictionary<string, int> ports = await ListAsync(desk, "otto", "bert@films");
        long begun = TimeProvider.System.GetTimestamp();
        await GetAsync(desk, ports["bert@films"], "film.avi");
        Assert.True(TimeProvider.System.GetElapsedTime(begun) > TimeSpan.FromSeconds(0.5));
    }

    private static async Task ConnectAsync(ExchangeDesk desk, string user)
    {
        Assert.Equal("0\0", await desk.Directory.AskAsync("REGISTER", user));
        Assert.Equal("0\0", await desk.Directory.AskAsync("CONNECT", user, "7000"));
    }

    private static async Task<string[]> UsersAsync(ExchangeDesk desk, string caller)
    {
        string[] cells = (await desk.Directory.AskAsync("LIST_USERS", caller)).Split('\0')[2..^1];
        return [.. cells.Chunk(3).Select(row => row[0])];
    }

    /// <summary>Waits until these are listed beside the one who asks, and nobody else.</summary>
    private static async Task<Dictionary<string, int>> ListAsync(
        ExchangeDesk desk, string caller, params string[] users)
    {
        await desk.UntilAsync(
            async () => new HashSet<string>(await UsersAsync(desk, caller)).SetEquals([caller, .. users]),
            $"{string.Join(", ", users)} are listed");
        string[] cells = (await desk.Directory.AskAsync("LIST_USERS", caller)).Split('\0')[2..^1];
        return cells.Chunk(3).ToDictionary(row => row[0], row => int.Parse(row[2], CultureInfo.InvariantCulture));
    }

    private static Task<string> ContentOfAsync(ExchangeDesk desk, string caller, string user) =>
        desk.Directory.AskAsync("LIST_CONTENT", caller, user);

    private static Task UntilListedAsync(ExchangeDesk desk, string caller, string user, string file) =>
        desk.UntilAsync(
        async () => (await ContentOfAsync(desk, caller, user)).Contains($"\0{file}\0", StringComparison.Ordinal),
        $"{file} of {user} is listed");

    private static Caller CallerAt(ITransport network, int port) => new(network, new EndpointText("hub", port));

    private static Task<string> GetAsync(ExchangeDesk desk, int port, string file) =>
        GetAsync(desk.Directory.Network, port, file);

    private static async Task<string> GetAsync(ITransport network, int port, string file)
    {
        using TransportConnection connection = await CallerAt(network, port).DialAsync();
        await connection.Stream.WriteAsync(
            Encoding.UTF8.GetBytes($"GET_FILE\0{file}\0"), TestContext.Current.CancellationToken);
        var reply = new MemoryStream();
        await connection.Stream.CopyToAsync(reply, TestContext.Current.CancellationToken)
            .WaitAsync(Limits.Wait, TestContext.Current.CancellationToken);
        return Encoding.Latin1.GetString(reply.ToArray());
    }
}
