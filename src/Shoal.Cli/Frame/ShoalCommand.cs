using System.CommandLine;

namespace Shoal.Cli.Frame;

/// <summary>A command with the examples that its help shows.</summary>
/// <param name="name">Its name on the command line.</param>
/// <param name="description">What it does, in a sentence or a few.</param>
/// <param name="examples">Whole command lines; what they do may follow behind a <c>#</c>.</param>
internal sealed class ShoalCommand(string name, string description, params string[] examples)
    : Command(name, description)
{
    /// <summary>The examples.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>The command with those above it: <c>shoal key new</c>.</summary>
    public static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent
            ? $"{PathOf(parent)} {command.Name}"
            : "shoal";

    /// <summary>Lets the command do its work when it is called.</summary>
    /// <param name="bind">Turns the command line into the options of the work.</param>
    /// <param name="run">The work.</param>
    /// <param name="screen">Where the work writes for its user.</param>
    public void RunBy<TOptions>(Func<ParseResult, TOptions> bind, CommandRun<TOptions> run, CommandScreen screen) =>
        SetAction((result, cancellation) => run(bind(result), screen, cancellation));
}

/// <summary>The work of a command.</summary>
/// <returns>The exit code.</returns>
internal delegate Task<int> CommandRun<in TOptions>(
    TOptions options, CommandScreen screen, CancellationToken cancellation);
