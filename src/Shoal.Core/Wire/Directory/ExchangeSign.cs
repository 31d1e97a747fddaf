using System.Collections.Immutable;
using Shoal.Core.Members;
using Shoal.Core.Roster;

namespace Shoal.Core.Wire.Directory;

/// <summary>
/// How two programs of this make know each other at a directory, without a word that another program would not
/// understand: every hub of this make has a user of a certain name, whose only publication says where its own door is.
/// Of any other directory a listing of that user says that there is no such user.
/// </summary>
public static class ExchangeSign
{
    private const string User = ".shoal";
    private const string Prefix = "exchange:";
    private const string Text = "where users of shoal exchange what they publish";

    /// <summary>The user; never connected, and so in no list.</summary>
    public static UserName Name { get; } =
        UserName.TryCreate(User, out UserName name) ? name : throw new InvalidOperationException();

    /// <summary>What a user asks to find the sign.</summary>
    public static DirectoryRequest Ask(UserName user) => new DirectoryRequest.ListContent(user, Name);

    /// <summary>Whether a request asks for the sign.</summary>
    public static bool IsAsked(DirectoryRequest request) =>
        request is DirectoryRequest.ListContent { Target: var target } && target == Name;

    /// <summary>Whether a request would make somebody else the user of that name.</summary>
    public static bool IsTaken(DirectoryRequest request) =>
        request is DirectoryRequest.Register { User: var user } && user == Name;

    /// <summary>The answer.</summary>
    /// <param name="own">What the one who asks is answered of its own publications: whether it may ask at all.</param>
    /// <param name="door">Where the hub's own door is.</param>
    public static DirectoryReply Answer(DirectoryReply own, EndpointText door)
    {
        string place = door.IsAny ? $"{Prefix}{door.Port}" : $"{Prefix}{door}";
        return own is DirectoryReply.Contents && PublicationName.TryCreate(place, out PublicationName file)
            && Description.TryCreate(Text, out Description text)
                ? new DirectoryReply.Contents([new Publication(1, Name, file, text)])
                : own;
    }

    /// <summary>Reads the sign.</summary>
    /// <param name="rows">The listing.</param>
    /// <param name="directory">Where the directory was asked: a door that names no address is there too.</param>
    /// <returns>Where the hub's own door is; null: this is no sign.</returns>
    public static EndpointText? Read(ImmutableArray<ContentRow> rows, EndpointText directory)
    {
        if (rows is not [{ File: var file }] || !file.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        string place = file[Prefix.Length..];
        string whole = place.Contains(':', StringComparison.Ordinal)
            ? place
            : (directory with { Port = 0 }).ToString()[..^1] + place;
        return EndpointText.TryParse(whole, null, out EndpointText door) ? door : null;
    }
}
