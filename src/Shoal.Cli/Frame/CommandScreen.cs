using System.Globalization;
using Shoal.Cli.Configuration;

namespace Shoal.Cli.Frame;

/// <summary>Where a command writes for its user.</summary>
/// <param name="Output">Results: what another program may read.</param>
/// <param name="Error">Errors, progress and log lines.</param>
/// <param name="IsOutputTerminal">Whether a person looks at the output as it comes.</param>
/// <param name="IsErrorTerminal">Whether a person looks at the error output as it comes.</param>
/// <param name="HasColor">
/// Whether colours may be used; never when <c>NO_COLOR</c> is set (no-color.org).
/// </param>
/// <param name="Width">The width of a line, in columns.</param>
internal sealed record CommandScreen(
    TextWriter Output, TextWriter Error, bool IsOutputTerminal, bool IsErrorTerminal, bool HasColor, int Width)
{
    /// <summary>Reads an environment variable of the command; this process' own by default.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Opens what the user writes; this process' standard input by default.</summary>
    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    /// <summary>Whether a person writes the input, key by key.</summary>
    public bool IsInputTerminal { get; init; }

    /// <summary>Where flags come from that the command line does not have.</summary>
    public SettingSources Sources { get; } = new();

    /// <summary>What the running command's flags are set to.</summary>
    public EffectiveSettings Settings { get; init; } = EffectiveSettings.None;

    /// <summary>At whose end the command shall stop; null: it has none.</summary>
    public Leash? Leash { get; init; }

    private const int WidthWithoutTerminal = 110;

    private const int SmallestWidth = 40;

    /// <summary>The screen of this process.</summary>
    public static CommandScreen OfProcess()
    {
        bool isOutputTerminal = !Console.IsOutputRedirected;
        bool isErrorTerminal = !Console.IsErrorRedirected;
        bool isDumb = IsDumb(Environment.GetEnvironmentVariable);
        return new CommandScreen(
            Console.Out, Console.Error, isOutputTerminal && !isDumb, isErrorTerminal && !isDumb,
            AllowsColor(Environment.GetEnvironmentVariable),
            ColumnsOf(Environment.GetEnvironmentVariable)
                ?? (isOutputTerminal || isErrorTerminal ? TerminalWidth() : WidthWithoutTerminal))
        {
            IsInputTerminal = !Console.IsInputRedirected && !isDumb,
            Leash = Leash.OfProcess(),
        };
    }

    /// <summary>Whether the environment lets a program use colours.</summary>
    internal static bool AllowsColor(Func<string, string?> variable) =>
        !IsDumb(variable) && string.IsNullOrEmpty(variable("NO_COLOR"));

    /// <summary>The width that the environment asks for (POSIX, <c>COLUMNS</c>); null: none.</summary>
    internal static int? ColumnsOf(Func<string, string?> variable) =>
        int.TryParse(variable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int columns)
            && columns > 0
            ? Math.Max(SmallestWidth, columns)
            : null;

    private static bool IsDumb(Func<string, string?> variable) => variable("TERM") is "dumb";

    private static int TerminalWidth()
    {
        try
        {
            return Math.Max(SmallestWidth, Console.WindowWidth);
        }
        catch (IOException)
        {
            return WidthWithoutTerminal;
        }
    }
}
