using System.Buffers;

namespace Shoal.Tests.Wire;

/// <summary>The same bytes, cut into several memories.</summary>
internal static class Segments
{
    /// <summary>Cuts bytes in two; either part may be empty.</summary>
    public static ReadOnlySequence<byte> InTwo(byte[] bytes, int at) => Of(bytes[..at], bytes[at..]);

    /// <summary>Every byte in a memory of its own.</summary>
    public static ReadOnlySequence<byte> Single(byte[] bytes) =>
        Of([.. bytes.Select(b => new[] { b }), Array.Empty<byte>()]);

    private static ReadOnlySequence<byte> Of(params byte[][] parts)
    {
        var first = new Segment(parts[0], 0);
        Segment last = first;
        foreach (byte[] part in parts.Skip(1))
        {
            last = last.Append(part);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, long runningIndex)
        {
            Memory = bytes;
            RunningIndex = runningIndex;
        }

        public Segment Append(byte[] bytes)
        {
            var next = new Segment(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
