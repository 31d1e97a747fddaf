using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Lottery;
using Shoal.Core.Roster;

namespace Shoal.Cli.Lottery;

/// <summary>Defines <c>shoal lottery</c> and its commands.</summary>
internal static class LotteryCommand
{
    /// <summary>The port of the text protocol unless another is named.</summary>
    public const int DefaultPort = 12345;

    public static Command Create(CommandScreen screen)
    {
        var command = new ShoalCommand(
            "lottery",
            "Takes bets of agencies in acknowledged batches, holds one draw when all have closed, and tells each its "
            + "winners.",
            "shoal lottery serve --agencies 5 --data ./shoal-data",
            "shoal lottery agency --id 1 --bets agency-1.csv --hub 127.0.0.1:12345",
            "shoal lottery export --data ./shoal-data --csv bets.csv")
        {
            CreateServe(screen),
            LotteryAgencyCommand.Create(LotteryAgencyRun.RunAsync, screen),
            LotteryOpenCommand.Create(LotteryOpenRun.RunAsync, screen),
            LotteryWinnersCommand.Create(LotteryWinnersRun.RunAsync, screen),
            CreateExport(screen),
            CreateReopen(screen),
            CreateToken(screen),
            LotteryGenerateCommand.Create(LotteryGenerateRun.RunAsync, screen),
        };
        return command;
    }

    private static ShoalCommand CreateServe(CommandScreen screen)
    {
        Option<EndpointText> listen = TypedOption.WithDefault<EndpointText>(
            "--listen", "ADDR:PORT", "Where to listen for the agencies' text protocol", TryParseListen,
            $"127.0.0.1:{DefaultPort}");
        Option<EndpointText?> http = Http();
        Option<string?> log = CommonOptions.Log();
        var command = new ShoalCommand(
            "serve",
            "Serves the draw 'default' until SIGINT or SIGTERM. What it acks is on the disk: started again on the same "
            + "folder, it goes on where it was.",
            "shoal lottery serve                               # agencies 1 to 5, on this machine only",
            "shoal lottery serve --http 127.0.0.1:9980         # over HTTP too, for agencies with a token",
            "shoal lottery serve --listen 0.0.0.0:12345 --agencies 20 --data /var/lib/shoal",
            "shoal lottery serve --listen 0.0.0.0:12345 --store 'Host=db.local;Database=shoal;Username=shoal'")
        {
            listen,
            http,
            log,
        };
        command.Serves = true;
        var terms = new TermsOptions(command);
        var store = new StoreOptions(command);
        command.RunBy(
            result => new LotteryServeArguments
            {
                Listen = result.GetValue(listen),
                Http = result.GetValue(http),
                Terms = terms.Of(DrawName.Default, result),
                Store = store.Of(result),
                LogFile = result.GetValue(log),
            },
            LotteryServeRun.RunAsync, screen);
        return command;
    }

    private static ShoalCommand CreateExport(CommandScreen screen)
    {
        Option<DrawName> draw = Draw();
        Option<string?> csv = CommonOptions.Text("--csv", "FILE", "The file to write; else the rows are printed");
        var command = new ShoalCommand(
            "export",
            "Writes all stored bets, in the order in which they were stored: agency, first name, last name, document, "
            + "birth date, number. It reads the store itself, whether a hub is running or not.",
            "shoal lottery export --csv bets.csv",
            "shoal lottery export --data /var/lib/shoal --csv bets.csv",
            "shoal lottery export --store 'Host=db.local;Database=shoal;Username=shoal' --draw spring")
        {
            draw,
            csv,
        };
        var store = new StoreOptions(command);
        command.RunBy(
            result => new LotteryExportArguments(
                store.Of(result), result.GetValue(draw), result.GetValue(csv)),
            LotteryExportRun.RunAsync, screen);
        return command;
    }

    private static ShoalCommand CreateToken(CommandScreen screen)
    {
        Argument<int> agency = TypedOption.Argument("AGENCY", "The agency", WholeNumber.From(1, int.MaxValue));
        var command = new ShoalCommand(
            "token",
            "Prints the token with which an agency proves over HTTP who it is, in all draws. It stays the same as long "
            + "as the store does; whoever has it can bring bets for the agency and read its winners. A folder "
            + "without a lottery gets one, and the error output says so.",
            "shoal lottery token 1 --data /var/lib/shoal")
        {
            agency,
        };
        var store = new StoreOptions(command);
        command.RunBy(
            result => new LotteryTokenArguments(store.Of(result), new AgencyId(result.GetValue(agency))),
            LotteryTokenRun.RunAsync, screen);
        return command;
    }

    private static ShoalCommand CreateReopen(CommandScreen screen)
    {
        Option<DrawName> draw = Draw();
        var command = new ShoalCommand(
            "reopen",
            "Lets a draw that was held take bets again, as its next revision: no agency is closed any more, all bets "
            + "stay, and the draw is held anew when all have closed again.",
            "shoal lottery reopen --data /var/lib/shoal")
        {
            draw,
        };
        var store = new StoreOptions(command);
        command.RunBy(
            result => new LotteryReopenArguments(store.Of(result), result.GetValue(draw)),
            LotteryReopenRun.RunAsync, screen);
        return command;
    }

    private static Option<EndpointText?> Http() => CommonOptions.Http("Serve HTTP here too");

    /// <summary>The draw that a command is about.</summary>
    public static Option<DrawName> Draw() => TypedOption.WithDefault<DrawName>(
        "--draw", "NAME", "The draw", TryParseDraw, DrawName.Default.Value);

    private static bool TryParseListen(
        string text, out EndpointText address, [NotNullWhen(false)] out string? reason) =>
        EndpointText.TryParse(text, DefaultPort, out address, out reason);

    /// <summary>Reads a draw's name.</summary>
    public static bool TryParseDraw(string text, out DrawName draw, [NotNullWhen(false)] out string? reason)
    {
        bool isRead = DrawName.TryParse(text, out draw);
        reason = isRead
            ? null
            : $"'{text}' is not a name of 1 to {DrawName.Longest} letters, digits, dots, dashes and underscores";
        return isRead;
    }
}
