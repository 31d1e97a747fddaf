using System.Diagnostics.Metrics;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;

namespace Shoal.Hosts.Members;

/// <summary>What a hub is told about its directory.</summary>
public sealed record MembersOptions
{
    /// <summary>Where it listens; port 0 takes any free one.</summary>
    public required EndpointText Listen { get; init; }

    /// <summary>How replies look; with a zero byte behind a digit by default.</summary>
    public DirectoryStyle Style { get; init; } = DirectoryStyle.AsciiNul;

    /// <summary>How the line about a request looks; brief by default.</summary>
    public RequestLineForm LineForm { get; init; } = RequestLineForm.Brief;

    /// <summary>The limits of the directory itself.</summary>
    public UserDirectoryOptions Directory { get; init; } = new();

    /// <summary>Connections at the same time; 10,000 by default.</summary>
    public int MostConnections { get; init; } = 10_000;

    /// <summary>How long a caller may say nothing in the middle of its request; 5 s by default.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request may take to come in all; 20 s by default.</summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a caller may leave a reply lying; 10 s by default.</summary>
    public TimeSpan ReplyLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long is read on after a reply, so that a reset does not swallow it; 1 s by default.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a user's machine may take to accept a probe; 3 s by default.</summary>
    public TimeSpan ProbeLimit { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Probes under way at the same time; 256 by default.</summary>
    public int MostProbes { get; init; } = 256;

    /// <summary>
    /// Where the hub's own door is, for users whose program speaks the exchange; null by default: they are told of
    /// none.
    /// </summary>
    public EndpointText? Exchange { get; init; }

    /// <summary>Told of every change, one after the other, once it is on disk; null by default: nobody is.</summary>
    public Func<DirectoryChange, ValueTask>? Changed { get; init; }

    /// <summary>Makes the meter; null by default: one that nobody else has.</summary>
    public IMeterFactory? Meters { get; init; }

    /// <summary>Takes the lines that users of other directories look for; null: nobody does.</summary>
    public Action<string>? Print { get; init; }
}

/// <summary>How the line about a request looks.</summary>
public enum RequestLineForm
{
    /// <summary><c>s> REGISTER FROM anna</c>.</summary>
    Brief,

    /// <summary><c>s> OPERATION REGISTER FROM anna</c>.</summary>
    Full,
}
