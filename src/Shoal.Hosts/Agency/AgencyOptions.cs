using Shoal.Core.Lottery;
using Shoal.Core.Roster;

namespace Shoal.Hosts.Agency;

/// <summary>What an agency is told.</summary>
public sealed record AgencyOptions
{
    /// <summary>Bets of a batch at most.</summary>
    public const int LargestBatch = 10_000;

    /// <summary>Bets of a batch unless another number is named.</summary>
    public const int DefaultBatch = 50;

    /// <summary>Which agency it is.</summary>
    public required AgencyId Agency { get; init; }

    /// <summary>Opens the bets at their beginning: rows as in an agency's file. Called again after each cut.</summary>
    public required Func<Stream> OpenBets { get; init; }

    /// <summary>The hub.</summary>
    public required EndpointText Hub { get; init; }

    /// <summary>What it proves itself with, and speaks HTTP; null: it speaks the text protocol.</summary>
    public string? Token { get; init; }

    /// <summary>The draw; the text protocol only knows the default one.</summary>
    public DrawName Draw { get; init; } = DrawName.Default;

    /// <summary>Bets of a batch, from 1 to <see cref="LargestBatch"/>.</summary>
    public int Batch { get; init; } = DefaultBatch;

    /// <summary>Where lines that are no bets are set aside; null: nowhere.</summary>
    public string? RejectsFile { get; init; }

    /// <summary>How it goes about its work.</summary>
    public AgencyPolicy Policy { get; init; } = new();

    /// <summary>How long the hub may say nothing while an answer is due; 60 s by default.</summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(60);
}
