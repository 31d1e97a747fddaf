using System.Collections.Immutable;
using Shoal.Core.Members;

namespace Shoal.Core.Wire.Directory;

/// <summary>
/// A reply as a client read it; of any program, so its rows are texts and nothing more is known of them.
/// </summary>
/// <param name="Operation">What was asked.</param>
/// <param name="Code">What came of it, 0 to 9.</param>
/// <param name="Users">The rows of a list of users.</param>
/// <param name="Contents">The rows of a list of publications.</param>
public sealed record ReceivedReply(
    DirectoryOperation Operation, int Code, ImmutableArray<UserRow> Users, ImmutableArray<ContentRow> Contents)
{
    /// <summary>What the code says.</summary>
    public DirectoryResult Result => ReplyCodes.ResultOf(Operation, Code);
}

/// <summary>A connected user in a list.</summary>
/// <param name="User">Who.</param>
/// <param name="Address">Where the user's machine is.</param>
/// <param name="Port">Where it listens.</param>
public readonly record struct UserRow(string User, string Address, string Port);

/// <summary>A publication in a list.</summary>
/// <param name="File">Its name.</param>
/// <param name="Description">What it is; empty where the style has none.</param>
public readonly record struct ContentRow(string File, string Description);
