using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Shoal.Cli.Frame;
using Shoal.Core.Roster;

namespace Shoal.Cli.Parsing;

/// <summary>The address of a directory, as users of Shoal and of other programs write it.</summary>
internal sealed class DirectoryAddressOptions
{
    private readonly Option<EndpointText?> _hub = TypedOption.Optional<EndpointText>(
        "--hub", "HOST:PORT", $"The directory; without a port, {CommonOptions.DefaultDirectoryPort}",
        DirectoryAddress.TryParse);

    private readonly Option<string?> _host = WithAlias(
        CommonOptions.Text("--server", "HOST", "The directory's host, as other programs call it"), "-s");

    private readonly Option<int?> _port = WithAlias(
        TypedOption.Optional<int>(
            "--port", "PORT", $"The directory's port; {CommonOptions.DefaultDirectoryPort} unless given",
            WholeNumber.From(1, ushort.MaxValue)),
        "-p");

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_host);
        command.Add(_port);
        command.Add(_hub);
    }

    /// <summary>What they say.</summary>
    public EndpointText Read(ParseResult result)
    {
        string? host = result.GetValue(_host);
        int? port = result.GetValue(_port);
        if (result.GetValue(_hub) is { } hub)
        {
            return host is null && port is null
                ? hub
                : throw new UsageException("--hub: it names host and port; leave out -s and -p.");
        }

        if (host is null)
        {
            throw new UsageException("-s: no directory is named; give -s HOST and -p PORT, or --hub HOST:PORT.");
        }

        string text = host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('[') ? $"[{host}]" : host;
        return EndpointText.TryParse(text, port ?? CommonOptions.DefaultDirectoryPort, out EndpointText address)
            && (port is null || address.Port == port)
            ? address
            : throw new UsageException($"-s: '{host}' is no host; write a name or an address, and -p PORT.");
    }

    private static TOption WithAlias<TOption>(TOption option, string alias) where TOption : Option
    {
        option.Aliases.Add(alias);
        return option;
    }
}

/// <summary>Reads the address of a directory.</summary>
internal static class DirectoryAddress
{
    public static bool TryParse(string text, out EndpointText hub, [NotNullWhen(false)] out string? reason) =>
        EndpointText.TryParse(text, CommonOptions.DefaultDirectoryPort, out hub, out reason);
}
