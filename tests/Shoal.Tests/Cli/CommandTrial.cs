using System.CommandLine;
using Shoal.Cli.Frame;

namespace Shoal.Tests.Cli;

/// <summary>Runs one command in memory and keeps what it said and what it was told.</summary>
internal sealed class CommandTrial<TOptions>(Func<CommandRun<TOptions>, CommandScreen, Command> create)
    : IDisposable
    where TOptions : class
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    /// <summary>What the command was told, if it ran.</summary>
    public TOptions? Told { get; private set; }

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    /// <summary>The environment that the command sees.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>The columns of its screen; 110 by default.</summary>
    public int Width { get; init; } = 110;

    /// <summary>What the command does; by default it ends well.</summary>
    public Func<CancellationToken, Task<int>> Work { get; set; } = _ => Task.FromResult(ExitCode.Done);

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    public Task<int> RunAsync(params string[] args) => RunAsync(CancellationToken.None, args);

    public Task<int> RunAsync(CancellationToken cancellation, params string[] args)
    {
        var screen = new CommandScreen(_output, _error, false, false, false, Width)
        {
            Variable = name => Variables.GetValueOrDefault(name),
        };
        var root = new RootCommand("A root for one command.");
        HelpWithExamples.Install(root, screen, "shoal demo");
        root.Add(create(Run, screen));
        return CommandFrame.RunAsync(root, args, screen, cancellation);
    }

    private Task<int> Run(TOptions options, CommandScreen screen, CancellationToken cancellation)
    {
        Told = options;
        return Work(cancellation);
    }
}
