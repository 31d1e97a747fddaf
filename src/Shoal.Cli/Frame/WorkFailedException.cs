namespace Shoal.Cli.Frame;

/// <summary>
/// A command cannot do its work, and the message tells the user what failed, where, and what to do. Exit code
/// 1.
/// </summary>
internal sealed class WorkFailedException(string message, Exception? cause = null) : Exception(message, cause);
