using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Shoal.Core.Lottery;

namespace Shoal.Hosts.Agency;

/// <summary>What an agency says in its log of how it goes.</summary>
internal sealed class AgencyVoice(AgencyId agency, ILogger log)
{
    private readonly int _id = agency.Value;
    private string? _knownReason;

    /// <summary>Says what the hub has answered.</summary>
    public void Tell(AgencyEvent @event)
    {
        switch (@event)
        {
            case AgencyEvent.BatchStored stored:
                log.BatchAcked(_id, stored.Number);
                break;
            case AgencyEvent.CloseNoted:
                log.CloseAcked(_id);
                break;
            case AgencyEvent.Connected connected:
                _knownReason = null;
                log.Connected(_id, connected.Stored is { } known ? $"{known.Bets}" : "not told");
                break;
        }
    }

    /// <summary>Says that it waits before it comes back: of a hub that is away for long a line, not one each time.
    /// </summary>
    public void Pausing(string reason, TimeSpan pause)
    {
        long milliseconds = (long)pause.TotalMilliseconds;
        if (reason == _knownReason)
        {
            log.StillPausing(_id, reason, milliseconds);
        }
        else
        {
            log.Pausing(_id, reason, milliseconds);
        }

        _knownReason = reason;
    }

    /// <summary>Says that a line of the file is no bet.</summary>
    public void BadLineRead(BadLine line) => log.BadLineRead(_id, line.Number, line.Reason);

    /// <summary>Says that it waits for the draw.</summary>
    public void AskingBegun() => log.AskingBegun(_id);

    /// <summary>Says who has won, and that all is done.</summary>
    public void Finished(ImmutableArray<string> documents)
    {
        log.WinnersTold(_id, documents.Length, $"[{string.Join(' ', documents)}]");
        log.Finished(_id);
    }

    /// <summary>Says that it cannot go on.</summary>
    public void Failed(string reason) => log.Failed(_id, reason);
}
