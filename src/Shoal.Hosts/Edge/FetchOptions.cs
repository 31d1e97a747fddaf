using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Edge;

namespace Shoal.Hosts.Edge;

/// <summary>What a client is told.</summary>
public sealed record FetchOptions : TierHostOptions
{
    /// <summary>What it wants, as it becomes known; all together in the order of the list.</summary>
    public required IAsyncEnumerable<FetchWish> List { get; init; }

    /// <summary>Whether files start in the order of the list; kept by default.</summary>
    public ListOrder Order { get; init; }
}

/// <summary>What a client wants.</summary>
public abstract record FetchWish
{
    private FetchWish()
    {
    }

    /// <summary>Files by name.</summary>
    /// <param name="Entries">The names, in order.</param>
    public sealed record Names(ImmutableArray<EntryName> Entries) : FetchWish;

    /// <summary>All files with names like this.</summary>
    /// <param name="Glob">Of a name <c>*</c> is any characters, <c>?</c> is one.</param>
    public sealed record Like(string Glob) : FetchWish;
}
