using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Lottery;
using Shoal.Core.Roster;
using Shoal.Hosts.Agency;

namespace Shoal.Cli.Lottery;

/// <summary>Defines <c>shoal lottery agency</c>.</summary>
internal sealed class LotteryAgencyCommand
{
    private const string Http = "http";
    private const string Text = "text";

    // Nobody listens there, so it stands for an address that names none.
    private const int NoPort = 0;

    private static readonly TimeSpan s_shortestLook = TimeSpan.FromMilliseconds(1);

    private readonly Option<int> _id = TypedOption.Required<int>(
        "--id", "N", "The agency's number on the roster", WholeNumber.From(1, int.MaxValue));

    private readonly Option<string?> _bets = CommonOptions.Text(
        "--bets", "FILE", "The bets, one a line: first name,last name,document,YYYY-MM-DD,number");

    private readonly Option<bool> _one = CommonOptions.Flag(
        "--one", $"Instead of a file, one bet from the environment: {BetSource.Variables}");

    private readonly Option<EndpointText> _hub = TypedOption.Required<EndpointText>(
        "--hub", "HOST:PORT", "The hub, at its door for HTTP or for the text protocol; without a port at "
        + $"{CommonOptions.DefaultHttpPort} or {LotteryCommand.DefaultPort}", TryParseHub);

    private readonly Option<string> _protocol = TypedOption.Choice(
        "--protocol", "How to speak with the hub; without a token, text", Http, Text);

    private readonly Option<string?> _token = CommonOptions.Text(
        "--token", "T", "The agency's token for HTTP, from 'shoal lottery token'; better in SHOAL_TOKEN, where nobody "
        + "sees it");

    private readonly Option<int> _batch = TypedOption.WithDefault<int>(
        "--batch", "N", "Bets of a batch. Keep it when you start again: it is how the hub knows what it has",
        WholeNumber.From(1, AgencyOptions.LargestBatch), "50");

    private readonly Option<int> _window = TypedOption.WithDefault<int>(
        "--window", "N", "Batches in flight at most; 1 waits for each ack",
        WholeNumber.From(1, AgencyPolicy.LargestWindow), "16");

    private readonly Option<Duration> _look = TypedOption.WithDefault<Duration>(
        "--look", "TIME", "The longest pause between two questions whether the draw is held", TryParseLook, "1s");

    private readonly Option<DrawName> _draw = LotteryCommand.Draw();
    private readonly Option<string?> _rejects = CommonOptions.Text(
        "--rejects", "FILE", "Set lines that are no bets aside in a file");

    private readonly Option<string?> _log = CommonOptions.Log();

    private LotteryAgencyCommand()
    {
        _hub.Aliases.Add("--server");

        // Without the flag the token tells, and the settings that are logged name no protocol that is not spoken.
        _protocol.DefaultValueFactory = null;
    }

    public static Command Create(CommandRun<LotteryAgencyArguments> run, CommandScreen screen)
    {
        var definition = new LotteryAgencyCommand();
        var command = new ShoalCommand(
            "agency",
            "Sends an agency's bets, closes, waits for the draw and prints the documents of its winners, one a line. "
            + "Killed or cut off, it goes on where the hub has less than the file: nothing is stored twice.",
            "shoal lottery agency --id 1 --bets agency-1.csv --hub 127.0.0.1:12345",
            "shoal lottery agency --id 2 --bets agency-2.csv --hub hub.local:12345 --batch 1000 --rejects bad.csv",
            "shoal lottery agency --id 3 --one --hub hub.local:12345  # with NOMBRE=Ana APELLIDO=Paz and so on",
            "shoal lottery agency --id 4 --bets agency-4.csv --hub hub.local:9980 --token T --draw friday")
        {
            definition._id,
            definition._bets,
            definition._one,
            definition._hub,
            definition._protocol,
            definition._token,
            definition._batch,
            definition._window,
            definition._look,
            definition._draw,
            definition._rejects,
            definition._log,
        };
        command.RunBy(result => definition.Bind(result, screen.Variable), run, screen);
        return command;
    }

    private LotteryAgencyArguments Bind(ParseResult result, Func<string, string?> variable)
    {
        var agency = new AgencyId(result.GetValue(_id));
        DrawName draw = result.GetValue(_draw);
        string? token = TokenOf(result);
        if (token is null && draw != DrawName.Default)
        {
            throw new UsageException($"--draw: the text protocol only serves the draw '{DrawName.Default}'.");
        }

        return new LotteryAgencyArguments
        {
            Agency = agency,
            Bets = SourceOf(result, agency, variable),
            Hub = HubOf(result, token),
            Token = token,
            Batch = result.GetValue(_batch),
            Window = result.GetValue(_window),
            LongestLook = result.GetValue(_look).Value,
            Draw = draw,
            RejectsFile = result.GetValue(_rejects),
            LogFile = result.GetValue(_log),
        };
    }

    // The door that an address without a port means is known with the protocol.
    private EndpointText HubOf(ParseResult result, string? token)
    {
        EndpointText named = result.GetValue(_hub);
        int usual = token is null ? LotteryCommand.DefaultPort : CommonOptions.DefaultHttpPort;
        return named.Port == NoPort ? named with { Port = usual } : named;
    }

    private BetSource SourceOf(ParseResult result, AgencyId agency, Func<string, string?> variable)
    {
        string? file = result.GetValue(_bets);
        bool isOne = result.GetValue(_one);
        if (isOne == (file is not null))
        {
            throw new UsageException("--bets: give --bets FILE or --one, and not both.");
        }

        DateOnly today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        return isOne ? BetSource.OfEnvironment(agency, variable, today) : BetSource.OfFile(file!);
    }

    // Null: the text protocol, which knows no tokens. One that is there all the same, as in an environment that several
    // commands share, is not used.
    private string? TokenOf(ParseResult result)
    {
        string? token = result.GetValue(_token);
        if (result.GetResult(_protocol) is not { Implicit: false })
        {
            return token;
        }

        return result.GetValue(_protocol) == Text
            ? null
            : token ?? throw new UsageException(
                "--protocol: HTTP needs the agency's token; give --token T or set SHOAL_TOKEN ('shoal lottery token "
                + "AGENCY' prints it).");
    }

    private static bool TryParseHub(string text, out EndpointText hub, [NotNullWhen(false)] out string? reason) =>
        EndpointText.TryParse(text, NoPort, out hub, out reason);

    private static bool TryParseLook(string text, out Duration look, [NotNullWhen(false)] out string? reason)
    {
        if (Duration.TryParse(text, out look, out reason) && look.Value < s_shortestLook)
        {
            reason = $"'{text}' is too short a pause, give at least {s_shortestLook.TotalMilliseconds}ms";
        }

        return reason is null;
    }
}
