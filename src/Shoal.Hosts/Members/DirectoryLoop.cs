using Microsoft.Extensions.Logging;
using Shoal.Core.Members;
using Shoal.Hosts.Audit;
using Shoal.Hosts.Common;
using Shoal.Storage.Members;

namespace Shoal.Hosts.Members;

/// <summary>
/// Feeds the directory's machine. Events are taken in batches: their changes are stored together, in one commit, and
/// only then their answers go out, so that many registrations at once cost one wait for the disk.
/// </summary>
internal sealed class DirectoryLoop
{
    private readonly UserDirectory _directory;
    private readonly IMembersStore _store;
    private readonly ILogger _log;
    private readonly MembersMetrics _metrics;
    private readonly Action<ConnectedUser> _probe;
    private readonly Func<DirectoryChange, ValueTask>? _changed;
    private readonly HostLoop<Input> _loop;
    private readonly List<Input> _batch = [];
    private readonly List<UserDirectoryEffect> _effects = [];
    private readonly List<DirectoryChange> _changes = [];
    private readonly List<(PendingCall Call, DirectoryReply Reply)> _answers = [];
    private readonly List<AuditEntry> _noted = [];
    private readonly AuditTrail? _trail;
    private readonly TimeProvider _time;

    public DirectoryLoop(
        UserDirectory directory, IMembersStore store, AuditTrail? trail, Action<ConnectedUser> probe,
        Func<DirectoryChange, ValueTask>? changed, MembersMetrics metrics, TimeProvider time, ILogger log)
    {
        _changed = changed;
        _trail = trail;
        _time = time;
        _directory = directory;
        _store = store;
        _probe = probe;
        _metrics = metrics;
        _log = log;
        _loop = new HostLoop<Input>(time);
    }

    /// <summary>Runs until <see cref="Complete"/>.</summary>
    public Task RunAsync() =>
        _loop.RunAsync(TakeAsync, new Input(new UserDirectoryEvent.Tick(), null), SettleAsync);

    public void Complete() => _loop.Complete();

    public ValueTask<bool> AskAsync(PendingCall call, CancellationToken cancellationToken) => _loop.PostAsync(
        new Input(new UserDirectoryEvent.Asked(call.Id, call.Address, call.Request), call), cancellationToken);

    public ValueTask<bool> TellAsync(UserDirectoryEvent @event, CancellationToken cancellationToken) =>
        _loop.PostAsync(new Input(@event, null), cancellationToken);

    private ValueTask TakeAsync(Input input)
    {
        _batch.Add(input);
        if (_trail is not null && input.Call is { IsOwn: false } call)
        {
            _noted.Add(OperationLine.Of(call.Call, call.Request, _time.GetLocalNow()));
        }

        Apply(input);
        return ValueTask.CompletedTask;
    }

    private async ValueTask SettleAsync()
    {
        // Beside the changes, so that the log costs no second wait for the disk.
        Task noting = _trail?.NoteAsync(_noted) ?? Task.CompletedTask;
        bool isStored = await TryStoreAsync();
        await noting;
        _noted.Clear();
        if (isStored)
        {
            await DeliverAsync();
        }
        else
        {
            // One after the other, so that only those fail that need what cannot be stored.
            Input[] batch = [.. _batch];
            foreach (Input input in batch)
            {
                Apply(input);
                if (await TryStoreAsync())
                {
                    await DeliverAsync();
                }
                else
                {
                    input.Call?.Answer(new DirectoryReply.Plain(DirectoryResult.Refused));
                }
            }
        }

        _batch.Clear();
    }

    private void Apply(Input input)
    {
        _effects.Clear();
        _directory.Apply(_loop.Now, input.Event, _effects);
        foreach (UserDirectoryEffect effect in _effects)
        {
            switch (effect)
            {
                case UserDirectoryEffect.Changed changed:
                    _changes.Add(changed.Change);
                    break;
                case UserDirectoryEffect.Answer answer:
                    _answers.Add((input.Call!, answer.Reply));
                    break;
                case UserDirectoryEffect.Probe probe:
                    _probe(probe.User);
                    break;
                default:
                    break;
            }
        }
    }

    private async ValueTask<bool> TryStoreAsync()
    {
        UserDirectoryEvent outcome = new UserDirectoryEvent.Stored();
        if (_changes.Exists(Lasts))
        {
            try
            {
                await _store.CommitAsync(_changes, CancellationToken.None);
                _metrics.Committed(_changes.Count);
            }
            catch (IOException e)
            {
                _log.StoreFailed(_changes.Count, e.Message);
                outcome = new UserDirectoryEvent.StoreFailed();
            }
        }

        bool isStored = outcome is UserDirectoryEvent.Stored;
        if (!isStored)
        {
            _changes.Clear();
            _answers.Clear();
        }

        _directory.Apply(_loop.Now, outcome, _effects);
        return isStored;
    }

    private async ValueTask DeliverAsync()
    {
        foreach (DirectoryChange change in _changes)
        {
            if (_changed is not null)
            {
                await _changed(change);
            }

            if (change is DirectoryChange.Disconnected { How: PresenceEnd.Vanished } gone)
            {
                _log.UserVanished(gone.User.User.Value, gone.User.Address, gone.User.Port);
            }
        }

        foreach ((PendingCall call, DirectoryReply reply) in _answers)
        {
            call.Answer(reply);
        }

        _changes.Clear();
        _answers.Clear();
    }

    private static bool Lasts(DirectoryChange change) =>
        change is DirectoryChange.Registered or DirectoryChange.Unregistered
            or DirectoryChange.Published or DirectoryChange.Withdrawn;

    /// <summary>An event, and the request that it is, if it is one.</summary>
    private readonly record struct Input(UserDirectoryEvent Event, PendingCall? Call);
}
