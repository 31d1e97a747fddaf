using System.Text.Json;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;

namespace Shoal.Cli.Simulate;

/// <summary>
/// Writes a trace, a line an occupation, in the order in which they start. Where the hub chooses a holder only when a
/// request has arrived, the request's line, and what comes behind it, is held back until it is known.
/// </summary>
internal sealed class StarTraceWriter(Stream stream, StarSetup setup)
{
    /// <summary>More lines than these are not held back: the first is then written without its holder.</summary>
    public const int MostHeld = 1 << 16;

    private readonly int[] _firstChunks = setup.FirstChunks();
    private readonly Queue<HeldLine> _held = [];
    private readonly Dictionary<(int Requester, int Chunk), HeldLine> _unknown = [];

    /// <summary>Takes an occupation that begins.</summary>
    public void Take(Occupation seen)
    {
        var line = new HeldLine(seen) { Holder = seen.Holder, IsSettled = true };
        _held.Enqueue(line);
        if (seen.Kind == OccupationKind.Request)
        {
            // Whoever asks again has been forgotten before.
            Settle(seen, -1);
            if (seen.Holder < 0)
            {
                line.IsSettled = false;
                _unknown.Add((seen.Requester, seen.Chunk), line);
            }
        }
        else
        {
            Settle(seen, seen.Holder);
        }

        while (_held.TryPeek(out HeldLine? first) && (first.IsSettled || _held.Count > MostHeld))
        {
            Write(_held.Dequeue());
        }
    }

    /// <summary>Writes what was held back.</summary>
    public void Flush()
    {
        while (_held.TryDequeue(out HeldLine? line))
        {
            Write(line);
        }
    }

    private void Settle(Occupation seen, int holder)
    {
        if (_unknown.Remove((seen.Requester, seen.Chunk), out HeldLine? request))
        {
            request.Holder = holder;
            request.IsSettled = true;
        }
    }

    private void Write(HeldLine line)
    {
        JsonSerializer.Serialize(
            stream, StarTraceLine.Of(line.Seen, line.Holder, _firstChunks), StarTraceJson.Default.StarTraceLine);
        stream.WriteByte((byte)'\n');
    }

    private sealed class HeldLine(Occupation seen)
    {
        public Occupation Seen { get; } = seen;

        public int Holder { get; set; }

        public bool IsSettled { get; set; }
    }
}
