using System.CommandLine;
using Shoal.Cli.Parsing;

namespace Shoal.Bench;

/// <summary>What several benches are told.</summary>
internal static class BenchOptions
{
    /// <summary>How often each is run.</summary>
    public static Option<int> Rounds { get; } = TypedOption.WithDefault(
        "--rounds", "N", "How many runs count, after one that is thrown away", WholeNumber.From(1, 99), "3");

    /// <summary>The program, of a bench that has nothing to measure without it.</summary>
    public static Option<string> RequiredProgram { get; } = new("--program")
    {
        HelpName = "FILE", Required = true, Description = "The built program 'shoal'",
    };

    /// <summary>How long files are.</summary>
    /// <param name="defaultText">What it is if nobody says it.</param>
    public static Option<ByteSize> Size(string defaultText) => TypedOption.WithDefault<ByteSize>(
        "--size", "SIZE", "How many bytes each peer owns", ByteSize.TryParse, defaultText);
}
