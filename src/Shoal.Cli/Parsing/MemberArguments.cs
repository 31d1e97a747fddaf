using System.Collections.Immutable;
using Shoal.Cli.Key;
using Shoal.Core.Roster;

namespace Shoal.Cli.Parsing;

/// <summary>What everybody is told who comes to a hub with a folder.</summary>
internal sealed record MemberArguments
{
    /// <summary>The hub to connect to.</summary>
    public required EndpointText Hub { get; init; }

    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The key that hub and members share.</summary>
    public required KeySource Key { get; init; }

    /// <summary>The name to have; null: the host name.</summary>
    public string? Name { get; init; }

    /// <summary>Where others connect; null: a free port on every address, or on loopback if the hub is there.</summary>
    public EndpointText? Listen { get; init; }

    /// <summary>The address that others shall dial; null: those of this machine.</summary>
    public EndpointText? Advertise { get; init; }

    /// <summary>The report file, or null.</summary>
    public string? ReportFile { get; init; }

    /// <summary>The log file, or null.</summary>
    public string? LogFile { get; init; }

    /// <summary>The name to have.</summary>
    public string NameHere => Name ?? Environment.MachineName;

    /// <summary>Where to listen; those of a hub on this machine are on this machine too.</summary>
    public EndpointText ListenHere => Listen ?? new EndpointText(Hub.IsLoopback ? Hub.Host : "", 0);

    /// <summary>The addresses that others shall dial; none: those of this machine.</summary>
    public ImmutableArray<EndpointText> Addresses => Advertise is { } address ? [address] : [];
}
