using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.Members;

namespace Shoal.Cli.Hub;

/// <summary>The options of <c>shoal hub</c> that are about its directory.</summary>
internal sealed class HubDirectoryOptions
{
    private readonly Option<EndpointText?> _listen = TypedOption.Optional<EndpointText>(
        "--directory", "ADDR:PORT",
        $"Serve a directory here: users, and what they publish; without a port, {CommonOptions.DefaultDirectoryPort}",
        TryParseListen);

    private readonly Option<string> _style = TypedOption.Choice(
        "--directory-style", "How replies look; a request does not tell what its client reads", "ascii-nul", "raw",
        "ascii-bare");

    private readonly Option<string> _log = TypedOption.Choice(
        "--directory-log", "How the line about a request looks", "short", "long");

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_listen);
        command.Add(_style);
        command.Add(_log);
    }

    /// <summary>What they say; null: there is to be no directory.</summary>
    public HubDirectoryArguments? Read(ParseResult result)
    {
        if (result.GetValue(_listen) is not { } listen)
        {
            Refuse(result, _style);
            Refuse(result, _log);
            return null;
        }

        return new HubDirectoryArguments(
            listen, StyleOf(result.GetValue(_style)!),
            result.GetValue(_log) == "long" ? RequestLineForm.Full : RequestLineForm.Brief);
    }

    private static DirectoryStyle StyleOf(string text) => text switch
    {
        "raw" => DirectoryStyle.Raw,
        "ascii-bare" => DirectoryStyle.AsciiBare,
        _ => DirectoryStyle.AsciiNul,
    };

    private static void Refuse(ParseResult result, Option option)
    {
        if (result.GetResult(option) is { Implicit: false })
        {
            throw new UsageException($"{option.Name}: there is no directory; give --directory ADDR:PORT too.");
        }
    }

    private static bool TryParseListen(
        string text, out EndpointText address, [NotNullWhen(false)] out string? reason) =>
        EndpointText.TryParse(text, CommonOptions.DefaultDirectoryPort, out address, out reason);
}
