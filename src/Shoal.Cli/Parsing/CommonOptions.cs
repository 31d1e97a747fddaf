using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using Shoal.Cli.Frame;
using Shoal.Core.Roster;

namespace Shoal.Cli.Parsing;

/// <summary>Options that several commands have: one definition each.</summary>
internal static class CommonOptions
{
    /// <summary>The port of a hub unless another is named.</summary>
    public const int DefaultHubPort = 9999;

    /// <summary>The port of a hub's directory unless another is named.</summary>
    public const int DefaultDirectoryPort = 9998;

    /// <summary>The port of a hub's HTTP door unless another is named.</summary>
    public const int DefaultHttpPort = 9980;

    /// <summary>The folder of what a hub keeps, unless another is named.</summary>
    public const string DefaultData = "./shoal-data";

    /// <summary>The hub to talk to; the port may be left out.</summary>
    public static Option<EndpointText> Hub() => TypedOption.Required<EndpointText>(
        "--hub", "HOST:PORT", $"The hub to connect to; without a port, {DefaultHubPort}", TryParseHub);

    /// <summary>Where to serve HTTP; the port may be left out.</summary>
    /// <param name="description">What is served.</param>
    public static Option<EndpointText?> Http(string description) => TypedOption.Optional<EndpointText>(
        "--http", "ADDR:PORT", $"{description}; without a port, {DefaultHttpPort}",
        (string text, out EndpointText address, [NotNullWhen(false)] out string? reason) =>
            EndpointText.TryParse(text, DefaultHttpPort, out address, out reason));

    /// <summary>The file with the key of the swarm's members.</summary>
    public static Option<string?> Key() => Text(
        "--key", "FILE", "The file with the key that hub and peers share (see 'shoal key new'); "
        + "else the key in the environment variable SHOAL_KEY");

    /// <summary>The log file.</summary>
    public static Option<string?> Log() => Text(
        "--log", "FILE", "Append the log to a file, down to every message and chunk");

    /// <summary>The folder of what lasts; <see cref="DefaultData"/> if it is not given.</summary>
    public static Option<string?> Data() => Text(
        "--data", "DIR", $"The folder of the store; {DefaultData} unless another is named");

    /// <summary>The report file.</summary>
    public static Option<string?> Report() => Text(
        "--report", "FILE", "Write the report of the run to a file, as JSON");

    /// <summary>A way to print results for programs.</summary>
    public static Option<bool> Json() => Flag("--json", "Print the result as JSON");

    /// <summary>The seed of all random choices.</summary>
    public static Option<ulong> RandomSeed(string defaultText) => TypedOption.WithDefault<ulong>(
        "--random-seed", "N", "The seed of all random choices", WholeNumber.TryParseSeed, defaultText);

    /// <summary>A switch that is off unless given.</summary>
    public static Option<bool> Flag(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>A text that may not be empty.</summary>
    public static Option<string?> Text(string name, string valueName, string description)
    {
        var option = new Option<string?>(name)
        {
            HelpName = valueName,
            Description = description,
            Arity = ArgumentArity.ExactlyOne,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var value }] && string.IsNullOrWhiteSpace(value))
            {
                result.AddError($"{name}: it is empty; give a {valueName}.");
            }
        });
        return option;
    }

    /// <summary>
    /// Refuses a mistyped flag that would be taken for an argument. What really begins with a dash can be
    /// written otherwise: <c>./-file</c>.
    /// </summary>
    public static void RefuseFlags(ArgumentResult result)
    {
        if (result.Tokens.FirstOrDefault(token => token.Value is ['-', _, ..]) is { } flag
            && result.Parent is CommandResult { Command: var command })
        {
            result.AddError(CommandMistakes.NoFlag(flag.Value, command));
        }
    }

    /// <summary>Reads the address of a hub.</summary>
    public static bool TryParseHub(string text, out EndpointText hub, [NotNullWhen(false)] out string? reason) =>
        EndpointText.TryParse(text, DefaultHubPort, out hub, out reason);

    /// <summary>Reads an address that must name its port.</summary>
    public static bool TryParseAddress(
        string text, out EndpointText address, [NotNullWhen(false)] out string? reason) =>
        EndpointText.TryParse(text, null, out address, out reason);
}
