using System.Diagnostics.Metrics;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Frames;
using Shoal.Storage.Offers;

namespace Shoal.Hosts.User;

/// <summary>What a user's machine is told.</summary>
public sealed record UserOptions
{
    /// <summary>The directory.</summary>
    public required EndpointText Hub { get; init; }

    /// <summary>Where others fetch from; any free port of every address by default.</summary>
    public EndpointText Listen { get; init; } = new("", 0);

    /// <summary>The folder of published files.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// Whether a file that has the name of one that is fetched is replaced; true by default, as with other programs for
    /// the same directories.
    /// </summary>
    public bool ReplacesFiles { get; init; } = true;

    internal TakenName Taken => ReplacesFiles ? TakenName.Replace : TakenName.Keep;

    /// <summary>How others' requests for files are answered; with a zero byte behind a digit by default.</summary>
    public DirectoryStyle Style { get; init; } = DirectoryStyle.AsciiNul;

    /// <summary>How long a directory may say nothing in the middle of its reply; 15 s by default.</summary>
    public TimeSpan ReplyLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the other end of a file may neither send nor take a byte; 30 s by default.</summary>
    public TimeSpan FileSilenceLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a machine may take to say which file it wants; 5 s by default.</summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long is read on after a file, so that a reset does not swallow its end; 1 s by default.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long somebody who asks for a file may wait for the directory to say what is published; 1 s by default.
    /// </summary>
    public TimeSpan LookLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The key of a hub whose own door needs one; null by default.</summary>
    public SwarmKey? Key { get; init; }

    /// <summary>
    /// How long after a connect the hub is told what is offered; 1 s by default: a script that comes and goes tells
    /// nothing.
    /// </summary>
    public TimeSpan OfferDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A hub that says nothing on its own door for so long is dialled again; 15 s by default.</summary>
    public TimeSpan HubSilenceLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a fetch in chunks may take to meet somebody who has the file, before it is fetched in the plain way;
    /// and how long what changed at its owner meanwhile may take to be offered again. 10 s by default.
    /// </summary>
    public TimeSpan MeetLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What nobody takes for so long is given no longer, until somebody wants it; 30 s by default.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Offers that are given in chunks at the same time; 256 by default. One more is only served in the plain way.
    /// </summary>
    public int MostSources { get; init; } = 256;

    /// <summary>The pace of all that is given; null by default: as fast as others take it.</summary>
    public RateLimit? Pace { get; init; }

    /// <summary>How long leaving may take in all, the directory's answer included; 2 s by default.</summary>
    public TimeSpan LeaveLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Connections of others at the same time; 1,000 by default. One more is closed.</summary>
    public int MostConnections { get; init; } = 1000;

    /// <summary>Makes the meter; null by default: one that nobody else has.</summary>
    public IMeterFactory? Meters { get; init; }
}
