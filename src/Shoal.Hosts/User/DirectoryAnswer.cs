using System.Collections.Immutable;
using Shoal.Core.Members;
using Shoal.Core.Wire.Directory;

namespace Shoal.Hosts.User;

/// <summary>What came of an operation, as its user learns it.</summary>
/// <param name="Result">What the directory said, or what could be said without asking it.</param>
public sealed record DirectoryAnswer(DirectoryResult Result)
{
    /// <summary>Why there is no better result, for people; null: the directory said it all.</summary>
    public string? Reason { get; init; }

    /// <summary>The rows of a list of users.</summary>
    public ImmutableArray<UserRow> Users { get; init; } = [];

    /// <summary>The rows of a list of publications.</summary>
    public ImmutableArray<ContentRow> Contents { get; init; } = [];

    /// <summary>Whether the directory was not reached, or did not answer as a directory does.</summary>
    public bool IsUnanswered { get; init; }

    /// <summary>The answer that a directory gave.</summary>
    public static DirectoryAnswer Of(ReceivedReply reply) => new(reply.Result)
    {
        Users = reply.Users,
        Contents = reply.Contents,
    };

    /// <summary>The answer of a directory that could not be asked.</summary>
    public static DirectoryAnswer Unanswered(string reason) =>
        new(DirectoryResult.Refused) { Reason = reason, IsUnanswered = true };

    /// <summary>The answer to what no directory takes.</summary>
    public static DirectoryAnswer Refused(string reason) => new(DirectoryResult.Refused) { Reason = reason };
}
