namespace Shoal.Core.Exchange;

/// <summary>How the tracker speaks to its members.</summary>
internal sealed class TrackerVoice(TrackerRoster roster)
{
    private static readonly TimeSpan AliveInterval = TimeSpan.FromSeconds(1);

    public static void ToMember(
        TimeSpan now, TrackerMember member, HubMessage message, IList<SwarmTrackerEffect> effects)
    {
        member.LastTold = now;
        effects.Add(new SwarmTrackerEffect.ToMember(member.Link!.Value, message));
    }

    public void ToAll(TimeSpan now, HubMessage message, IList<SwarmTrackerEffect> effects)
    {
        foreach (TrackerMember member in roster.Present)
        {
            ToMember(now, member, message, effects);
        }
    }

    public void ToOthers(TimeSpan now, TrackerMember self, HubMessage message, IList<SwarmTrackerEffect> effects)
    {
        foreach (TrackerMember member in roster.Present)
        {
            if (member != self)
            {
                ToMember(now, member, message, effects);
            }
        }
    }

    /// <summary>Says to those who have heard nothing for a while that the hub is there.</summary>
    public void Tick(TimeSpan now, IList<SwarmTrackerEffect> effects)
    {
        foreach (TrackerMember member in roster.Present)
        {
            if (now - member.LastTold >= AliveInterval)
            {
                ToMember(now, member, new HubMessage.Alive(), effects);
            }
        }
    }
}
