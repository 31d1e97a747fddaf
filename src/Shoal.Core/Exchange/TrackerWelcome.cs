namespace Shoal.Core.Exchange;

/// <summary>What those are told who come: a new member, and somebody who only looks.</summary>
internal sealed class TrackerWelcome(TrackerRoster roster, TrackerVoice voice, TrackerContents contents)
{
    /// <summary>
    /// Newcomers are told of members that vanished within this time: the patience that peers have by default.
    /// </summary>
    public static readonly TimeSpan VanishedMemory = TimeSpan.FromSeconds(60);

    /// <summary>A new member is told all that there is, and the others are told of it.</summary>
    public void Tell(TimeSpan now, TrackerMember member, DistributionPlan? plan, IList<SwarmTrackerEffect> effects)
    {
        TrackerVoice.ToMember(now, member, new HubMessage.Welcome(member.Member), effects);
        foreach (TrackerMember other in roster.Present)
        {
            if (other != member)
            {
                TrackerVoice.ToMember(now, member, new HubMessage.Joined(other.Member), effects);
            }
        }

        voice.ToOthers(now, member, new HubMessage.Joined(member.Member), effects);
        TellVanished(now, member, effects);
        contents.TellAll(now, member, effects);
        if (plan is not null)
        {
            TrackerVoice.ToMember(now, member, new HubMessage.Follow(plan), effects);
        }
    }

    /// <summary>Somebody who is no member wants to see what there is: nothing here changes by it.</summary>
    public void Show(LinkId link, IList<SwarmTrackerEffect> effects)
    {
        foreach (TrackerMember member in roster.Present)
        {
            effects.Add(new SwarmTrackerEffect.ToMember(link, new HubMessage.Joined(member.Member)));
        }

        foreach (HubMessage message in contents.Everything())
        {
            effects.Add(new SwarmTrackerEffect.ToMember(link, message));
        }

        effects.Add(new SwarmTrackerEffect.ToMember(link, new HubMessage.Seen()));
    }

    /// <summary>
    /// Whoever comes shall wait, as all others do, for members that vanished a moment ago before they had
    /// everything: it may be the one who has what they need.
    /// </summary>
    private void TellVanished(TimeSpan now, TrackerMember member, IList<SwarmTrackerEffect> effects)
    {
        foreach (TrackerMember gone in roster.All)
        {
            if (gone.Departure == Departure.VanishedIncomplete && now - gone.GoneAt <= VanishedMemory)
            {
                TrackerVoice.ToMember(now, member, new HubMessage.Joined(gone.Member), effects);
                TrackerVoice.ToMember(
                    now, member, new HubMessage.Gone(gone.Id, Departure.VanishedIncomplete), effects);
            }
        }
    }
}
