using System.CommandLine;
using Shoal.Cli.Configuration;

namespace Shoal.Cli.Frame;

/// <summary>A command with the examples that its help shows.</summary>
/// <param name="name">Its name on the command line.</param>
/// <param name="description">What it does, in a sentence or a few.</param>
/// <param name="examples">Whole command lines; what they do may follow behind a <c>#</c>.</param>
internal sealed class ShoalCommand(string name, string description, params string[] examples)
    : Command(name, description)
{
    private readonly List<Option[]> _alternatives = [];

    /// <summary>The examples.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Whether the environment and a file can set its flags: where they tell of others, they do not.</summary>
    public bool IsSettable => Action is not null && !TellsOfOthers;

    /// <summary>Whether it tells how other commands are set.</summary>
    public bool TellsOfOthers { get; init; }

    /// <summary>Whether it serves until it is stopped, so that being stopped is its good end at any moment.</summary>
    public bool Serves { get; set; }

    /// <summary>
    /// Says that flags exclude each other: where one is given, what the environment or a file say of the others does
    /// not count.
    /// </summary>
    public void AddAlternatives(params Option[] flags) => _alternatives.Add(flags);

    /// <summary>The flags that one excludes.</summary>
    public IEnumerable<Option> AlternativesOf(Option flag) =>
        _alternatives.Where(flags => flags.Contains(flag)).SelectMany(flags => flags);

    /// <summary>The command with those above it: <c>shoal key new</c>.</summary>
    public static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent
            ? $"{PathOf(parent)} {command.Name}"
            : "shoal";

    /// <summary>Lets the command take flags and do its work when it is called.</summary>
    /// <inheritdoc cref="RunBy{TOptions}(Func{ParseResult, TOptions}, CommandRun{TOptions}, CommandScreen)"/>
    /// <param name="flags">What it takes, in the order of its help.</param>
    public ShoalCommand RunBy<TOptions>(
        IEnumerable<Option> flags, Func<ParseResult, TOptions> bind, CommandRun<TOptions> run, CommandScreen screen)
    {
        foreach (Option flag in flags)
        {
            Add(flag);
        }

        RunBy(bind, run, screen);
        return this;
    }

    /// <summary>Lets the command do its work when it is called.</summary>
    /// <param name="bind">Turns the command line into the options of the work.</param>
    /// <param name="run">The work.</param>
    /// <param name="screen">Where the work writes for its user.</param>
    public void RunBy<TOptions>(Func<ParseResult, TOptions> bind, CommandRun<TOptions> run, CommandScreen screen) =>
        SetAction((result, cancellation) => run(
            bind(result), screen with { Settings = EffectiveSettings.Of(result, screen.Sources) }, cancellation));
}

/// <summary>The work of a command.</summary>
/// <returns>The exit code.</returns>
internal delegate Task<int> CommandRun<in TOptions>(
    TOptions options, CommandScreen screen, CancellationToken cancellation);
