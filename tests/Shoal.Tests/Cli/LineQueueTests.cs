using Shoal.Cli.Rendering;

namespace Shoal.Tests.Cli;

public sealed class LineQueueTests
{
    [Fact]
    public async Task Lines_are_printed_in_order()
    {
        using var output = new StringWriter { NewLine = "\n" };
        await using (var queue = new LineQueue(output))
        {
            queue.Add("one");
            queue.Add("two");
        }

        Assert.Equal("one\ntwo\n", output.ToString());
    }

    [Fact]
    public async Task A_reader_that_reads_nothing_delays_nobody()
    {
        using var gate = new ManualResetEventSlim();
        using var output = new StuckWriter(gate);
        var queue = new LineQueue(output);
        for (int i = 0; i < 2 * LineQueue.MostQueued; i++)
        {
            queue.Add("line");
        }

        gate.Set();
        await queue.DisposeAsync();
        Assert.InRange(output.Lines, LineQueue.MostQueued, LineQueue.MostQueued + 1);
    }

    private sealed class StuckWriter(ManualResetEventSlim gate) : StringWriter
    {
        public int Lines { get; private set; }

        public override void WriteLine(string? value)
        {
            gate.Wait(TestContext.Current.CancellationToken);
            Lines++;
        }
    }
}
