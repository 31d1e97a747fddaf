namespace Shoal.Cli.Frame;

/// <summary>
/// The command line is wrong in a way that only its meaning shows; the message names the flag. Exit code 2.
/// </summary>
internal sealed class UsageException(string message) : Exception(message);
