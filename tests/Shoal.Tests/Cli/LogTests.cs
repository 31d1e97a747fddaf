using System.Text;
using Microsoft.Extensions.Logging;
using Shoal.Cli.Frame;
using Shoal.Cli.Logging;
using Shoal.Cli.Rendering;

namespace Shoal.Tests.Cli;

public sealed partial class LogTests : IDisposable
{
    private readonly StringWriter _console = new();
    private readonly MemoryStream _file = new();
    private readonly ManualTime _time = new();

    public void Dispose()
    {
        _console.Dispose();
        _file.Dispose();
    }

    [Fact]
    public async Task A_template_is_rendered_with_its_values()
    {
        Assert.Equal(
            "2026-01-02T03:04:05.000Z action: chunk_stored | result: success | content: abc | chunk: 7",
            await LineOf(log => ChunkStored(log, "abc", 7)));
    }

    [Theory]
    [InlineData("plain.txt", "plain.txt")]
    [InlineData("häuser/海.jpg", "häuser/海.jpg")]
    [InlineData("two words", "\"two words\"")]
    [InlineData("a|b", "\"a|b\"")]
    [InlineData("", "\"\"")]
    [InlineData("[7 12]", "[7 12]")]
    [InlineData("[]", "[]")]
    [InlineData("[a b]", "\"[a b]\"")]
    [InlineData("line\nbreak\r\t", "\"line\\nbreak\\r\\t\"")]
    [InlineData("say \"hi\" \\", "\"say \\\"hi\\\" \\\\\"")]
    [InlineData("\u001b[31m\u0085\u2028", "\"\\u001b[31m\\u0085\\u2028\"")]
    public async Task A_value_never_breaks_its_line(string value, string written)
    {
        string line = await LineOf(log => ChunkStored(log, value, 1));
        Assert.EndsWith($"| content: {written} | chunk: 1", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_huge_value_is_cut()
    {
        string line = await LineOf(log => ChunkStored(log, new string('x', 1_000_000), 1));
        Assert.InRange(line.Length, LogValue.Longest, LogValue.Longest + 200);
        Assert.Contains("xxx...\" | chunk: 1", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_are_written_for_programs()
    {
        Assert.EndsWith(
            "| makespan: 12.345s | rate: 0.25 | open: true | who: - | names: a,b",
            await LineOf(log => Several(log, TimeSpan.FromMilliseconds(12_345), 0.25, true, null, ["a", "b"])),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_in_another_order_than_the_template_find_their_places() =>
        Assert.EndsWith("| first: 1 | second: 2", await LineOf(log => Swapped(log, 2, 1)), StringComparison.Ordinal);

    [Fact]
    public async Task An_error_is_told_with_its_line()
    {
        Assert.EndsWith(
            "action: chunk_read | result: fail | error: IOException | message: \"disk | gone\"",
            await LineOf(log => ReadFailed(log, new IOException("disk | gone"))),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_line_is_put_into_the_form()
    {
        string line = await LineOf(log => Foreign(log, 7));
        Assert.EndsWith(
            "action: log | result: success | source: Shoal.Test | message: \"Bound to port 7\"", line,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_console_gets_info_and_the_file_debug_too()
    {
        await using (LogOutput output = Start(withFile: true))
        {
            ILogger log = output.Factory.CreateLogger("Shoal.Test");
            Detail(log, 1);
            ChunkStored(log, "abc", 2);
        }

        string[] lines = Encoding.UTF8.GetString(_file.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains("action: detail", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("action: detail", _console.ToString(), StringComparison.Ordinal);
        Assert.Contains("action: chunk_stored", _console.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_file_debug_costs_nothing()
    {
        await using LogOutput output = Start(withFile: false);
        Assert.False(output.Factory.CreateLogger("Shoal.Test").IsEnabled(LogLevel.Debug));
        Assert.False(output.Factory.CreateLogger("Microsoft.AspNetCore.X").IsEnabled(LogLevel.Information));
        Assert.True(output.Factory.CreateLogger("Microsoft.AspNetCore.X").IsEnabled(LogLevel.Warning));
    }

    [Fact]
    public async Task Many_lines_from_many_threads_are_all_in_the_file()
    {
        // As many as may wait: however slow the machine, none is dropped.
        const int EachThread = LogFile.QueueLimit / 4;
        await using (LogOutput output = Start(withFile: true))
        {
            ILogger log = output.Factory.CreateLogger("Shoal.Test");
            Parallel.For(0, 4, _ =>
            {
                for (int i = 0; i < EachThread; i++)
                {
                    Detail(log, i);
                }
            });
        }

        string text = Encoding.UTF8.GetString(_file.ToArray());
        Assert.Equal(
            4 * EachThread, text.Split('\n').Count(line => line.Contains("action: detail", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_full_queue_drops_lines_and_says_how_many()
    {
        using var slow = new StuckStream();
        var file = new LogFile(slow, dropped => $"dropped {dropped}", queueLimit: 2, TimeSpan.Zero);
        file.Write("first");
        Assert.True(slow.IsReached.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        for (int i = 0; i < 5; i++)
        {
            file.Write("later");
        }

        slow.Release();
        await file.DisposeAsync();
        Assert.Equal("first later later dropped 3", slow.Text.ReplaceLineEndings(" ").Trim());
    }

    [Fact]
    public async Task A_full_disk_ends_the_file_and_not_the_work()
    {
        await using (var output = new LogOutput(
            new ScreenLines(_console, false, 80), dropped => new LogFile(new FullStream(), dropped), _time))
        {
            ILogger log = output.Factory.CreateLogger("Shoal.Test");
            Detail(log, 1);
        }

        Assert.Contains("the log file is not complete: No space", _console.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_made_is_told_with_its_flag()
    {
        var failure = Assert.Throws<WorkFailedException>(() =>
            LogOutput.Start(new ScreenLines(_console, false, 80), "/proc/nope/x.log", _time));
        Assert.Contains("--log: /proc/nope/x.log", failure.Message, StringComparison.Ordinal);
    }

    private LogOutput Start(bool withFile) => new(
        new ScreenLines(_console, false, 80), withFile ? dropped => new LogFile(_file, dropped) : null, _time);

    private async Task<string> LineOf(Action<ILogger> act)
    {
        await using (LogOutput output = Start(withFile: false))
        {
            act(output.Factory.CreateLogger("Shoal.Test"));
        }

        string text = _console.ToString().TrimEnd(Environment.NewLine.ToCharArray());
        Assert.DoesNotContain('\n', text);
        return text;
    }

    [LoggerMessage(LogLevel.Information,
        "action: chunk_stored | result: success | content: {Content} | chunk: {Chunk}")]
    private static partial void ChunkStored(ILogger log, string content, int chunk);

    [LoggerMessage(LogLevel.Debug, "action: detail | result: success | number: {Number}")]
    private static partial void Detail(ILogger log, int number);

    [LoggerMessage(LogLevel.Information, "action: several | result: in_progress | makespan: {Makespan} | rate: {Rate} "
        + "| open: {Open} | who: {Who} | names: {Names}")]
    private static partial void Several(
        ILogger log, TimeSpan makespan, double rate, bool open, string? who, string[] names);

    [LoggerMessage(LogLevel.Information, "action: swapped | result: success | first: {First} | second: {Second}")]
    private static partial void Swapped(ILogger log, int second, int first);

    [LoggerMessage(LogLevel.Error, "action: chunk_read | result: fail")]
    private static partial void ReadFailed(ILogger log, Exception error);

    [LoggerMessage(LogLevel.Information, "Bound to port {Port}")]
    private static partial void Foreign(ILogger log, int port);

    private sealed class FullStream : MemoryStream
    {
        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("No space left on device");
    }

    private sealed class StuckStream : MemoryStream
    {
        private readonly TaskCompletionSource _released = new();

        public ManualResetEventSlim IsReached { get; } = new();

        public string Text { get; private set; } = "";

        public void Release() => _released.SetResult();

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            IsReached.Set();
            await _released.Task;
            Text += Encoding.UTF8.GetString(buffer.Span);
        }

        protected override void Dispose(bool disposing)
        {
            IsReached.Dispose();
            base.Dispose(disposing);
        }
    }
}
