using System.Collections.Immutable;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>
/// When a peer leaves, and how its part ended. It leaves when every member present has everything; for members that
/// vanished before, it waits as long as its patience lasts. What nobody present has is missing after the same wait.
/// </summary>
internal sealed class PeerEnding(
    SwarmPeerOptions options, PeerChunks chunks, PeerShares shares, PeerRoster roster, PeerOrders orders)
{
    private readonly List<MissingContent> _withdrawn = [];
    private ExchangeReport? _report;
    private TimeSpan? _settledAt;
    private TimeSpan? _hubLostAt;
    private TimeSpan _lastMove;
    private bool _othersComplete;
    private bool _hasToldWaiting;

    public void HubLost(TimeSpan now) => _hubLostAt ??= now;

    public void HubBack() => _hubLostAt = null;

    public void Finished(ExchangeReport report) => _report = report;

    /// <summary>
    /// Somebody is here (again): what the hub said of the end was said of the others, and is said anew when it holds.
    /// </summary>
    public void Joined() => _report = null;

    public void Advanced(TimeSpan now, SwarmProgress progress)
    {
        _settledAt = progress.IsSettled ? _settledAt ?? now : null;
        if (progress.CompleteMembers < progress.PresentMembers)
        {
            _report = null;
        }
    }

    /// <summary>Nobody can bring a content any more: the run cannot end complete.</summary>
    public void Withdrawn(CatalogContent content, PeerId by)
    {
        (var names, _) = shares.Of(content.Id);
        string holder = by == options.Peer ? options.Name : roster.Find(by)?.Name ?? by.Brief;
        _withdrawn.Add(new MissingContent(content.Id, content.ChunkCount, content.Manifest.Length, names, [holder]));
    }

    public void Tick(TimeSpan now, TimeSpan lastProgress, IEnumerable<Neighbour> neighbours)
    {
        _lastMove = lastProgress > _lastMove ? lastProgress : _lastMove;
        _othersComplete = true;
        foreach (Neighbour neighbour in neighbours)
        {
            _othersComplete &= neighbour.IsRelay || neighbour.Has.Count >= chunks.Catalog.WantedChunks;
            _lastMove = Max(_lastMove, neighbour.LastArrival);
        }
    }

    /// <summary>Said once: everybody here has all that there is, and the peer waits for those that vanished.</summary>
    public TimeSpan? Waiting(TimeSpan now)
    {
        bool isWaiting = chunks.IsComplete
            ? _report is not null && roster.Vanished(out _).Count > 0
            : _settledAt is not null && now - _settledAt > SwarmPeer.SilenceLimit;
        bool isNews = isWaiting && !_hasToldWaiting;
        _hasToldWaiting = isWaiting;
        return isNews ? options.Patience : null;
    }

    /// <summary>How the peer's part has ended; null: it has not.</summary>
    public SwarmOutcome? Outcome(TimeSpan now, int flights, IEnumerable<Neighbour> neighbours)
    {
        if (chunks.IsComplete)
        {
            return IsDone(now) && !options.Stay ? Completed() : null;
        }

        return IsHopeless(now, flights, neighbours) ? new SwarmOutcome.Incomplete(_report, Missing()) : null;
    }

    /// <summary>How it ends when the user stops it now.</summary>
    public SwarmOutcome Stop() =>
        chunks.IsComplete && (_report is not null || options.Stay)
            ? Completed()
            : new SwarmOutcome.Stopped(chunks.MissingBytes);

    private SwarmOutcome Completed() =>
        _withdrawn.Count == 0
            ? new SwarmOutcome.Complete(_report, [.. roster.Vanished(out _)])
            : new SwarmOutcome.Incomplete(_report, [.. _withdrawn]);

    private bool IsDone(TimeSpan now)
    {
        if (_report is not null)
        {
            return roster.Vanished(out TimeSpan last).Count == 0 || now - last >= options.Patience;
        }

        // Without a hub nobody says that all are done; what the neighbours have is all that can be known.
        return _hubLostAt is { } lost && _othersComplete && now - lost >= options.Patience;
    }

    private bool IsHopeless(TimeSpan now, int flights, IEnumerable<Neighbour> neighbours)
    {
        if (_settledAt is { } settled && _hubLostAt is null)
        {
            return now - Max(settled, roster.LastDeparture()) >= options.Patience;
        }

        // A hub that orders what is to be done sees to it that things go on, and says when they do not.
        if (orders.IsOrdered && _hubLostAt is null)
        {
            return false;
        }

        TimeSpan since = Max(_lastMove, _hubLostAt ?? TimeSpan.MinValue);
        return flights == 0 && now - since >= options.Patience
            && now - Max(since, roster.LastDeparture()) >= options.Patience
            && !neighbours.Any(neighbour => CanHelp(now, neighbour));
    }

    /// <summary>
    /// Whether a neighbour has what is missing and does its part: it will be asked as soon as the source that the plan
    /// has for it is given up, however short the patience is.
    /// </summary>
    private bool CanHelp(TimeSpan now, Neighbour neighbour)
    {
        int chunk = neighbour.IsSilent(now) || neighbour.IsDoubtful ? -1 : neighbour.Has.NextFrom(0);
        while (chunk >= 0 && !chunks.IsMissing(chunk))
        {
            chunk = neighbour.Has.NextFrom(chunk + 1);
        }

        return chunk >= 0;
    }

    private ImmutableArray<MissingContent> Missing()
    {
        var missing = ImmutableArray.CreateBuilder<MissingContent>();
        foreach (CatalogContent content in chunks.Catalog.Contents)
        {
            int count = 0;
            long bytes = 0;
            int first = -1;
            for (int chunk = content.FirstChunk; chunk < content.FirstChunk + content.ChunkCount; chunk++)
            {
                if (chunks.IsMissing(chunk))
                {
                    first = first < 0 ? chunk : first;
                    count++;
                    bytes += chunks.Catalog.LengthOf(chunk);
                }
            }

            if (count > 0)
            {
                (var names, List<PeerId> origins) = shares.Of(content.Id);
                missing.Add(new MissingContent(
                    content.Id, count, bytes, names, [.. roster.GoneHolders(first, origins)]));
            }
        }

        missing.AddRange(_withdrawn);
        return missing.ToImmutable();
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
