using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Hosts.Hub;

/// <summary>
/// A small swarm before the first real one, in memory and without anybody in it: its members bring a file each, get all
/// and go. What a hub plans for the first time costs it many times what it costs later, and meanwhile the links of
/// those who wait at the start barrier would idle.
/// </summary>
public static class SwarmRehearsal
{
    private const int Members = 4;
    private const int Chunks = 40;

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(250);

    /// <summary>Rehearses. Under the system clock, where the hub orders every transfer, there is nothing to.</summary>
    /// <param name="options">What the hub is told.</param>
    /// <returns>Whether the swarm began, and came to its end.</returns>
    public static bool Play(HubOptions options)
    {
        if (options.Clock is not null)
        {
            return false;
        }

        Action<TimeSpan, SwarmTrackerEvent, IList<SwarmTrackerEffect>> machine =
            HostedSwarm.MachineOf("rehearsal", options);
        var effects = new List<SwarmTrackerEffect>();
        TimeSpan now = TimeSpan.Zero;
        Manifest[] contents = [.. Enumerable.Range(1, Members).Select(ContentOf)];
        for (int i = 0; i < Members; i++)
        {
            foreach (MemberMessage message in Joining(i, contents[i]))
            {
                Say(i, message);
            }
        }

        for (int chunk = 0; chunk < Chunks; chunk++)
        {
            var came = new MemberMessage.Have(
                [.. contents.Select(content => new ChunkRef(content.Id, new ChunkIndex(chunk)))]);
            var counted = new MemberMessage.Count(new PeerTally(chunk, chunk, 0, 0, 1e6 * chunk, 3e6 * chunk));
            for (int i = 0; i < Members; i++)
            {
                Say(i, came);
            }

            for (int i = 0; i < Members; i++)
            {
                Say(i, counted);
            }

            now += s_step;
            machine(now, new SwarmTrackerEvent.Tick(), effects);
        }

        for (int i = 0; i < Members; i++)
        {
            Say(i, new MemberMessage.Leave());
        }

        return effects.OfType<SwarmTrackerEffect.Finished>().Any() && effects[^1] is SwarmTrackerEffect.Ended;

        void Say(int member, MemberMessage message) =>
            machine(now, new SwarmTrackerEvent.FromMember(new LinkId(member + 1), message), effects);
    }

    private static Manifest ContentOf(int first)
    {
        var layout = new ChunkLayout((long)Chunks * ChunkLayout.SmallestSize, ChunkLayout.SmallestSize);
        var bytes = new byte[Digest.Size];
        bytes[0] = (byte)first;
        return new Manifest(layout, [.. Enumerable.Range(0, Chunks).Select(_ => new Digest(bytes))]);
    }

    private static ImmutableArray<MemberMessage> Joining(int member, Manifest content)
    {
        var peer = new PeerId(1, (ulong)member + 1);
        string name = $"peer{member + 1}";
        return
        [
            new MemberMessage.Join(
                "rehearsal", peer, name, [$"127.0.0.1:{member + 1}"], default, Members, 0, null, null),
            new MemberMessage.Describe([content]),
            new MemberMessage.Share(
                peer, name, [new SharedEntry.File(EntryName.Parse(name), content.Id, 0, IsExecutable: false)]),
            new MemberMessage.Hold([new Holding(content.Id, Bitfield.Full(Chunks))]),
            new MemberMessage.Ready(),
        ];
    }
}
