using System.Collections.Concurrent;
using Shoal.Core.Lottery;

namespace Shoal.Storage.Lottery;

/// <summary>What those who wait for a draw look at.</summary>
/// <param name="State">Whether it is held.</param>
/// <param name="Revision">Its revision.</param>
internal sealed record DrawMark(DrawState State, int Revision);

/// <summary>Those who wait for draws to be held; all who wait for one draw share one task.</summary>
/// <param name="look">Looks at a draw; null: there is none of this name.</param>
internal sealed class HeldWaiters(Func<DrawName, CancellationToken, Task<DrawMark?>> look)
{
    private readonly ConcurrentDictionary<DrawName, TaskCompletionSource> _waiting = new();

    /// <summary>The draws that somebody waits for.</summary>
    public ICollection<DrawName> Draws => _waiting.Keys;

    /// <summary>What <see cref="ILotteryStore.UntilHeldAsync"/> promises.</summary>
    public async Task<int?> UntilHeldAsync(DrawName draw, int after, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next = Next(draw);
            switch (await look(draw, cancellationToken))
            {
                case null:
                    return null;
                case { State: DrawState.Held, Revision: var revision } when revision > after:
                    return revision;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Ends with the next word about a draw. Ask for it first and look at the draw then, so that nothing is missed
    /// between the two.
    /// </summary>
    public Task Next(DrawName draw) => _waiting.GetOrAdd(
        draw, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Wakes those who wait for a draw: it may be held.</summary>
    public void Wake(DrawName draw)
    {
        if (_waiting.TryRemove(draw, out TaskCompletionSource? source))
        {
            source.SetResult();
        }
    }
}
