using System.Collections.Immutable;
using Shoal.Cli.Parsing;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;

namespace Shoal.Cli.Join;

/// <summary>What <c>shoal join</c> was told.</summary>
internal sealed record JoinArguments
{
    /// <summary>The swarm to join.</summary>
    public required string Swarm { get; init; }

    /// <summary>What everybody is told who comes to a hub.</summary>
    public required MemberArguments Member { get; init; }

    /// <summary>How users of the hub's directory are answered whose programs are of another make.</summary>
    public DirectoryStyle Style { get; init; }

    /// <summary>When chunks go through the hub.</summary>
    public RelayUse Relay { get; init; }

    /// <summary>How many members to wait for, this one included; 0: none.</summary>
    public int Expect { get; init; }

    /// <summary>Whether to go on serving when everybody has everything.</summary>
    public bool Stay { get; init; }

    /// <summary>How long to wait for members that vanished.</summary>
    public TimeSpan Patience { get; init; }

    /// <summary>The upload capacity that is declared, or null.</summary>
    public BitRate? Up { get; init; }

    /// <summary>The download capacity that is declared, or null.</summary>
    public BitRate? Down { get; init; }

    /// <summary>The most that may be uploaded, or null.</summary>
    public BitRate? UpLimit { get; init; }

    /// <summary>The most that may be downloaded, or null.</summary>
    public BitRate? DownLimit { get; init; }

    /// <summary>The size of chunks in bytes; null: by the length of each file.</summary>
    public int? ChunkSize { get; init; }

    /// <summary>Names below the folder that are not shared.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>Whether only to say what would be shared and what would come.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Whether to compute MD5 of whole files after the finish.</summary>
    public bool Md5 { get; init; }

    /// <summary>Whether to print the progress as JSON for a program, and no report.</summary>
    public bool IsProgressJson { get; init; }
}
