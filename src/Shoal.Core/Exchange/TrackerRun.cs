namespace Shoal.Core.Exchange;

/// <summary>
/// A run of a swarm: from the opening of the start barrier to the moment when every member present has everything. When
/// somebody comes, or brings something new, after that, another run begins; but the same one goes on when all that has
/// come is a member that vanished from it a moment ago.
/// </summary>
internal sealed class TrackerRun(
    SwarmCatalog catalog, SwarmHoldings holdings, TrackerRoster roster, TrackerVoice voice, SwarmTrackerOptions options)
{
    private static readonly TimeSpan AdvanceInterval = TimeSpan.FromSeconds(1);

    /// <summary>Members come back to a hub that has restarted within this time, or are gone.</summary>
    private static readonly TimeSpan ReturnLimit = TimeSpan.FromSeconds(30);

    /// <summary>For so long a plan waits for them too: they follow the one that they have.</summary>
    private static readonly TimeSpan GatherLimit = TimeSpan.FromSeconds(5);

    /// <summary>The end waits so long for what members counted last: it is to be in the report.</summary>
    private static readonly TimeSpan LastCountsLimit = TimeSpan.FromMilliseconds(500);

    private TimeSpan _start;
    private TimeSpan? _completeAt;
    private TimeSpan? _resumedAt;
    private int _returning;
    private TimeSpan _lastAdvance;
    private SwarmProgress _told;

    /// <summary>Whether every member present had everything when last looked.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Whether everybody has everything, and only what they counted last is waited for.</summary>
    public bool IsClosing => _completeAt is not null && !IsFinished;

    /// <summary>Whether members have not been told of progress for a while.</summary>
    public bool IsAdvanceDue(TimeSpan now) => now - _lastAdvance >= AdvanceInterval;

    public void Begin(TimeSpan start)
    {
        _start = start;
        _resumedAt = null;
        IsFinished = false;
        foreach (TrackerMember member in roster.Present)
        {
            member.Finish = null;
            member.RememberInitial();
        }

        foreach (TrackerMember member in roster.Present)
        {
            MarkIfComplete(start, member);
        }
    }

    /// <summary>Goes on with a run that began before this hub did; members of it are still to come back.</summary>
    public void Resume(TimeSpan now, TimeSpan start)
    {
        Begin(start);
        _resumedAt = now;
        _returning = 0;
    }

    /// <summary>A member that came back says how many took part: nothing is over before they are here too.</summary>
    public void AwaitReturn(int members) => _returning = Math.Max(_returning, members);

    /// <summary>Whether a plan would be for few of those who will be here in a moment.</summary>
    public bool IsGathering(TimeSpan now) => IsReturning(now, GatherLimit);

    public void MarkIfComplete(TimeSpan now, TrackerMember member)
    {
        if (member.IsReady && member.Finish is null && member.Covers(catalog.WantedChunks))
        {
            member.Finish = now - _start;
        }
    }

    /// <summary>Tells progress if it is time, and the end of the run. True: a run has begun or goes on.</summary>
    public bool Advance(TimeSpan now, IList<SwarmTrackerEffect> effects)
    {
        SwarmProgress progress = Measure();
        bool isComplete = progress.CompleteMembers == progress.PresentMembers && !IsReturning(now, ReturnLimit);
        bool isTurn = progress.IsSettled != _told.IsSettled || progress.PresentMembers != _told.PresentMembers
            || isComplete != (_completeAt is not null);
        if (isTurn || (progress != _told && IsAdvanceDue(now)))
        {
            _told = progress;
            _lastAdvance = now;
            voice.ToAll(now, new HubMessage.Advance(progress), effects);
        }

        NoteComplete(now, isComplete);
        if (isComplete == IsFinished || IsAwaitingCounts(now))
        {
            return false;
        }

        if (!isComplete)
        {
            IsFinished = false;
            if (!IsWithReturned(now))
            {
                Begin(now);
            }

            return true;
        }

        IsFinished = true;
        ExchangeReport report = TrackerReport.Build(catalog, roster, options);
        voice.ToAll(now, new HubMessage.Finished(report), effects);
        effects.Add(new SwarmTrackerEffect.Finished(report));
        return false;
    }

    /// <summary>Whoever hears that all have everything answers with what it counted: asked for from here on.</summary>
    private void NoteComplete(TimeSpan now, bool isComplete)
    {
        if (isComplete && _completeAt is null)
        {
            foreach (TrackerMember member in roster.Present)
            {
                member.HasCountedLast = false;
            }
        }

        _completeAt = isComplete ? _completeAt ?? now : null;
    }

    private bool IsAwaitingCounts(TimeSpan now) =>
        IsClosing && now - _completeAt < LastCountsLimit && roster.Present.Any(member => !member.HasCountedLast);

    private bool IsReturning(TimeSpan now, TimeSpan limit) =>
        _resumedAt is { } at && now - at < limit && roster.ReadyCount < _returning;

    /// <summary>Whether nobody lacks anything but members that vanished from this run, and not long ago.</summary>
    private bool IsWithReturned(TimeSpan now)
    {
        foreach (TrackerMember member in roster.Present)
        {
            bool isComplete = member.IsReady && member.Covers(catalog.WantedChunks);
            bool isReturned = member.VanishedAt >= _start && now - member.VanishedAt <= TrackerWelcome.VanishedMemory;
            if (!isComplete && !isReturned)
            {
                return false;
            }
        }

        return true;
    }

    private SwarmProgress Measure()
    {
        long held = 0;
        int complete = 0;
        int settled = 0;
        foreach (TrackerMember member in roster.Present)
        {
            held += member.HeldBytes;
            complete += member.IsReady && member.Covers(catalog.WantedChunks) ? 1 : 0;
            settled += member.IsReady && member.Covers(holdings.CoveredChunks) ? 1 : 0;
        }

        int present = roster.PresentCount;
        return new SwarmProgress(held, catalog.WantedBytes * present, complete, present, settled == present);
    }
}
