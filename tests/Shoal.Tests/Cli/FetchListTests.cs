using System.Globalization;
using Shoal.Cli.Edge;
using Shoal.Cli.Frame;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Hosts.Common;
using Shoal.Hosts.Edge;

namespace Shoal.Tests.Cli;

/// <summary>The lists of <c>shoal fetch</c>, and the flags of a live edge tier.</summary>
public sealed class FetchListTests
{
    [Fact]
    public async Task Names_stay_in_order_and_count_once_and_empty_lines_not_at_all()
    {
        FetchWish wish = Assert.Single(await ReadAsync(new StringReader("b\r\n\na/c\nb\n")));
        Assert.Equal(["b", "a/c"], Assert.IsType<FetchWish.Names>(wish).Entries.Select(name => name.Value));
    }

    [Fact]
    public async Task A_line_that_is_no_name_is_named()
    {
        HostException e = await Assert.ThrowsAsync<HostException>(() => ReadAsync(new StringReader("a\n/b\n")));
        Assert.StartsWith("--list: line 2 of standard input is no name", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task However_long_a_list_is_only_so_many_names_are_taken()
    {
        using var same = new LineReader(3_000_000, _ => "film");
        Assert.Single(Assert.IsType<FetchWish.Names>(Assert.Single(await ReadAsync(same))).Entries);
        using var many = new LineReader(10_000_000, line => line.ToString(CultureInfo.InvariantCulture));
        HostException e = await Assert.ThrowsAsync<HostException>(() => ReadAsync(many));
        Assert.Contains("more than 1000000 different names", e.Message, StringComparison.Ordinal);
        Assert.InRange(many.LinesRead, FetchList.MostNames, FetchList.MostNames + 10);
    }

    [Fact]
    public async Task What_is_no_file_but_looks_like_a_glob_is_one()
    {
        await foreach (FetchWish wish in FetchList.Of("*.mp4", TextReader.Null))
        {
            Assert.Equal(new FetchWish.Like("*.mp4"), wish);
        }

        Assert.Contains(
            "no-such-list cannot be read",
            Assert.Throws<WorkFailedException>(() => FetchList.Of("no-such-list", TextReader.Null)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flags_arrive_where_they_should()
    {
        using var origin = new CommandTrial<OriginArguments>(OriginCommand.Create);
        Assert.Equal(ExitCode.Done, await origin.RunAsync(
            "origin --dir d --hub h --expect-edges 2 --expect-clients 4 --clock virtual --search 7 --stay".Split(' ')));
        OriginArguments told = origin.Told!;
        Assert.Equal((2, 4, 7, true), (told.ExpectEdges, told.ExpectClients, told.Steps, told.Stay));
        Assert.Equal((TierClock.Virtual, "d", "tier"), (told.Clock, told.Common.Member.Folder, told.Common.Tier));
        using var edge = new CommandTrial<EdgeArguments>(EdgeCommand.Create);
        Assert.Equal(ExitCode.Done, await edge.RunAsync("edge --hub h --capacity 25MB --dir e --tier t".Split(' ')));
        Assert.Equal((25_000_000, false, "t"), (edge.Told!.Capacity, edge.Told.Stay, edge.Told.Common.Tier));
        using var fetch = new CommandTrial<FetchArguments>(FetchCommand.Create);
        Assert.Equal(ExitCode.Done, await fetch.RunAsync("fetch --hub h --list - --dir c --order free".Split(' ')));
        Assert.Equal(
            ("-", ListOrder.Free, TimeSpan.FromSeconds(60)),
            (fetch.Told!.List, fetch.Told.Order, fetch.Told.Common.Patience));
    }

    private static async Task<List<FetchWish>> ReadAsync(TextReader input)
    {
        var wishes = new List<FetchWish>();
        await foreach (FetchWish wish in FetchList.Of("-", input))
        {
            wishes.Add(wish);
        }

        return wishes;
    }

    private sealed class LineReader(int lines, Func<int, string> line) : TextReader
    {
        public int LinesRead { get; private set; }

        public override ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult(LinesRead < lines ? line(++LinesRead) : null);
    }
}
