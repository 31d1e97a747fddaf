using System.Collections.Immutable;

namespace Shoal.Hosts.Conform;

/// <summary>A case of the table: what a directory answers to a request.</summary>
/// <param name="Name">What it is about; no other has the same.</param>
/// <param name="Steps">What comes before the request.</param>
/// <param name="Manner">How the request is sent.</param>
/// <param name="Request">The request, with names to be filled in.</param>
/// <param name="Expected">What the protocol has it answer.</param>
internal sealed record ConformCase(
    string Name, ImmutableArray<string> Steps, SendManner Manner, string Request, ConformReply Expected)
{
    /// <summary>The step in which the directory is started again.</summary>
    public const string Restart = "*";

    /// <summary>Whether the directory is started again in between.</summary>
    public bool NeedsRestart => Steps.Contains(Restart);
}

/// <summary>How a request is sent.</summary>
internal enum SendManner
{
    /// <summary>At once.</summary>
    Whole,

    /// <summary>Byte by byte.</summary>
    Drip,

    /// <summary>What there is of it, and then nothing.</summary>
    Half,

    /// <summary>What there is of it, and then the end.</summary>
    End,

    /// <summary>With bytes behind it that nobody asked for.</summary>
    More,
}

/// <summary>What a case expects.</summary>
internal abstract record ConformReply
{
    private ConformReply()
    {
    }

    /// <summary>A code alone.</summary>
    public sealed record Code(int Value) : ConformReply;

    /// <summary>A list with these users, and without those; others may be there.</summary>
    public sealed record Users(ImmutableArray<string> There, ImmutableArray<string> Gone) : ConformReply;

    /// <summary>A list of exactly these publications.</summary>
    public sealed record Contents(ImmutableArray<ExpectedContent> Rows) : ConformReply;

    /// <summary>The connection is closed without a word.</summary>
    public sealed record Nothing : ConformReply;
}

/// <summary>A publication in an expected list.</summary>
/// <param name="File">Its name.</param>
/// <param name="Description">What it is; null: anything.</param>
internal sealed record ExpectedContent(string File, string? Description);
