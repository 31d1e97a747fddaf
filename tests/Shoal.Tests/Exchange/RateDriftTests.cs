using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Tests.Exchange;

/// <summary>What the plan makes of uplinks that give less than was declared.</summary>
public sealed class RateDriftTests
{
    private static readonly DeclaredCapacity s_capacity = new(1_000_000, 1_000_000);

    private readonly TrackerDesk _desk = new();

    public RateDriftTests()
    {
        for (int member = 1; member <= 4; member++)
        {
            Manifest content = SwarmWords.Content(100, (byte)member);
            _desk.Join(member, expect: 4, s_capacity);
            _desk.Bring(member, content);
        }

        for (int member = 1; member <= 4; member++)
        {
            _desk.Say(member, new MemberMessage.Ready());
        }
    }

    [Fact]
    public void An_uplink_that_gives_far_less_than_declared_hands_on_less()
    {
        PlanShare declared = ShareOf(2);
        Count(2, rate: 200_000);
        Assert.True(ShareOf(2).ShareBytes < declared.ShareBytes / 2, $"{declared} {ShareOf(2)}");

        // It was a passing weakness.
        Count(2, rate: 900_000);
        Assert.Equal(declared.ShareBytes, ShareOf(2).ShareBytes, 3);
    }

    [Fact]
    public void One_that_gives_a_little_less_is_taken_for_what_was_declared()
    {
        PlanShare declared = ShareOf(2);
        Count(2, rate: 700_000);
        Assert.Equal(declared, ShareOf(2));
        Assert.Single(_desk.Told<HubMessage.Follow>(1));
    }

    private void Count(int member, double rate)
    {
        _desk.Say(member, new MemberMessage.Count(new PeerTally { UpRate = rate }));
        for (int i = 0; i < 8; i++)
        {
            _desk.Tick(0.25);
        }
    }

    private PlanShare ShareOf(int member) => _desk.Told<HubMessage.Follow>(1)[^1].Plan.Shares
        .Single(share => share.Peer == SwarmWords.Peer(member));
}
