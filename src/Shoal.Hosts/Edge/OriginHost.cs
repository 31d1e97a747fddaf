using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Exchange;
using Shoal.Core.Time;
using Shoal.Hosts.Common;
using Shoal.Hosts.Peer;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;
using Shoal.Storage;

namespace Shoal.Hosts.Edge;

/// <summary>An origin on sockets and disk: serves a folder, and carries out what the tier's machine wants.</summary>
public sealed class OriginHost : IDisposable
{
    private readonly OriginOptions _options;
    private readonly ILogger _log;
    private readonly TierShell _shell;
    private readonly OriginCatalog _catalog;
    private readonly OriginLists _lists;
    private readonly EdgeTier _tier;
    private readonly List<TierEffect> _effects = [];
    private readonly OriginRoster _roster = new();
    private readonly OriginOrders _orders;
    private readonly OriginFiles _files;
    private readonly HashSet<TierLink> _links = [];
    private readonly OriginFigures _figures;
    private readonly OriginMetrics _metrics;
    private readonly OriginReception _reception;
    private readonly HostEnd<OriginResult> _end;

    private OriginHost(
        OriginOptions options, SwarmFolder folder, FolderContents contents, ITransport transport, TimeProvider time,
        ILogger log)
    {
        _options = options;
        _log = log;
        _end = new HostEnd<OriginResult>(log);
        _shell = new TierShell(options, folder, transport, time, log, _end.Fail);
        _catalog = new OriginCatalog(contents);
        _tier = new EdgeTier(options.Run);
        _lists = new OriginLists(_catalog, log);
        _figures = new OriginFigures(_tier.Tally);
        _metrics = new OriginMetrics(options.Meters, _tier.Tally);
        _orders = new OriginOrders(_roster, _catalog, folder.Peer, log);
        _files = new OriginFiles(_catalog, _roster, _shell, _tier, options.Settle, Apply);
        _reception = new OriginReception(
            _roster, _catalog, _files, _figures, _metrics, _shell, options.CloseLimit, Apply);
    }

    /// <summary>Serves a folder to a tier over TCP until everybody has everything.</summary>
    /// <inheritdoc cref="RunAsync(OriginOptions, ITransport, TimeProvider, ILogger, CancellationToken)"/>
    public static Task<OriginResult> RunAsync(
        OriginOptions options, TimeProvider time, ILogger log, CancellationToken cancellationToken) =>
        RunAsync(options, new TcpTransport(new TcpOptions { Time = time }), time, log, cancellationToken);

    /// <summary>Serves a folder to a tier until everybody has everything, or until it is told to stop.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="transport">How connections come about.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    /// <param name="cancellationToken">Asks it to stop.</param>
    /// <exception cref="HostException">The hub will not have it, or it cannot listen.</exception>
    /// <exception cref="FolderException">The folder or its disk failed.</exception>
    public static async Task<OriginResult> RunAsync(
        OriginOptions options, ITransport transport, TimeProvider time, ILogger log,
        CancellationToken cancellationToken)
    {
        using SwarmFolder folder = SwarmFolder.Open(new SwarmFolderOptions
        {
            Path = options.Folder, PeerName = options.Name, ChunkSize = options.ChunkSize,
        });
        FolderContents contents = await folder.ReadAsync(null, cancellationToken);
        foreach (FolderNote note in contents.Notes)
        {
            log.FolderNote(note.Name, note.Text);
        }

        using var host = new OriginHost(options, folder, contents, transport, time, log);
        log.FolderRead(
            options.Folder, contents.Manifests.Length, contents.Manifests.Sum(manifest => manifest.Length),
            contents.HashedBytes);
        return await host.ServeAsync(transport, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics.Dispose();
        _shell.Dispose();
    }

    private async Task<OriginResult> ServeAsync(ITransport transport, CancellationToken cancellationToken)
    {
        Door door = await _shell.OpenDoorAsync(cancellationToken);
        var post = new OriginPost(_options, _shell, transport);
        _shell.Tasks.Run(() => post.RunAsync(_shell.AddressesOf(door), _shell.Stopping));
        await using CancellationTokenRegistration stop =
            cancellationToken.Register(() => _end.Reach(_figures.ToResult(isComplete: _figures.IsComplete)));
        OriginResult result = await _shell.RunAsync(HandleAsync, _end.Reached, () => _links, door);
        _log.LeftTier(_options.Tier);
        return result;
    }

    private ValueTask HandleAsync(TierHostEvent @event)
    {
        switch (@event)
        {
            case TierHostEvent.Work work:
                return work.Do();
            case TierHostEvent.LinkUp up:
                _links.Add(up.Link);
                break;
            case TierHostEvent.LinkDown down:
                _links.Remove(down.Link);
                _reception.Depart(down.Link, down.Link.EndReason);
                break;
            case TierHostEvent.Heard { Message: TierMessage.Attend attend } heard:
                _reception.Welcome(heard.Link, attend);
                break;
            case TierHostEvent.Heard heard when _roster.Find(heard.Link) is { } member:
                Hear(member, heard.Message);
                break;
            case TierHostEvent.SourceLost lost:
                _files.Lose(lost.Content);
                break;
            case TierHostEvent.Fact fact:
                Apply(fact.Event);
                break;
            case TierHostEvent.Tick:
                _shell.SayAlive(_links);
                Apply(new TierEvent.Tick());
                break;
            default:
                break;
        }

        return ValueTask.CompletedTask;
    }

    private void Hear(OriginMember member, TierMessage message)
    {
        switch (message)
        {
            case TierMessage.Want want when member.Role == TierRole.Edge:
                _lists.Tell(member, want.Names);
                break;
            case TierMessage.Said { Message: PeerMessage.Request request } when member.Role == TierRole.Edge:
                foreach (ChunkRef chunk in request.Chunks)
                {
                    _files.Ask(member, chunk);
                }

                break;
            case TierMessage.Want want when !_lists.TryWant(member, want.Names):
                _reception.Refuse(member.Link, $"a client names at most {OriginLists.MostNames} files");
                break;
            case TierMessage.Match match:
                _lists.Match(member, match.Glob);
                break;
            case TierMessage.Listed:
                _lists.Answer(member);
                break;
            case TierMessage.Said { Message: PeerMessage.Hold hold }:
                Take(member, hold.Holdings);
                break;
            case TierMessage.Ready:
                _reception.Begin(member);
                break;
            case TierMessage.Whole whole
                when _orders.TransferOf(member, whole.Kind, whole.Content, whole.Peer) is { } transfer:
                member.Held.Remove(whole.Content);
                member.Link.Uploads.Stop(whole.Content);
                Apply(new TierEvent.Ended(transfer));
                break;
            case TierMessage.Fail fail
                when _orders.TransferOf(member, fail.Kind, fail.Content, fail.Peer) is { } transfer:
                StopSending(member, fail);

                _log.Broken(
                    fail.Kind, fail.Content, member.Name, fail.Peer.Brief, fail.Fault.ToString());
                _metrics.Failed(fail.Fault);
                Apply(new TierEvent.Failed(transfer, fail.Fault));
                break;
            default:
                break;
        }
    }

    // A delivery that failed says nothing of what comes straight by now, because its edge had gone before.
    private static void StopSending(OriginMember member, TierMessage.Fail fail)
    {
        if (fail.Kind != TransferKind.Delivery)
        {
            member.Link.Uploads.Stop(fail.Content);
        }

        if (fail.Kind == TransferKind.Fill)
        {
            member.Held.Remove(fail.Content);
        }
    }

    /// <summary>What a member has; if it was asked about a list, what it lacks of it is wanted from now on.</summary>
    private void Take(OriginMember member, ImmutableArray<Holding> holdings)
    {
        foreach (Holding holding in holdings)
        {
            member.Held[holding.Content] = holding.Chunks;
        }

        if (member.Role != TierRole.Client
            || !member.Answered.TryDequeue(out ImmutableArray<SharedEntry.File> entries))
        {
            return;
        }

        ImmutableArray<ContentId> lacking = _lists.LackingOf(member, entries);
        Apply(new TierEvent.Wants(member.Id, [.. lacking.Select(_files.NumberOf)]));
    }

    private void Apply(TierEvent fact)
    {
        _effects.Clear();
        _tier.Apply(fact, _effects);
        foreach (TierEffect effect in _effects.ToArray())
        {
            Carry(effect);
        }
    }

    private void Carry(TierEffect effect)
    {
        switch (effect)
        {
            case TierEffect.Plan plan:
                _shell.Tasks.Run(() => PlanAsync(plan.Draft));
                break;
            case TierEffect.Started:
                _figures.Start(_shell.Loop.Now);
                _log.Started();
                break;
            case TierEffect.Begin begin:
                _metrics.Began(begin.Transfer);
                _orders.Begin(begin.Transfer, begin.At);
                break;
            case TierEffect.Settled settled:
                _orders.Settle(settled.Transfer, settled.At);
                break;
            case TierEffect.GiveUp gone:
                _orders.GiveUp(gone.Edge, gone.File, gone.At);
                break;
            case TierEffect.PartWith part when _roster.Find(part.Member) is { } member:
                _reception.PartWith(member, part.Reason);
                break;
            case TierEffect.ClockLost:
                _log.ClockLost();
                break;
            case TierEffect.Complete complete:
                Complete(complete.At);
                break;
            default:
                break;
        }
    }

    private async Task PlanAsync(TierDraft draft)
    {
        EdgeSetup setup = await Task.Run(() => _figures.Plan(draft, _shell.Stopping), _shell.Stopping);
        _log.Planned(
            "success", draft.Edges.Length, draft.Clients.Length, draft.Demand.Requests,
            _figures.Planned.Milliseconds, _figures.Bound.Milliseconds);
        await _shell.Loop.PostAsync(
            new TierHostEvent.Fact(new TierEvent.Planned(draft, setup)), _shell.Stopping);
    }

    private void Complete(VirtualTime? at)
    {
        _figures.Complete(_shell.Loop.Now, at);
        _metrics.Completed(_figures.Makespan);
        _log.Complete(
            _figures.Makespan, at, _tier.Tally.OriginKb, _tier.Tally.DistinctKb);
        foreach (OriginMember member in _roster.All)
        {
            member.Link.Send(new TierMessage.Finish(at));
        }

        if (!_options.Stay)
        {
            _end.Reach(_figures.ToResult(isComplete: true));
        }
    }
}
