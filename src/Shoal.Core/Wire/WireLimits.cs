using Shoal.Core.Content;

namespace Shoal.Core.Wire;

/// <summary>
/// What may travel at most. A decoder refuses more; an encoder splits lists, cuts texts for people, and
/// throws for the rest, because such a value should not have come into being here.
/// </summary>
public static class WireLimits
{
    /// <summary>The body of any frame but a chunk and a report, in bytes.</summary>
    public const int ControlBytes = 1024 * 1024;

    /// <summary>
    /// The body of a report, in bytes: a line of it for each of <see cref="Members"/> members.
    /// </summary>
    public const int ReportBytes = 2 * 1024 * 1024;

    /// <summary>The body of a frame that lists chunks, in bytes: it grows tenfold in memory.</summary>
    public const int ChunkListBytes = 64 * 1024;

    /// <summary>The body of a frame that fits without a list, in bytes.</summary>
    public const int SmallBytes = 16 * 1024;

    /// <summary>The body of a chunk frame, in bytes.</summary>
    public const int ChunkBytes = Exchange.ChunkHeader.Size + ChunkLayout.LargestSize;

    /// <summary>Members of a swarm, so that a plan and a report fit into a frame each.</summary>
    public const int Members = 4096;

    /// <summary>A swarm's name, in bytes of UTF-8.</summary>
    public const int SwarmNameBytes = 300;

    /// <summary>The name that a peer asks for, in bytes of UTF-8.</summary>
    public const int AskedNameBytes = 300;

    /// <summary>A peer's name on the roster, in bytes of UTF-8: what it asked for, with a suffix.</summary>
    public const int NameBytes = 320;

    /// <summary>A user of a directory, or what it publishes, in bytes of UTF-8.</summary>
    public const int DirectoryNameBytes = 255;

    /// <summary>Addresses of one peer.</summary>
    public const int Endpoints = 16;

    /// <summary>
    /// One address, in bytes: the longest host name, a colon and a port, with brackets and a zone.
    /// </summary>
    public const int EndpointBytes = 300;

    /// <summary>The name of an entry, in bytes of UTF-8.</summary>
    public const int EntryNameBytes = EntryName.MostBytes;

    /// <summary>A sentence for people, in bytes of UTF-8; longer ones are cut.</summary>
    public const int SentenceBytes = 1024;
}
