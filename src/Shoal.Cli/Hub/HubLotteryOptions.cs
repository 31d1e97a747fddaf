using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Shoal.Cli.Frame;
using Shoal.Cli.Lottery;
using Shoal.Cli.Parsing;
using Shoal.Core.Lottery;
using Shoal.Core.Roster;

namespace Shoal.Cli.Hub;

/// <summary>The options of <c>shoal hub</c> that are about its lottery.</summary>
internal sealed class HubLotteryOptions
{
    private readonly Option<EndpointText?> _listen = TypedOption.Optional<EndpointText>(
        "--lottery", "ADDR:PORT",
        $"Serve a lottery here, and where --http says; without a port, {LotteryCommand.DefaultPort}", TryParseListen);

    private readonly Option<string?> _store = CommonOptions.Text(
        "--store", "CONNECTION",
        "The lottery's PostgreSQL database, which several hubs may share: \"Host=...;Database=...;Username=...\"");

    private readonly TermsOptions _terms;

    /// <summary>Gives a command the options.</summary>
    public HubLotteryOptions(ShoalCommand command)
    {
        command.Add(_listen);
        _terms = new TermsOptions(command);
        command.Add(_store);
    }

    /// <summary>What they say; null: there is to be no lottery.</summary>
    public HubLotteryArguments? Read(ParseResult result)
    {
        if (result.GetValue(_listen) is { } listen)
        {
            return new HubLotteryArguments(
                listen, _terms.Of(DrawName.Default, result), result.GetValue(_store));
        }

        return result.GetValue(_store) is null
            ? null
            : throw new UsageException("--store: there is no lottery; give --lottery ADDR:PORT too.");
    }

    private static bool TryParseListen(
        string text, out EndpointText address, [NotNullWhen(false)] out string? reason) =>
        EndpointText.TryParse(text, LotteryCommand.DefaultPort, out address, out reason);
}
