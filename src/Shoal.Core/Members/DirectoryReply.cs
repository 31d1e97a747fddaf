using System.Collections.Immutable;

namespace Shoal.Core.Members;

/// <summary>A directory's answer.</summary>
public abstract record DirectoryReply
{
    private DirectoryReply(DirectoryResult result) => Result = result;

    /// <summary>What came of the request.</summary>
    public DirectoryResult Result { get; }

    /// <summary>Nothing but a result.</summary>
    /// <param name="Result">What came of the request.</param>
    public sealed record Plain(DirectoryResult Result) : DirectoryReply(Result);

    /// <summary>Who is connected.</summary>
    /// <param name="List">In the order of connecting.</param>
    public sealed record Users(ImmutableArray<ConnectedUser> List) : DirectoryReply(DirectoryResult.Done);

    /// <summary>What a user offers.</summary>
    /// <param name="List">In the order of publication.</param>
    public sealed record Contents(ImmutableArray<Publication> List) : DirectoryReply(DirectoryResult.Done);
}
