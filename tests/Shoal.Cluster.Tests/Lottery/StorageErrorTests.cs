using System.Globalization;
using System.Net;
using Shoal.Cluster.Tests.Bench;
using static Shoal.Cluster.Tests.Lottery.TextAgency;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>A disk on which nothing more can be written: the batch is refused, and what was acked is there.</summary>
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
        await using (LotteryDesk desk = await LotteryDesk.BeginAsync(folder: Path.Join(folder, "data")))
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

    private static string BatchOf(int number) =>
        $"B{string.Join(',', Documents(number).Select(document => Bet(1, document)))};";

    private static IEnumerable<string> RowsOf(int number) =>
        Documents(number).Select(document => $"1,Ana,Paz,{document},1990-02-28,7574");

    private static IEnumerable<string> Documents(int number) => Enumerable.Range(0, 100).Select(i =>
        ((number * 100) + i).ToString(CultureInfo.InvariantCulture));
}
