using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Shoal.Cluster.Tests.Bench;
using Shoal.Hosts.Lottery;
using static Shoal.Cluster.Tests.Lottery.TextAgency;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>A disk that is full, or whose syncs fail: the batch is refused, and what was acked is there.</summary>
public sealed class StorageErrorTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task On_a_full_disk_batches_are_refused_and_go_on_when_there_is_room()
    {
        string folder = _scratch.Folder("disk");
        using Mount disk = Mount.RamDisk(folder, "size=2m");
        string filler = Path.Join(folder, "filler");
        await File.WriteAllBytesAsync(filler, new byte[1_200_000], TestContext.Current.CancellationToken);
        await using (LotteryDesk desk = await LotteryDesk.BeginAsync(
            records: LotteryRecords.Open(Path.Join(folder, "data"))))
        {
            var acked = new List<string>();
            string answer;
            int next = 0;
            using (TextAgency agency = await desk.DialAsync())
            {
                do
                {
                    answer = await agency.AskAsync(BatchOf(next));
                    if (answer == "ACK_CHUNK;")
                    {
                        acked.AddRange(RowsOf(next++));
                    }
                }
                while (answer == "ACK_CHUNK;" && next < 1_000);

                Assert.Equal("E{Reason:try again later: the hub could not store it};", answer);
                Assert.Equal("", await agency.HearAsync());
            }

            Assert.True(desk.Log.Has("action: store | result: fail"));
            HttpReply http = await desk.PutAsync(2, 1, string.Join('\n', Enumerable.Repeat(LotteryDesk.Bet, 400)));
            http.IsProblem(HttpStatusCode.ServiceUnavailable, "could not store it");
            Assert.NotNull(http.RetryAfter);
            Assert.Equal(acked, await desk.RowsAsync());

            File.Delete(filler);
            using TextAgency again = await desk.DialAsync();
            for (int i = 0; i <= next; i++)
            {
                Assert.Equal("ACK_CHUNK;", await again.AskAsync(BatchOf(i)));
            }

            string[] rows = await desk.RowsAsync();
            Assert.Equal(acked.Concat(RowsOf(next)), rows);
        }
    }

    [Fact]
    public async Task While_syncs_fail_batches_are_refused_and_what_was_acked_survives_a_kill()
    {
        string broken = _scratch["broken"];
        (string, string)[] variables = [("LD_PRELOAD", BuildFailingSync()), ("SYNC_FAILS", broken)];
        await using ShoalProcess hub = ShoalProcess.Start("hub", variables, Serve());
        int port = await ProcessSwarm.PortOfAsync(hub, "lottery_listen");
        using (TextAgency agency = await DialAsync(port))
        {
            Assert.Equal("ACK_CHUNK;", await agency.AskAsync(BatchOf(0)));
            await File.WriteAllTextAsync(broken, "", TestContext.Current.CancellationToken);
            Assert.Equal(
                "E{Reason:try again later: the hub could not store it};", await agency.AskAsync(BatchOf(1)));
            Assert.Equal("", await agency.HearAsync());
        }

        // A close that is not on the disk is not noted either.
        using (TextAgency other = await DialAsync(port))
        {
            Assert.Equal(
                "E{Reason:try again later: the hub could not store it};", await other.AskAsync("N{AgencyID:2};"));
        }

        // What the hub writes comes here on another way than what it answers.
        await Limits.UntilAsync(() => hub.Output.Count("action: store | result: fail") >= 2, "both are told");
        Assert.Equal(2, hub.Output.Count("action: store | result: fail"));
        File.Delete(broken);
        using (TextAgency again = await DialAsync(port))
        {
            for (int number = 0; number < 3; number++)
            {
                Assert.Equal("ACK_CHUNK;", await again.AskAsync(BatchOf(number)));
            }
        }

        await hub.KillAsync();
        await using ShoalProcess export = ShoalProcess.Start(
            "export", "lottery", "export", "--data", _scratch["data"], "--csv", _scratch["bets.csv"]);
        await export.ExpectAsync(0);
        Assert.Equal(
            Enumerable.Range(0, 3).SelectMany(RowsOf),
            await File.ReadAllLinesAsync(_scratch["bets.csv"], TestContext.Current.CancellationToken));
    }

    // A full disk is told while the rows are written, a disk that does not sync at the commit, by the database itself.
    [Theory]
    [InlineData("TRIGGER", "53100")]
    [InlineData("CONSTRAINT TRIGGER", "58030")]
    public async Task What_a_database_cannot_store_is_refused_at_both_doors_and_taken_later(string kind, string state)
    {
        await using PostgresTrial trial = await PostgresTrial.CreateAsync();
        await using LotteryDesk desk = await LotteryDesk.BeginAsync(
            records: await LotteryRecords.ConnectAsync(trial.Connection, TestContext.Current.CancellationToken));
        string later = kind == "TRIGGER" ? "" : "DEFERRABLE INITIALLY DEFERRED";
        using (TextAgency agency = await desk.DialAsync())
        {
            Assert.Equal("ACK_CHUNK;", await agency.AskAsync(BatchOf(0)));
            await trial.RunAsync(
                $"""
                CREATE FUNCTION shoal.fail() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'the disk fails' USING ERRCODE = '{state}'; END $$;
                CREATE {kind} fail AFTER INSERT OR UPDATE ON shoal.batch {later}
                    FOR EACH ROW EXECUTE FUNCTION shoal.fail();
                CREATE {kind} fail AFTER INSERT OR UPDATE ON shoal.agency {later}
                    FOR EACH ROW EXECUTE FUNCTION shoal.fail()
                """);
            Assert.Equal(
                "E{Reason:try again later: the hub could not store it};", await agency.AskAsync(BatchOf(1)));
            Assert.Equal("", await agency.HearAsync());
        }

        Assert.True(desk.Log.Has("action: store | result: fail", "the disk fails", state));
        (await desk.PutAsync(2, 1, LotteryDesk.Bet)).IsProblem(
            HttpStatusCode.ServiceUnavailable, "could not store it");
        (await desk.SendAsync(2, HttpMethod.Post, "close")).IsProblem(
            HttpStatusCode.ServiceUnavailable, "could not store it");
        Assert.Equal(RowsOf(0), await desk.RowsAsync());

        await trial.RunAsync("DROP FUNCTION shoal.fail CASCADE");
        using TextAgency again = await desk.DialAsync();
        Assert.Equal("ACK_CHUNK;", await again.AskAsync(BatchOf(0)));
        Assert.Equal("ACK_CHUNK;", await again.AskAsync(BatchOf(1)));
        Assert.Equal(RowsOf(0).Concat(RowsOf(1)), await desk.RowsAsync());
    }

    private string[] Serve() =>
    [
        "lottery", "serve", "--listen", "127.0.0.1:0", "--agencies", "2", "--data", _scratch["data"],
    ];

    // A library that takes the place of the system's syncs; skips the test, out loud, where none can be built.
    private string BuildFailingSync([CallerFilePath] string here = "")
    {
        Assert.SkipUnless(
            File.Exists("/usr/bin/gcc"), "/usr/bin/gcc is not installed; on Debian: apt-get install gcc libc6-dev");
        string source = Path.Join(Path.GetDirectoryName(here), "sync.c");
        (int code, string output) = OncPrograms.Run(
            _scratch.Root, "gcc", "-shared", "-fPIC", "-o", "sync.so", source, "-ldl");
        Assert.True(code == 0, output);
        return _scratch["sync.so"];
    }

    private static string BatchOf(int number) =>
        $"B{string.Join(',', Documents(number).Select(document => Bet(1, document)))};";

    private static IEnumerable<string> RowsOf(int number) =>
        Documents(number).Select(document => $"1,Ana,Paz,{document},1990-02-28,7574");

    private static IEnumerable<string> Documents(int number) => Enumerable.Range(0, 100).Select(i =>
        ((number * 100) + i).ToString(CultureInfo.InvariantCulture));
}
