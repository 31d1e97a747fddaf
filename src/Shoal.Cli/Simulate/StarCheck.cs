using System.Text;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;
using Shoal.Simulation.Exchange;
using Shoal.Simulation.Relay;

namespace Shoal.Cli.Simulate;

/// <summary>Judges a trace by the rules of a star, and counts what came of it, from the trace alone.</summary>
internal sealed class StarCheck(StarShape shape, string path)
{
    private readonly StarSetup _setup = StarSetup.Of(shape);
    private readonly StarChecker _checker = new(shape);
    private VirtualTime _last;

    /// <summary>How many occupations the trace has.</summary>
    public int Occupations { get; private set; }

    /// <summary>Judges the whole trace.</summary>
    /// <param name="watch">Gets every occupation; null: nobody looks.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="WorkFailedException">
    /// The trace cannot be read or breaks a rule; the message names the line.
    /// </exception>
    public StarRun Run(Action<Occupation>? watch, CancellationToken cancellation)
    {
        var tally = new StarTally(_setup);
        foreach (Occupation seen in Read())
        {
            cancellation.ThrowIfCancellationRequested();
            tally.Take(seen);
            watch?.Invoke(seen);
        }

        try
        {
            _checker.CheckEnd(_last);
        }
        catch (BrokenRuleException e)
        {
            throw new WorkFailedException($"--check: {path} breaks a rule at its end. {e.Message}", e);
        }

        return new StarRun
        {
            Makespan = _last,
            Bound = StarBound.Of(shape).Makespan,
            Peers = tally.Peers,
            MeanChunk = tally.MeanChunk,
        };
    }

    private IEnumerable<Occupation> Read()
    {
        using StreamReader reader = Open();
        int[] firstChunks = _setup.FirstChunks();
        while (reader.ReadLine() is { } text)
        {
            Occupations++;
            yield return Judge(text, firstChunks);
        }
    }

    private StreamReader Open()
    {
        try
        {
            return new StreamReader(path, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new WorkFailedException($"--check: {ReadFailure.Of(path, e)}", e);
        }
    }

    private Occupation Judge(string text, int[] firstChunks)
    {
        if (!StarTraceLine.TryRead(text, firstChunks, out Occupation? seen, out string? reason))
        {
            throw new WorkFailedException(
                $"--check: {path}, line {Occupations}: {reason}. Is it a trace of this very star?");
        }

        try
        {
            _checker.Take(seen);
        }
        catch (BrokenRuleException e)
        {
            throw new WorkFailedException($"--check: {path}, line {Occupations} breaks a rule. {e.Message}", e);
        }

        _last = seen.End > _last ? seen.End : _last;
        return seen;
    }
}
