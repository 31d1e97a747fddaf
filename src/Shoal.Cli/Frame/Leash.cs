namespace Shoal.Cli.Frame;

/// <summary>
/// A stream whose other end whoever started the command holds: at its end the command shall stop. Where that was
/// agreed, the command keeps its work back until something comes along it.
/// </summary>
internal sealed class Leash(Stream stream)
{
    /// <summary>
    /// The environment variable that makes standard input the leash, so that nothing that a program started outlives
    /// it.
    /// </summary>
    public const string Variable = "SHOAL_LEASH";

    /// <summary>The value of the variable that keeps the work back; any other one does not.</summary>
    public const string Wait = "wait";

    private readonly TaskCompletionSource _pulled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the work is kept back until something comes; it is not by default.</summary>
    public bool KeepsBack { get; init; }

    /// <summary>Completes when the work may begin.</summary>
    public Task Sign => KeepsBack ? _pulled.Task : Task.CompletedTask;

    /// <summary>The leash of this process; null: it has none.</summary>
    public static Leash? OfProcess() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } value
        ? new Leash(Console.OpenStandardInput()) { KeepsBack = value == Wait }
        : null;

    /// <summary>Says so when it has ended.</summary>
    public void Follow(Action ended) =>
        new Thread(() => AwaitEnd(ended)) { IsBackground = true, Name = "leash" }.Start();

    // A thread of its own: the read of a standard input cannot be cancelled, and must not keep the process
    // alive.
    private void AwaitEnd(Action ended)
    {
        byte[] ignored = new byte[256];
        try
        {
            while (stream.Read(ignored) > 0)
            {
                // What it is does not matter.
                _pulled.TrySetResult();
            }
        }
        catch (IOException)
        {
            // Torn: the same as its end.
        }

        ended();
    }
}
