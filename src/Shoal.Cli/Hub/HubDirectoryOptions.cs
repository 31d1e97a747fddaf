using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Roster;
using Shoal.Hosts.Members;

namespace Shoal.Cli.Hub;

/// <summary>The options of <c>shoal hub</c> that are about its directory.</summary>
internal sealed class HubDirectoryOptions
{
    private readonly Option<EndpointText?> _listen = TypedOption.Optional<EndpointText>(
        "--directory", "ADDR:PORT",
        $"Serve a directory here: users, and what they publish; without a port, {CommonOptions.DefaultDirectoryPort}",
        TryParseListen);

    private readonly Option<string> _style = StyleOption.Create(
        "--directory-style", "How replies look; a request does not tell what its client reads");

    private readonly Option<string> _log = TypedOption.Choice(
        "--directory-log", "How the line about a request looks", "short", "long");

    private readonly Option<EndpointText?> _audit = TypedOption.Optional<EndpointText>(
        "--audit", "HOST[:PORT]",
        $"Send the directory's operations to 'shoal audit' there; without a port, its port mapper is asked. Else the "
        + $"host in the environment variable {AuditVariable}",
        TryParseAudit);

    /// <summary>The environment variable that names the log's side.</summary>
    public const string AuditVariable = "LOG_RPC_IP";

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_listen);
        command.Add(_style);
        command.Add(_log);
        command.Add(_audit);
    }

    /// <summary>What they say; null: there is to be no directory.</summary>
    public HubDirectoryArguments? Read(ParseResult result, Func<string, string?> variable)
    {
        if (result.GetValue(_listen) is not { } listen)
        {
            Refuse(result, _style);
            Refuse(result, _log);
            Refuse(result, _audit);
            return null;
        }

        return new HubDirectoryArguments(
            listen, StyleOption.Of(result.GetValue(_style)!),
            result.GetValue(_log) == "long" ? RequestLineForm.Full : RequestLineForm.Brief,
            result.GetValue(_audit) ?? FromVariable(variable(AuditVariable)));
    }

    private static EndpointText? FromVariable(string? text) =>
        string.IsNullOrEmpty(text)
            ? null
            : TryParseAudit(text, out EndpointText audit, out string? reason)
                ? audit
                : throw new UsageException($"{AuditVariable}: {reason}.");

    private static void Refuse(ParseResult result, Option option)
    {
        if (result.GetResult(option) is { Implicit: false })
        {
            throw new UsageException($"{option.Name}: there is no directory; give --directory ADDR:PORT too.");
        }
    }

    private static bool TryParseAudit(
        string text, out EndpointText address, [NotNullWhen(false)] out string? reason) =>
        EndpointText.TryParse(text, 0, out address, out reason);

    private static bool TryParseListen(
        string text, out EndpointText address, [NotNullWhen(false)] out string? reason) =>
        EndpointText.TryParse(text, CommonOptions.DefaultDirectoryPort, out address, out reason);
}
