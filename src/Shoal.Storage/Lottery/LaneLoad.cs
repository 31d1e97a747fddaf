namespace Shoal.Storage.Lottery;

/// <summary>What keeps a lane to a database busy, for whoever chooses one.</summary>
/// <param name="Pending">Works that are not done yet.</param>
/// <param name="IsFar">Whether its rounds mostly wait, for a network or a disk, rather than work.</param>
internal readonly record struct LaneLoad(int Pending, bool IsFar)
{
    /// <summary>Works in a lane for which the next lane is taken.</summary>
    public const int MostShared = 8;

    // What a round takes of a database that is near, by itself and for each work.
    private static readonly TimeSpan s_nearRound = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_nearWork = TimeSpan.FromMilliseconds(0.5);

    /// <summary>Whether a round took so long that it must have waited.</summary>
    public static bool IsFarFor(TimeSpan round, int works) => round > s_nearRound + (works * s_nearWork);

    /// <summary>
    /// Chooses a lane for one more work. To share a round costs both machines less than a round of its own: one trip,
    /// one transaction, one sync. Only where rounds wait, or many are pending, a work is better off in a lane of its
    /// own.
    /// </summary>
    /// <param name="lanes">The loads, at least one.</param>
    /// <returns>The lane's place.</returns>
    public static int Choose(ReadOnlySpan<LaneLoad> lanes)
    {
        int least = 0;
        for (int i = 0; i < lanes.Length; i++)
        {
            if (lanes[i].Pending == 0 || (!lanes[i].IsFar && lanes[i].Pending < MostShared))
            {
                return i;
            }

            least = lanes[i].Pending < lanes[least].Pending ? i : least;
        }

        return least;
    }
}
