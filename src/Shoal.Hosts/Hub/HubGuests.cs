using System.Threading.Channels;
using Shoal.Core.Content;
using Shoal.Core.Members;

namespace Shoal.Hosts.Hub;

/// <summary>
/// The way from the hub's swarms to its directory: what they tell of their members waits here, so that no swarm waits
/// for the directory's disk.
/// </summary>
internal sealed class HubGuests(Func<UserDirectoryEvent, ValueTask> tell)
{
    /// <summary>Facts that wait at most; the swarm that brings one more waits.</summary>
    public const int MostWaiting = 10_000;

    private readonly Channel<UserDirectoryEvent> _waiting = Channel.CreateBounded<UserDirectoryEvent>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    /// <summary>Tells the directory, one after the other, until <see cref="Complete"/>.</summary>
    public async Task RunAsync()
    {
        await foreach (UserDirectoryEvent @event in _waiting.Reader.ReadAllAsync())
        {
            await tell(@event);
        }
    }

    /// <summary>The guests of a swarm; null: it has none, because its members are users already.</summary>
    public SwarmGuests? Of(string swarm) =>
        OfferId.TryParseSwarm(swarm, out _) ? null : new SwarmGuests(swarm, TakeAsync);

    /// <summary>Takes no more.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    private async ValueTask TakeAsync(UserDirectoryEvent @event)
    {
        while (!_waiting.Writer.TryWrite(@event) && await _waiting.Writer.WaitToWriteAsync())
        {
        }
    }
}
