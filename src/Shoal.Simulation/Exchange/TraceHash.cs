using Shoal.Core.Randomness;
using Shoal.Core.Time;

namespace Shoal.Simulation.Exchange;

/// <summary>One number for all that happened in a run: equal runs, equal numbers.</summary>
internal sealed class TraceHash
{
    public ulong Value { get; private set; } = 0x5348_4F41_4C;

    public void Add(VirtualTime time, int what, int who, int other)
    {
        Mix((ulong)time.Nanoseconds);
        Mix(((ulong)(uint)what << 48) ^ ((ulong)(uint)who << 24) ^ (uint)other);
    }

    private void Mix(ulong word) => Value = DeterministicRandom.Mix(Value + 0x9E37_79B9_7F4A_7C15) ^ word;
}
