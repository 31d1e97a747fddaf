using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Lottery;

namespace Shoal.Cli.Compose;

/// <summary>Defines <c>shoal compose</c>.</summary>
internal static class ComposeCommand
{
    private const string DefaultBets = "./bets";
    private const string DefaultImage = "shoal";

    public static Command Create(CommandRun<ComposeArguments> run, CommandScreen screen)
    {
        Option<int> agencies = TypedOption.WithDefault<int>(
            "--agencies", "N", "How many agencies", WholeNumber.From(1, DrawTerms.LargestRoster), "5");
        Option<string?> bets = CommonOptions.Text(
            "--bets", "DIR", $"The folder with agency-1.csv to agency-N.csv; {DefaultBets} unless named");
        Option<string?> hub = CommonOptions.Text(
            "--hub-config", "FILE", "A YAML file with the hub's settings; else the page has them");
        Option<string?> agency = CommonOptions.Text(
            "--agency-config", "FILE", "A YAML file with the agencies' settings; else the page has them");
        Option<string?> image = CommonOptions.Text(
            "--image", "NAME", $"The image of all containers, '{DefaultImage}' unless named; see the Dockerfile");
        var command = new ShoalCommand(
            "compose",
            "Prints a page for 'docker compose': a lottery's hub with a health check, agencies that start when it "
            + "answers, and a network. Settings and bets are mounted read-only, nothing of them is in the image.",
            "shoal compose --agencies 5 --bets ./bets  # prints what belongs into compose.yaml")
        {
            agencies,
            bets,
            hub,
            agency,
            image,
        };
        command.RunBy(
            result => new ComposeArguments
            {
                Agencies = result.GetValue(agencies),
                BetsFolder = result.GetValue(bets) ?? DefaultBets,
                HubConfig = result.GetValue(hub),
                AgencyConfig = result.GetValue(agency),
                Image = result.GetValue(image) ?? DefaultImage,
            },
            run, screen);
        return command;
    }
}
