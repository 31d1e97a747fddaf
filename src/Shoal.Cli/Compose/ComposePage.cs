using System.Globalization;
using System.Text;

namespace Shoal.Cli.Compose;

/// <summary>Writes the page (compose-spec.io).</summary>
internal static class ComposePage
{
    private const string SettingsPath = "/etc/shoal/shoal.yaml";
    private const string BetsPath = "/bets/agency.csv";

    /// <summary>The file with an agency's bets.</summary>
    public static string BetsOf(ComposeArguments arguments, int agency) => Path.Join(
        arguments.BetsFolder, string.Create(CultureInfo.InvariantCulture, $"agency-{agency}.csv"));

    /// <summary>The page.</summary>
    public static string Of(ComposeArguments arguments)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            name: shoal-lottery

            services:
              hub:
                image: {Quote(arguments.Image)}
                command: [lottery, serve]
                networks: [lottery]
                read_only: true
                volumes:
                  - type: volume
                    source: bets
                    target: /data
            {Settings("hub", arguments.HubConfig)}
                healthcheck:
                  test: [CMD, shoal, ping, '127.0.0.1:12345']
                  interval: 2s
                  timeout: 5s
                  retries: 15
                stop_grace_period: 6s

            """);
        for (int agency = 1; agency <= arguments.Agencies; agency++)
        {
            page.Append(Agency(arguments, agency));
        }

        page.Append("""

            networks:
              lottery:

            volumes:
              bets:

            """);
        AppendConfigs(page, arguments);
        return page.ToString();
    }

    private static string Agency(ComposeArguments arguments, int agency) => string.Create(
        CultureInfo.InvariantCulture, $"""

              agency-{agency}:
                image: {Quote(arguments.Image)}
                command: [lottery, agency]
                environment:
                  CLI_ID: '{agency}'
                networks: [lottery]
                depends_on:
                  hub:
                    condition: service_healthy
                read_only: true
                volumes:
            {Mount(BetsOf(arguments, agency), BetsPath)}
            {Settings("agency", arguments.AgencyConfig)}
                healthcheck:
                  disable: true
                stop_grace_period: 6s

            """);

    // A file of the user's is mounted like the bets; else Docker makes one of what the page has.
    private static string Settings(string name, string? file) => file is not null
        ? Mount(file, SettingsPath)
        : $"""
                configs:
                  - source: {name}
                    target: {SettingsPath}
            """;

    private static string Mount(string source, string target) => $"""
                  - type: bind
                    source: {Quote(Rooted(source))}
                    target: {target}
                    read_only: true
                    bind:
                      create_host_path: false
            """;

    private static void AppendConfigs(StringBuilder page, ComposeArguments arguments)
    {
        if (arguments is { HubConfig: not null, AgencyConfig: not null })
        {
            return;
        }

        page.Append("\nconfigs:\n");
        if (arguments.HubConfig is null)
        {
            page.Append(CultureInfo.InvariantCulture, $"""
                  hub:
                    content: |
                      listen: 0.0.0.0:12345
                      agencies: {arguments.Agencies}
                      data: /data

                """);
        }

        if (arguments.AgencyConfig is null)
        {
            page.Append(CultureInfo.InvariantCulture, $"""
                  agency:
                    content: |
                      hub: hub:12345
                      bets: {BetsPath}

                """);
        }
    }

    // Without its dot a relative path would be taken for the name of a volume.
    private static string Rooted(string path) =>
        Path.IsPathRooted(path) || path.StartsWith('.') ? path : $"./{path}";

    // Docker puts variables in place of $NAME.
    private static string Quote(string text) =>
        $"'{text.Replace("'", "''", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal)}'";
}
