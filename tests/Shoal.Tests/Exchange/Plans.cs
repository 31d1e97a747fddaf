using System.Buffers.Binary;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;

namespace Shoal.Tests.Exchange;

/// <summary>Plans and the chunks to ask them about.</summary>
internal static class Plans
{
    public static PeerId Peer(int index) => new(0, (ulong)index + 1);

    public static int IndexOf(PeerId peer) => (int)peer.Low - 1;

    public static ContentId Content(ulong number)
    {
        Span<byte> bytes = stackalloc byte[Digest.Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, DeterministicRandom.Mix(number));
        return new ContentId(new Digest(bytes));
    }

    public static ChunkRef Chunk(int index, ulong content = 1) =>
        new(Content(content), new ChunkIndex(index));

    /// <summary>What a planner is told of a shape in which every content has one holder.</summary>
    public static PlanInput[] Inputs(SwarmShape shape) =>
        [.. shape.Peers.Select((link, i) => new PlanInput(Peer(i), link.Up, Owned(shape, i), 0))];

    public static double Owned(SwarmShape shape, int peer) =>
        shape.Holdings.Where(held => held.Holders.SequenceEqual([peer])).Sum(held => held.Bytes);

    /// <summary>The largest time that any peer takes to upload what the plan gives it, in seconds.</summary>
    public static double LoadSeconds(DistributionPlan plan, IReadOnlyList<PlanInput> inputs)
    {
        double most = 0;
        for (int i = 0; i < inputs.Count; i++)
        {
            double forwards = (inputs.Count - 2) * plan.Shares[i].ShareBytes;
            double load = inputs[i].SoleBytes + inputs[i].CommittedBytes + forwards;
            most = Math.Max(most, load == 0 ? 0 : load / inputs[i].Up!.Value);
        }

        return most;
    }
}
