using System.Diagnostics.Metrics;
using Shoal.Core.Lottery;
using Shoal.Core.Roster;

namespace Shoal.Hosts.Lottery;

/// <summary>What a lottery is told.</summary>
public sealed record LotteryOptions
{
    /// <summary>Where it listens for the text protocol; port 0 takes any free one.</summary>
    public required EndpointText Listen { get; init; }

    /// <summary>The draw that the text protocol serves.</summary>
    public DrawName Draw { get; init; } = DrawName.Default;

    /// <summary>Connections at the same time; 10,000 by default. One more is closed at once.</summary>
    public int MostConnections { get; init; } = 10_000;

    /// <summary>
    /// Bytes that hold messages and bodies which have not come whole, all of both doors together; 128 MiB by default,
    /// enough for one of an existing agency on every connection. Whoever holds most is sent away for one more.
    /// </summary>
    public long MostArriving { get; init; } = 128L * 1024 * 1024;

    /// <summary>How long a message that has begun may take to its end; 60 s by default.</summary>
    public TimeSpan MessageLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an agency may take to take its answer; 60 s by default.</summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Makes the meter; null by default: one that nobody else has.</summary>
    public IMeterFactory? Meters { get; init; }

    /// <summary>How long an agency that is sent away may take to read why; 2 s by default.</summary>
    public TimeSpan EndLimit { get; init; } = TimeSpan.FromSeconds(2);
}
