using System.Text;
using Microsoft.Win32.SafeHandles;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Core.Wire.Exchange;
using Shoal.Core.Wire.Handshake;
using Shoal.Hosts.Peer;
using Shoal.Hosts.User;
using Shoal.Net.Frames;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Members;

/// <summary>What users of the same make fetch from each other: in chunks, verified, from all who have it.</summary>
public sealed class OfferTests
{
    private const int Length = 1_000_000;
    private const int ChunkSize = 131_072;

    private static readonly byte[] s_film = Scratch.Bytes(1, Length);

    [Fact]
    public async Task A_file_comes_verified_and_nothing_else_is_left()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        await desk.OfferAsync("anna", "film.avi", s_film);
        ShellDesk carl = await desk.UserAsync("carl");
        FetchAnswer answer = await desk.FetchAsync(carl, "anna", "film.avi", "copy");
        Assert.Equal((FetchResult.Found, Length, null), (answer.Result, answer.Bytes, answer.Reason));
        KeyValuePair<string, long> source = Assert.Single(answer.Sources!);
        Assert.Equal(("anna", Length), (source.Key, source.Value));
        Assert.Equal(s_film, await File.ReadAllBytesAsync(carl.Files["copy"], TestContext.Current.CancellationToken));
        Assert.Equal([carl.Files["copy"]], Directory.GetFileSystemEntries(carl.Files.Root));
    }

    [Fact]
    public async Task A_user_who_leaves_has_ended_the_exchange_and_not_lost_it()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        ShellDesk anna = await desk.OfferAsync("anna", "film.avi", s_film);
        Assert.Equal("c> DISCONNECT OK\n", await anna.RunAsync("DISCONNECT anna"));
        Assert.True(desk.Log.Has("action: exchange_end | result: success", "user: anna"), desk.Log.ToString());

        ShellDesk bert = await desk.OfferAsync("bert", "copy.avi", s_film);
        await bert.Session.DisposeAsync();
        Assert.True(desk.Log.Has("action: exchange_end | result: success", "user: bert"), desk.Log.ToString());
        Assert.False(desk.Log.Has("action: exchange | result: fail"), desk.Log.ToString());
    }

    [Fact]
    public async Task In_the_shell_too_and_a_file_that_is_there_is_replaced()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        await desk.OfferAsync("anna", "film.avi", s_film);
        ShellDesk carl = await desk.UserAsync("carl");
        carl.Files.Write("copy", [1, 2, 3]);
        await carl.RunAsync("LIST_USERS");
        Assert.Equal("c> GET_FILE OK\n", await carl.RunAsync("GET_FILE anna film.avi copy"));
        Assert.Equal(s_film, await File.ReadAllBytesAsync(carl.Files["copy"], TestContext.Current.CancellationToken));
        Assert.True(desk.Log.Has("action: offer_find | result: success", "file: film.avi", "sources: 1"));
        Assert.Equal("c> GET_FILE FAIL / FILE NOT EXIST\n", await carl.RunAsync("GET_FILE anna none copy"));
    }

    [Fact]
    public async Task All_who_have_the_same_are_sources_and_what_one_of_them_spoils_comes_from_another()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        ShellDesk anna = await desk.OfferAsync("anna", "film.avi", s_film);
        await desk.OfferAsync("bert", "copy-of-it", s_film);
        Overwrite(anna.Files["film.avi"], new byte[Length]);
        ShellDesk carl = await desk.UserAsync("carl");
        FetchAnswer answer = await desk.FetchAsync(carl, "anna", "film.avi", "copy");
        Assert.Equal((FetchResult.Found, null), (answer.Result, answer.Reason));
        Assert.Equal("bert", Assert.Single(answer.Sources!).Key);
        Assert.Equal(s_film, await File.ReadAllBytesAsync(carl.Files["copy"], TestContext.Current.CancellationToken));
        Assert.True(desk.Log.Has("action: offer_find | result: success", "sources: 2"));
    }

    [Fact]
    public async Task Where_the_first_source_to_come_has_lost_it_the_next_one_gives_it()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        ShellDesk anna = await desk.OfferAsync("anna", "film.avi", s_film);
        ShellDesk bert = await desk.OfferAsync("bert", "copy-of-it", s_film);
        var annaMayCome = new TaskCompletionSource();
        anna.Sent.MayDial = annaMayCome.Task;
        bert.Files.Write("copy-of-it", [1, 2, 3]);
        ShellDesk carl = await desk.UserAsync("carl");
        Task<FetchAnswer> fetching = desk.FetchAsync(carl, "anna", "film.avi", "copy");

        // Nobody else has come yet who has it; the hub has told carl so before anna may come.
        await desk.UntilAsync(
            () => desk.Log.Has("action: withdraw | result: success | swarm: offer:"), "bert has lost it");
        annaMayCome.SetResult();
        FetchAnswer answer = await fetching;
        Assert.Equal((FetchResult.Found, null), (answer.Result, answer.Reason));
        Assert.Equal("anna", Assert.Single(answer.Sources!).Key);
        Assert.Equal(s_film, await File.ReadAllBytesAsync(carl.Files["copy"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_that_is_there_is_kept_where_that_was_asked_and_the_same_need_not_come()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        await desk.OfferAsync("anna", "film.avi", s_film);
        ShellDesk carl = await desk.UserAsync("carl", options => options with { ReplacesFiles = false });
        byte[] other = [.. s_film[..^1], (byte)(s_film[^1] + 1)];
        foreach (byte[] there in new[] { [], [1, 2, 3], other })
        {
            carl.Files.Write("copy", there);
            FetchAnswer refused = await desk.FetchAsync(carl, "anna", "film.avi", "copy");
            Assert.Equal((FetchResult.Refused, true, false), (refused.Result, refused.IsTaken, refused.IsKept));
            Assert.Contains($"{carl.Files["copy"]} is there already", refused.Reason, StringComparison.Ordinal);
            Assert.Equal(
                there, await File.ReadAllBytesAsync(carl.Files["copy"], TestContext.Current.CancellationToken));
        }

        carl.Files.Write("copy", s_film);
        FetchAnswer answer = await desk.FetchAsync(carl, "anna", "film.avi", "copy");
        Assert.Equal((FetchResult.Found, Length), (answer.Result, answer.Bytes));
        Assert.Empty(answer.Sources!);
        Assert.Equal(0, desk.Log.Count("action: chunk_store"));
        Assert.Equal([carl.Files["copy"]], Directory.GetFileSystemEntries(carl.Files.Root));
    }

    [Fact]
    public async Task Who_gives_up_to_wait_at_the_moment_in_which_somebody_comes_has_the_file_in_either_way()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        await desk.OfferAsync("anna", "film.avi", s_film);
        ShellDesk carl = await desk.UserAsync("carl", options => options with { MeetLimit = TimeSpan.Zero });
        for (int i = 0; i < 5; i++)
        {
            FetchAnswer answer = await desk.FetchAsync(carl, "anna", "film.avi", "copy");
            Assert.Equal((FetchResult.Found, null), (answer.Result, answer.Reason));
        }
    }

    [Fact]
    public async Task What_came_before_a_cut_is_not_fetched_again()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        ShellDesk anna = await desk.OfferAsync("anna", "film.avi", s_film);
        ShellDesk carl = await desk.UserAsync("carl");

        // What is wrong in her file now does not come, so that there is something to cut.
        Overwrite(anna.Files["film.avi"], [.. s_film[..600_000], .. new byte[Length - 600_000]]);
        using var cut = new CancellationTokenSource();
        await carl.RunAsync("LIST_USERS");
        Task<FetchAnswer> first = carl.Session.FetchAsync(
            "anna", "film.avi", carl.Files["copy"], progress => CutIfBegun(progress.DoneBytes), cut.Token);
        await Task.WhenAny(first);
        Assert.True(first.IsCanceled, $"{first.Status}\n{desk.Log}");
        Assert.False(File.Exists(carl.Files["copy"]));
        Assert.True(Directory.Exists(carl.Files[".shoal/fetch"]));
        Assert.InRange(desk.Log.Count("action: chunk_store | result: success"), 1, 4);

        // Nothing of it is read for him any more when his connection is over at her end too.
        await desk.Log.WaitForAsync("action: peer_disconnect | result: success", "name: carl");
        Overwrite(anna.Files["film.avi"], s_film);
        FetchAnswer answer = await desk.FetchAsync(carl, "anna", "film.avi", "copy");
        Assert.Equal((FetchResult.Found, null), (answer.Result, answer.Reason));
        Assert.Equal((Length + ChunkSize - 1) / ChunkSize, desk.Log.Count("action: chunk_store | result: success"));
        Assert.Equal(s_film, await File.ReadAllBytesAsync(carl.Files["copy"], TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(carl.Files[".shoal"]));

        void CutIfBegun(long bytes)
        {
            if (bytes > 0)
            {
                cut.Cancel();
            }
        }
    }

    [Fact]
    public async Task A_folder_comes_as_a_whole_and_never_over_another_one()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        ShellDesk anna = await desk.UserAsync("anna");
        anna.Files.Write("films/one", 1, 300_000);
        anna.Files.Write("films/sub/two", 1, 300_000);
        anna.Files.Write("films/sub/nothing", []);
        anna.Files.Write("films/.hidden", [1]);
        anna.Files.Folder("films/empty");
        File.SetUnixFileMode(anna.Files["films/one"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await desk.PublishAsync(anna, "films/");
        ShellDesk carl = await desk.UserAsync("carl");
        FetchAnswer answer = await desk.FetchAsync(carl, "anna", "films/", "mine");
        Assert.Equal((FetchResult.Found, null), (answer.Result, answer.Reason));
        Assert.Equal(
            anna.Files.Look("films").Where(line => !line.StartsWith('.')), carl.Files.Look("mine"));
        FetchAnswer again = await desk.FetchAsync(carl, "anna", "films/", "mine");
        Assert.Equal(FetchResult.Refused, again.Result);
        Assert.Contains("is there already", again.Reason, StringComparison.Ordinal);
        Assert.Equal("1\0", await AskMachineAsync(desk, anna, "films/"));
    }

    [Fact]
    public async Task A_file_that_changed_is_offered_as_what_it_is_now()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        ShellDesk anna = await desk.OfferAsync("anna", "film.avi", s_film);
        byte[] other = Scratch.Bytes(2, Length);
        await File.WriteAllBytesAsync(anna.Files["film.avi"], other, TestContext.Current.CancellationToken);
        ShellDesk carl = await desk.UserAsync("carl", o => o with { FileSilenceLimit = TimeSpan.FromSeconds(1) });

        // The first one finds out, and goes on with what it is now.
        FetchAnswer answer = await desk.FetchAsync(carl, "anna", "film.avi", "copy");
        Assert.Equal((FetchResult.Found, null), (answer.Result, answer.Reason));
        Assert.Equal(other, await File.ReadAllBytesAsync(carl.Files["copy"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_fetched_comes_as_what_it_is_then()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        var slow = new RateLimit(400_000, TimeProvider.System);
        ShellDesk anna = await desk.OfferAsync("anna", "film.avi", s_film, options => options with { Pace = slow });
        byte[] other = Scratch.Bytes(2, Length);
        ShellDesk carl = await desk.UserAsync("carl");
        await carl.RunAsync("LIST_USERS");
        bool isChanged = false;
        FetchAnswer answer = await carl.Session.FetchAsync(
            "anna", "film.avi", carl.Files["copy"], Change, TestContext.Current.CancellationToken);
        Assert.True(isChanged);
        Assert.True(answer.Result == FetchResult.Found, $"{answer.Reason}\n{desk.Log}");
        Assert.Equal(other, await File.ReadAllBytesAsync(carl.Files["copy"], TestContext.Current.CancellationToken));
        Assert.True(desk.Log.Has("action: offer_fetch | result: in_progress", "it changed at its owner"));
        Assert.False(Directory.Exists(carl.Files[".shoal"]));

        void Change(PeerProgress progress)
        {
            if (!isChanged && progress.DoneBytes > 0)
            {
                isChanged = true;
                File.WriteAllBytes(anna.Files["film.avi"], other);
            }
        }
    }

    [Fact]
    public async Task What_another_program_of_the_user_withdraws_is_given_no_longer()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        await desk.OfferAsync("anna", "film.avi", s_film);
        Assert.IsType<HubMessage.Found>(await SeekAsync(desk, "anna", "film.avi"));
        Assert.Equal("0\0", await desk.Directory.AskAsync("DELETE", "anna", "film.avi"));
        await Limits.UntilAsync(
            async () => await SeekAsync(desk, "anna", "film.avi") is HubMessage.Seen, "it is offered no longer");
    }

    [Fact]
    public async Task Nobody_else_says_what_a_user_offers()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        await desk.OfferAsync("anna", "film.avi", s_film);
        foreach (MemberMessage.Enlist enlist in new MemberMessage.Enlist[] { new("anna", 1), new("dora", 7000) })
        {
            Assert.IsType<HubMessage.Refuse>(await SayAsync(desk, enlist));
        }

        Assert.IsType<HubMessage.Found>(await SeekAsync(desk, "anna", "film.avi"));
    }

    [Fact]
    public async Task A_program_of_another_make_never_sees_a_hello()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        await using ITransportListener other = await desk.Directory.Network.ListenAsync(
            new EndpointText("hub", 0), TestContext.Current.CancellationToken);
        await desk.Directory.AskAsync("REGISTER", "otto");
        await desk.Directory.AskAsync(
            "CONNECT", "otto", other.Local.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        ShellDesk carl = await desk.UserAsync("carl");
        Task<FetchAnswer> fetching = desk.FetchAsync(carl, "otto", "film", "copy");
        using TransportConnection connection = (await other.AcceptAsync(TestContext.Current.CancellationToken))!;
        byte[] buffer = new byte[100];
        int read = await connection.Stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
        Assert.Equal("GET_FILE\0film\0", Encoding.UTF8.GetString(buffer, 0, read));
        await connection.Stream.WriteAsync("0\0hello"u8.ToArray(), TestContext.Current.CancellationToken);
        connection.FinishSending();
        FetchAnswer answer = await fetching;
        Assert.Equal((FetchResult.Found, 5, true), (answer.Result, answer.Bytes, answer.Sources is null));
    }

    [Fact]
    public async Task A_directory_of_another_make_is_asked_for_a_listing_and_no_more()
    {
        await using OtherDirectory other = await OtherDirectory.BeginAsync(
            word => word == "LIST_CONTENT" ? "3\0" : word == "LIST_USERS" ? "0\0" + "1\0anna\0hub\0" + "1\0" : "0\0");
        var sent = new TappedTransport(other.Network);
        using var files = new Scratch();
        await using (UserSession session = SessionAt(sent, files))
        {
            await session.ConnectAsync("anna", TestContext.Current.CancellationToken);
            await session.ListUsersAsync(TestContext.Current.CancellationToken);

            // Who neither fetches nor publishes asks nothing.
            Assert.Equal(["CONNECT", "LIST_USERS"], WordsOf(sent));
            await session.FetchAsync(
                "anna", "film", files["copy"], _ => { }, TestContext.Current.CancellationToken);
        }

        string[] words = WordsOf(sent);
        Assert.Equal(1, words.Count(word => word == "LIST_CONTENT"));
        Assert.DoesNotContain(words, word => word.StartsWith("SHOAL", StringComparison.Ordinal));
    }

    private static UserSession SessionAt(TappedTransport transport, Scratch files) => new(
        new UserOptions
        {
            Hub = OtherDirectory.Address, Listen = new EndpointText("hub", 0), Folder = files.Root,
            OfferDelay = TimeSpan.Zero,
        },
        transport, new OwnClock(TimeProvider.System), TimeProvider.System, new Lines("anna"));

    private static string[] WordsOf(TappedTransport sent) =>
        [.. sent.Take().Select(text => text.Split('\0')[0])];

    [Fact]
    public async Task One_port_serves_both_and_what_is_neither_costs_only_itself()
    {
        await using ExchangeDesk desk = await ExchangeDesk.BeginAsync();
        ShellDesk anna = await desk.OfferAsync("anna", "film.avi", s_film);
        foreach (string hello in new[] { "SHOAL", "SHOAL\u0001\u0003\0", "SHOAL" + new string('x', 100), "S", "SHOES" })
        {
            using TransportConnection connection = await DialAsync(desk, anna);
            await connection.Stream.WriteAsync(Encoding.UTF8.GetBytes(hello), TestContext.Current.CancellationToken);
            connection.FinishSending();
            await Caller.ReadAsync(connection);
        }

        Assert.Equal(Length + 2, (await AskMachineAsync(desk, anna, "film.avi", Encoding.Latin1)).Length);
        ShellDesk carl = await desk.UserAsync("carl");
        Assert.NotNull((await desk.FetchAsync(carl, "anna", "film.avi", "copy")).Sources);
    }

    /// <summary>Changes the bytes of a file in place, so that nobody notices who does not read it.</summary>
    private static void Overwrite(string path, byte[] bytes)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        DateTime time = File.GetLastWriteTimeUtc(file);
        RandomAccess.Write(file, bytes, 0);
        File.SetLastWriteTimeUtc(file, time);
    }

    private static async Task<string> AskMachineAsync(
        ExchangeDesk desk, ShellDesk user, string file, Encoding? encoding = null)
    {
        using TransportConnection connection = await DialAsync(desk, user);
        await connection.Stream.WriteAsync(
            Encoding.UTF8.GetBytes($"GET_FILE\0{file}\0"), TestContext.Current.CancellationToken);
        var reply = new MemoryStream();
        await connection.Stream.CopyToAsync(reply, TestContext.Current.CancellationToken);
        return (encoding ?? Encoding.UTF8).GetString(reply.ToArray());
    }

    private static async Task<TransportConnection> DialAsync(ExchangeDesk desk, ShellDesk user) =>
        ((DialResult.Connected)await desk.Directory.Network.DialAsync(
            user.Session.Address!.Value, TestContext.Current.CancellationToken)).Connection;

    private static Task<HubMessage> SeekAsync(ExchangeDesk desk, string user, string file) =>
        SayAsync(desk, new MemberMessage.Seek(user, file));

    private static async Task<HubMessage> SayAsync(ExchangeDesk desk, MemberMessage message)
    {
        var dialer = new Dialer(desk.Directory.Network, new HandshakeOptions
        {
            Role = EndRole.Member, Expected = EndRole.Hub, Time = TimeProvider.System,
        });
        var dial = (DialResult.Connected)await dialer.DialAsync(
            ExchangeDesk.Door, TestContext.Current.CancellationToken);
        await using var connection = new FrameConnection<HubMessage, MemberMessage>(
            dial.Connection, new MemberSide(), new ConnectionOptions());
        connection.Send(message);
        return (await connection.ReceiveAsync(TestContext.Current.CancellationToken)).Message!;
    }
}
