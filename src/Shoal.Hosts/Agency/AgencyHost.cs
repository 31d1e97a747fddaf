using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Shoal.Core.Lottery;
using Shoal.Core.Randomness;
using Shoal.Hosts.Common;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Agency;

/// <summary>The agency's shell: reads its file, speaks with the hub, and waits, as its machine wants.</summary>
public sealed class AgencyHost : IAsyncDisposable
{
    private readonly IAgencyDialer _dialer;
    private readonly TimeProvider _time;
    private readonly AgencyVoice _voice;
    private readonly Action<AgencyProgress> _show;
    private readonly AgencyMachine _machine;
    private readonly HostLoop<Arrival> _loop;
    private readonly TaskScope _tasks;
    private readonly BetFile _bets;
    private readonly RejectFile? _rejects;
    private readonly long _totalBytes;
    private readonly CancellationTokenSource _stopping = new();
    private ImmutableArray<Bet> _batch = [];
    private ImmutableArray<Bet>? _ahead;
    private IAgencyLink? _link;
    private int _epoch;
    private AgencyResult? _result;
    private Exception? _fault;

    private AgencyHost(
        AgencyOptions options, IAgencyDialer dialer, TimeProvider time, ILogger log, Action<AgencyProgress> show)
    {
        _dialer = dialer;
        _time = time;
        _voice = new AgencyVoice(options.Agency, log);
        _show = show;
        _machine = new AgencyMachine(options.Policy, new DeterministicRandom((ulong)Random.Shared.NextInt64()));
        _loop = new HostLoop<Arrival>(time);
        _tasks = new TaskScope(Fail);
        using (Stream bets = options.OpenBets())
        {
            _totalBytes = bets.Length;
        }

        _rejects = options.RejectsFile is { } path ? new RejectFile(path) : null;
        _bets = new BetFile(
            new BetFileOptions
            {
                Open = options.OpenBets, Agency = options.Agency, Batch = options.Batch, FaultOf = dialer.FaultOf,
            },
            () => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), SetAside);
    }

    /// <summary>Brings the bets, waits for the draw, and gives the winners.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Its log.</param>
    /// <param name="show">Shows how far it is, several times a second.</param>
    /// <param name="cancellationToken">Ends it at once; what the hub has acked it has.</param>
    /// <exception cref="IOException">A file of its own cannot be read or written; the message says why.</exception>
    public static Task<AgencyResult> RunAsync(
        AgencyOptions options, TimeProvider time, ILogger log, Action<AgencyProgress> show,
        CancellationToken cancellationToken) =>
        RunAsync(options, new TcpTransport(new TcpOptions { Time = time }), time, log, show, cancellationToken);

    /// <inheritdoc cref="RunAsync(AgencyOptions, TimeProvider, ILogger, Action{AgencyProgress}, CancellationToken)"/>
    public static async Task<AgencyResult> RunAsync(
        AgencyOptions options, ITransport transport, TimeProvider time, ILogger log, Action<AgencyProgress> show,
        CancellationToken cancellationToken)
    {
        await using var host = new AgencyHost(
            options,
            options.Token is null ? new TextDialer(options, transport, time) : new HttpDialer(options), time, log,
            show);
        return await host.RunAsync(cancellationToken);
    }

    private async Task<AgencyResult> RunAsync(CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration stop = cancellationToken.Register(_loop.Complete);
        _loop.TryPost(new Arrival(_epoch, new AgencyEvent.Begun()));
        await _loop.RunAsync(HandleAsync, new Arrival(_epoch, Event: null), SettleAsync);
        if (_result is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw _fault ?? new UnreachableException();
        }

        return _result;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await DisconnectAsync();
        await _tasks.WhenAllEndedAsync();
        await _bets.DisposeAsync();
        _rejects?.Dispose();
        (_dialer as IDisposable)?.Dispose();
        _stopping.Dispose();
    }

    private async ValueTask HandleAsync(Arrival arrival)
    {
        if (arrival.Event is null)
        {
            Show();
            return;
        }

        if (arrival.Epoch != _epoch || _result is not null)
        {
            // It comes from a link that is given up.
            await DisposeAsync(arrival.Link);
            return;
        }

        _link = arrival.Link ?? _link;
        await ApplyAsync(arrival.Event);
    }

    private async ValueTask ApplyAsync(AgencyEvent @event)
    {
        _voice.Tell(@event);
        AgencyStep before = _machine.Step;
        var effects = new List<AgencyEffect>();
        _machine.Apply(@event, effects);
        for (int i = 0; i < effects.Count; i++)
        {
            if (effects[i] is AgencyEffect.ReadBatch)
            {
                _batch = _ahead ?? await _bets.ReadAsync(_stopping.Token);
                _ahead = null;
                _machine.Apply(
                    _batch.IsEmpty ? new AgencyEvent.SourceEnded() : new AgencyEvent.BatchRead(_batch.Length), effects);
            }
            else
            {
                await DoAsync(effects[i]);
            }
        }

        if (before != AgencyStep.Asking && _machine.Step == AgencyStep.Asking)
        {
            _voice.AskingBegun();
        }
    }

    private async ValueTask DoAsync(AgencyEffect effect)
    {
        switch (effect)
        {
            case AgencyEffect.Connect:
                int epoch = ++_epoch;
                _tasks.Run(() => ConnectAsync(epoch));
                break;
            case AgencyEffect.Disconnect:
                _epoch++;
                await DisconnectAsync();
                break;
            case AgencyEffect.Rewind rewind:
                _ahead = null;
                await _bets.RewindAsync(rewind.Bets);
                break;
            case AgencyEffect.SendBatch send:
                await _link!.SendBatchAsync(send.Number, _batch, _stopping.Token);
                break;
            case AgencyEffect.SendClose close:
                _link!.SendClose(close.Counts);
                break;
            case AgencyEffect.AskWinners:
                _link!.AskWinners();
                break;
            case AgencyEffect.Wait wait:
                int waiting = _epoch;
                _tasks.Run(() => WakeAsync(waiting, wait.Time));
                break;
            case AgencyEffect.TellPause pause:
                _voice.Pausing(pause.Reason, pause.Pause);
                break;
            case AgencyEffect.Finish finish:
                _voice.Finished(finish.Documents);
                End(new AgencyResult.Drawn(finish.Documents, _machine.StoredBets, _bets.BadLines));
                break;
            case AgencyEffect.GiveUp giveUp:
                _voice.Failed(giveUp.Reason);
                End(new AgencyResult.GaveUp(giveUp.Reason, _machine.StoredBets));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void End(AgencyResult result)
    {
        _result = result;
        _loop.Complete();
        Show();
    }

    private async ValueTask SettleAsync()
    {
        if (_link is null)
        {
            return;
        }

        await _link.FlushAsync(_stopping.Token);
        if (_machine.Step == AgencyStep.Sending)
        {
            // Read while the hub is at work, the next batch need not be waited for when there is room for it.
            _ahead ??= await _bets.ReadAsync(_stopping.Token);
        }
    }

    private void Show() => _show(new AgencyProgress(
        _machine.Step, _machine.StoredBets, _machine.InFlight, _bets.Position, _totalBytes, _bets.BadLines));

    private void SetAside(BadLine line)
    {
        _voice.BadLineRead(line);
        _rejects?.Add(line);
    }

    private async Task ConnectAsync(int epoch)
    {
        AgencyDialResult result = await _dialer.DialAsync(
            async @event => await _loop.PostAsync(new Arrival(epoch, @event), _stopping.Token), Fail,
            _stopping.Token);
        Arrival arrival = result switch
        {
            AgencyDialResult.Open open => new Arrival(epoch, new AgencyEvent.Connected(open.Stored), open.Link),
            AgencyDialResult.Failed failed => new Arrival(epoch, new AgencyEvent.Lost(failed.Reason)),
            AgencyDialResult.Refused refused => new Arrival(epoch, new AgencyEvent.Refused(refused.Reason)),
            _ => throw new UnreachableException(),
        };
        if (!await _loop.PostAsync(arrival, CancellationToken.None))
        {
            await DisposeAsync(arrival.Link);
        }
    }

    private async Task WakeAsync(int epoch, TimeSpan after)
    {
        await Task.Delay(after, _time, _stopping.Token);
        await _loop.PostAsync(new Arrival(epoch, new AgencyEvent.Woken()), _stopping.Token);
    }

    private async ValueTask DisconnectAsync()
    {
        IAgencyLink? link = _link;
        _link = null;
        await DisposeAsync(link);
    }

    private static ValueTask DisposeAsync(IAgencyLink? link) => link?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Fail(Exception fault)
    {
        _fault ??= fault;
        _loop.Complete();
    }

    // What comes to the loop; null: time has passed. A link comes with the event that it is open.
    private sealed record Arrival(int Epoch, AgencyEvent? Event, IAgencyLink? Link = null);
}
