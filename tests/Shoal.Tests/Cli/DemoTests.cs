using System.Text.Json;
using Shoal.Cli.Demo;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Cli.Progress;
using Shoal.Cli.Rendering;
using Shoal.Cli.Reports;
using Shoal.Core.Exchange;
using Shoal.Hosts.Peer;

namespace Shoal.Tests.Cli;

public sealed class DemoTests : IDisposable
{
    private const long Size = 100_000_000;

    private readonly StringWriter _writer = new();
    private readonly ManualTime _time = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _writer.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_screen_has_a_line_for_each_peer_and_one_for_all()
    {
        var progress = new DemoProgress(new ScreenLines(_writer, isTerminal: true, 100), _time, 4, Size);
        progress.Tell(1, Snapshot(PeerPhase.Hashing, 0));
        progress.Tell(2, Snapshot(PeerPhase.Waiting, Size));
        progress.Tell(3, Snapshot(PeerPhase.Exchanging, Size + 30_000_000));
        progress.Show();
        _time.Advance(TimeSpan.FromSeconds(1));
        progress.Tell(3, Snapshot(PeerPhase.Exchanging, Size + 60_000_000));
        _writer.GetStringBuilder().Clear();
        progress.Show();
        Assert.Equal(
            [
                "peer1   starts",
                "peer2   reads its file",
                "peer3   waits for the others",
                "peer4   ████░░░░░░░░░░░░░░░░  20%  up 480 Mbit/s   down 240 Mbit/s ",
                "all     █░░░░░░░░░░░░░░░░░░░   5%  60 MB of 1.2 GB, 240 Mbit/s, 38 s left",
            ],
            Lines().Select(line =>
                line[(line.LastIndexOf("\u001b[J", StringComparison.Ordinal) is >= 0 and var i ? i + 3 : 0)..]
                .TrimStart('\r')));
    }

    [Fact]
    public void Where_nobody_looks_one_line_for_all_comes_every_other_second()
    {
        var progress = new DemoProgress(new ScreenLines(_writer, isTerminal: false, 100), _time, 2, Size);
        for (int i = 0; i <= 16; i++)
        {
            progress.Tell(0, Snapshot(PeerPhase.Exchanging, Size + (i * 5_000_000)));
            progress.Show();
            _time.Advance(DemoProgress.Interval);
        }

        Assert.Equal(
            [
                "all peers: 20%, 40 MB of 200 MB, 160 Mbit/s, 8 s left",
                "all peers: 40%, 80 MB of 200 MB, 160 Mbit/s, 6 s left",
            ],
            Lines());
    }

    [Fact]
    public void Many_peers_have_one_line_for_all()
    {
        var progress = new DemoProgress(new ScreenLines(_writer, isTerminal: true, 100), _time, 17, Size);
        progress.Show();
        Assert.Single(Lines());
    }

    [Fact]
    public void A_snapshot_goes_through_the_feed_unchanged()
    {
        using var line = new StringWriter();
        PeerProgress told =
            Snapshot(PeerPhase.Serving, 7) with { Active = [new ContentProgress("häuser/海.jpg", 3, 2)] };
        ProgressFeed.Write(line, told);
        PeerProgress? heard = ProgressFeed.Read(line.ToString());
        Assert.Equal(told.Active, heard!.Active);
        Assert.Equal(told with { Active = [] }, heard with { Active = [] });
        Assert.Null(ProgressFeed.Read("d41d8cd98f00b204e9800998ecf8427e  a.bin"));
    }

    [Fact]
    public async Task The_files_come_from_the_random_seed_and_a_wrong_copy_is_found()
    {
        var folder = new SwarmFolders(Path.Combine(_folder.Path, "one"), 2);
        var files = new DemoFiles(Arguments(), folder);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await files.MakeAsync(() => { }, cancellation);
        byte[] first = File.ReadAllBytes(Path.Combine(folder.OfPeer(0), "peer1.bin"));
        byte[] second = File.ReadAllBytes(Path.Combine(folder.OfPeer(1), "peer2.bin"));
        Assert.Equal(3_000_001, first.Length);
        Assert.NotEqual(first, second);

        var again = new SwarmFolders(Path.Combine(_folder.Path, "two"), 2);
        await new DemoFiles(Arguments(), again).MakeAsync(() => { }, cancellation);
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(again.OfPeer(0), "peer1.bin")));

        File.WriteAllBytes(Path.Combine(folder.OfPeer(1), "peer1.bin"), first);
        Assert.Equal(["peer1 has no peer2.bin"], await files.CheckAsync(() => { }, cancellation));
        second[^1] ^= 1;
        File.WriteAllBytes(Path.Combine(folder.OfPeer(0), "peer2.bin"), second);
        File.WriteAllBytes(Path.Combine(folder.OfPeer(0), "other"), second);
        Assert.Equal(
            ["peer1 has a peer2.bin that differs from its owner's", "peer1 has a file that nobody shared: other"],
            await files.CheckAsync(() => { }, cancellation));
    }

    [Fact]
    public void A_kept_folder_must_be_new_and_there_must_be_room()
    {
        string kept = Path.Combine(_folder.Path, "kept");
        using (DemoFolder folder = DemoFolder.Create(kept, 1))
        using (DemoFolder job = folder.Of(DemoJob.Lottery))
        {
            Assert.Equal(Path.Combine(kept, "lottery"), job.Root);
        }

        Assert.True(Directory.Exists(Path.Combine(kept, "lottery")));
        Assert.Contains("is not empty", Assert.Throws<WorkFailedException>(
            () => DemoFolder.Create(kept, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("--size", Assert.Throws<WorkFailedException>(
            () => DemoFolder.Create(Path.Combine(_folder.Path, "large"), 1e30)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_temporary_folder_is_gone_afterwards_and_a_job_s_after_the_job()
    {
        string root;
        using (DemoFolder folder = DemoFolder.Create(kept: null, 1))
        {
            root = folder.Root;
            DemoFolder job = folder.Of(DemoJob.Relay);
            Assert.True(Directory.Exists(job.Root));
            job.Dispose();
            Assert.False(Directory.Exists(job.Root));
            Assert.True(Directory.Exists(root));
        }

        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public void The_page_has_each_job_beside_its_bound_and_says_what_is_wrong()
    {
        DemoResult[] results =
        [
            new()
            {
                Job = DemoJob.Exchange,
                What = "all",
                Time = TimeSpan.FromSeconds(8),
                Bound = new DemoBound(TimeSpan.FromSeconds(7.5), DemoBoundSource.Declared, "download of peer2"),
                Checks = ["16 files"],
            },
            new()
            {
                Job = DemoJob.Lottery,
                What = "bets",
                Time = TimeSpan.FromSeconds(3),
                Bound = new DemoBound(TimeSpan.FromMilliseconds(30), DemoBoundSource.Measured, "a loop"),
                Problems = ["a winner was not told"],
            },
            new() { Job = DemoJob.Directory, What = "a film", Problems = ["the hub ended early"] },
        ];
        Assert.Equal(
            [
                "job            time   beside    ratio  that is",
                "exchange        8 s    7.5 s    1.067  download of peer2, proven",
                "lottery         3 s    30 ms      100  a loop, measured",
                "directory  not done  unknown  unknown",
                "",
                "exchange: 16 files",
                "lottery: WRONG: a winner was not told",
                "directory: WRONG: the hub ended early",
            ],
            DemoPage.Of(results));
        using JsonDocument json = JsonDocument.Parse(DemoDocument.Of(results));
        Assert.False(json.RootElement.GetProperty("is_right").GetBoolean());
        JsonElement first = json.RootElement.GetProperty("jobs")[0];
        Assert.Equal("exchange", first.GetProperty("job").GetString());
        Assert.Equal(8000, first.GetProperty("makespan_ms").GetDouble());
        Assert.Equal("declared", first.GetProperty("bound_source").GetString());
        Assert.Equal(1.0667, first.GetProperty("ratio").GetDouble());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("jobs")[2].GetProperty("makespan_ms").ValueKind);
    }

    [Fact]
    public void The_reports_of_the_peers_become_one()
    {
        var exchange = new ExchangeReport(
            TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(7.5), BoundSource.Declared, "download of peer2", 9,
            [PeerOf("peer10"), PeerOf("peer2")]);
        RunReport merged = DemoReport.Merge(
        [
            Report("peer1", new FileReport("f", 5, TimeSpan.FromSeconds(2), [new FileSource("peer3", 5)])),
            Report("peer2", new FileReport(
                "f", 5, TimeSpan.FromSeconds(3), [new FileSource("peer1", 3), new FileSource("peer3", 2)]))
                with { Exchange = exchange },
        ]);
        FileReport file = Assert.Single(merged.Files);
        Assert.Equal(TimeSpan.FromSeconds(3), file.Time);
        Assert.Equal([new FileSource("peer3", 7), new FileSource("peer1", 3)], file.From);
        Assert.Equal(["peer2", "peer10"], merged.Exchange!.Peers.Select(peer => peer.Name));
    }

    private static RunReport Report(string peer, FileReport file) =>
        new() { Swarm = "demo", Peer = peer, Files = [file] };

    private static PeerReport PeerOf(string name) => new(default, name, TimeSpan.FromSeconds(8), 4, default, 1, 1);

    private static PeerProgress Snapshot(PeerPhase phase, long done) => new()
    {
        Phase = phase,
        TotalBytes = 4 * Size,
        DoneBytes = done,
        BytesReceived = done - Size,
        BytesSent = 2 * (done - Size),
    };

    private static DemoArguments Arguments() => new()
    {
        Job = DemoJob.Exchange,
        Peers = 2,
        BytesPerPeer = 3_000_001,
        Link = BitRate.Unlimited,
        KeepFolder = null,
        RandomSeed = 7,
        ReportFile = null,
        IsJson = false,
    };

    private string[] Lines() =>
        _writer.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
