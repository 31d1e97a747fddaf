using Shoal.Cli.Frame;

namespace Shoal.Cli.Compose;

/// <summary>The work of <c>shoal compose</c>.</summary>
internal static class ComposeRun
{
    private const int MostNamed = 5;

    public static Task<int> RunAsync(
        ComposeArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        Check(arguments);
        screen.Output.Write(ComposePage.Of(arguments));
        return Task.FromResult(ExitCode.Done);
    }

    // Docker would make a folder of a file that is missing, and the agency fail much later.
    private static void Check(ComposeArguments arguments)
    {
        string[] missing = [.. Enumerable.Range(1, arguments.Agencies)
            .Select(agency => ComposePage.BetsOf(arguments, agency)).Where(file => !File.Exists(file))];
        if (missing.Length > 0)
        {
            string rest = missing.Length > MostNamed ? $" and {missing.Length - MostNamed} more" : "";
            throw new WorkFailedException(
                $"--bets: there is no {string.Join(", ", missing.Take(MostNamed))}{rest}; 'shoal lottery generate "
                + $"--agencies {arguments.Agencies} --dir {arguments.BetsFolder}' makes some up.");
        }

        CheckConfig("--hub-config", arguments.HubConfig);
        CheckConfig("--agency-config", arguments.AgencyConfig);
    }

    private static void CheckConfig(string flag, string? file)
    {
        if (file is not null && !File.Exists(file))
        {
            throw new WorkFailedException($"{flag}: there is no {file}.");
        }
    }
}
