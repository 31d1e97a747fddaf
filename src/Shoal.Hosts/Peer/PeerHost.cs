using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;
using Shoal.Hosts.Common;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;
using Shoal.Storage;

namespace Shoal.Hosts.Peer;

/// <summary>A peer on sockets and disk: carries out what its machine wants, and tells it what came of it.</summary>
public sealed class PeerHost : IDisposable
{
    private readonly PeerOptions _options;
    private readonly ITransport _transport;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Action<PeerProgress> _progress;
    private readonly HostLoop<PeerHostEvent> _loop;
    private readonly Arrivals _arrivals = new();
    private readonly List<SwarmPeerEffect> _effects = [];
    private readonly TaskScope _tasks;
    private readonly PeerMetrics _metrics;
    private readonly PeerClock _clock;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<SwarmOutcome> _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SwarmFolder _folder = null!;
    private FolderQueue _names = null!;
    private SwarmPeer _machine = null!;
    private HubLink _hub = null!;
    private PeerLinks _links = null!;
    private PeerPhase _phase = PeerPhase.Connecting;
    private TimeSpan _startedAt;
    private string _name;

    // The other members of the swarm that are present.
    private readonly HashSet<PeerId> _members = [];

    private PeerHost(
        PeerOptions options, ITransport transport, TimeProvider time, ILogger log, Action<PeerProgress> progress)
    {
        _options = options;
        _transport = transport;
        _time = time;
        _log = log;
        _progress = progress;
        _name = options.Name;
        _loop = new HostLoop<PeerHostEvent>(time);
        _tasks = new TaskScope(Fail);
        _metrics = new PeerMetrics(options.Meters);
        _clock = new PeerClock(_arrivals, log);
    }

    /// <summary>Says what would be shared and what would come, without joining.</summary>
    /// <exception cref="FolderException">The folder or its disk failed.</exception>
    public static Task<FolderPreview> PreviewAsync(
        PeerOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        PreviewAsync(options, new TcpTransport(new TcpOptions { Time = time }), time, cancellationToken);

    /// <inheritdoc cref="PreviewAsync(PeerOptions, TimeProvider, CancellationToken)"/>
    public static async Task<FolderPreview> PreviewAsync(
        PeerOptions options, ITransport transport, TimeProvider time, CancellationToken cancellationToken)
    {
        using SwarmFolder folder = OpenFolder(options);
        FolderContents contents = await folder.ReadAsync(null, cancellationToken);
        var lengths = contents.Manifests.ToDictionary(manifest => manifest.Id, manifest => manifest.Length);
        return new FolderPreview(
            [.. contents.Shares.SelectMany(share => share.Entries).Select(entry => entry is SharedEntry.File file
                ? new PreviewFile(file.Name.Value, lengths[file.Content])
                : new PreviewFile(entry.Name.Value + "/", 0))],
            [.. contents.Notes.Select(note => $"{note.Name}: {note.Text}")],
            folder.MeasureSpace().Available,
            await new SwarmLook(options, transport, time).AskAsync(contents, cancellationToken));
    }

    private static SwarmFolder OpenFolder(PeerOptions options) => SwarmFolder.Open(new SwarmFolderOptions
    {
        Path = options.Folder,
        PeerName = options.Name,
        ChunkSize = options.ChunkSize,
        Excludes = options.Excludes,
    });

    /// <summary>
    /// Shares a folder with a swarm over TCP and receives what the others share, until the run has ended.
    /// </summary>
    /// <inheritdoc
    /// cref="RunAsync(PeerOptions, ITransport, TimeProvider, ILogger, Action{PeerProgress}, CancellationToken)"/>
    public static Task<PeerResult> RunAsync(
        PeerOptions options, TimeProvider time, ILogger log, Action<PeerProgress> progress,
        CancellationToken cancellationToken) =>
        RunAsync(options, new TcpTransport(new TcpOptions { Time = time }), time, log, progress, cancellationToken);

    /// <summary>Shares a folder with a swarm and receives what the others share, until the run has ended.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="transport">How connections come about.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    /// <param name="progress">Is told how far it is, about four times a second, from the loop's task.</param>
    /// <param name="cancellationToken">Asks it to stop; it says goodbye first.</param>
    /// <exception cref="PeerException">The hub will not have it, or it cannot listen.</exception>
    /// <exception cref="FolderException">The folder or its disk failed.</exception>
    public static async Task<PeerResult> RunAsync(
        PeerOptions options, ITransport transport, TimeProvider time, ILogger log, Action<PeerProgress> progress,
        CancellationToken cancellationToken)
    {
        using var host = new PeerHost(options, transport, time, log, progress);
        using (host._folder = OpenFolder(options))
        {
            FolderContents contents = await host.ReadFolderAsync(cancellationToken);
            PeerResult result = await host.TakePartAsync(contents, cancellationToken);
            bool isHashed = options.Md5 || host._clock.IsKept;
            return isHashed && result.Outcome is SwarmOutcome.Complete or SwarmOutcome.Incomplete
                ? result with { Md5 = await host.HashMd5Async(cancellationToken) }
                : result;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _metrics.Dispose();
    }

    private async Task<FolderContents> ReadFolderAsync(CancellationToken cancellationToken)
    {
        FolderContents contents = await _folder.ReadAsync(new ReadProgress(_progress), cancellationToken);
        foreach (FolderNote note in contents.Notes)
        {
            _log.FolderNote(note.Name, note.Text);
        }

        var held = contents.Holdings.ToDictionary(holding => holding.Content, holding => holding.Chunks);
        HashSet<ContentId> named =
        [
            .. contents.Shares.SelectMany(share => share.Entries).OfType<SharedEntry.File>()
                .Select(file => file.Content),
        ];
        long bytes = 0;
        foreach (Manifest manifest in contents.Manifests)
        {
            long here = manifest.BytesOf(held.GetValueOrDefault(manifest.Id));
            bytes += here;
            if (named.Contains(manifest.Id))
            {
                _arrivals.Describe(manifest, here);
            }
            else
            {
                _arrivals.Remember(manifest.Id, here);
            }
        }

        foreach (MemberMessage.Share share in contents.Shares)
        {
            _arrivals.Name(share.Origin, share.OriginName, share.Entries);
        }

        _log.FolderRead(_options.Folder, contents.Manifests.Length, bytes, contents.HashedBytes);
        return contents;
    }

    private async Task<PeerResult> TakePartAsync(FolderContents contents, CancellationToken cancellationToken)
    {
        Door? door = _options.Relay == RelayUse.Always ? null : await OpenDoorAsync(cancellationToken);
        _log.Listening(door?.Local.ToString() ?? "nowhere", _folder.Peer.ToString());
        _machine = new SwarmPeer(MachineOptions(door?.Local));
        _names = new FolderQueue(_folder, entry => _log.FileHere(
            entry.Local.Value, entry.Entry.Name.Value, _arrivals.NameOf(entry.Origin),
            (_loop.Now - _startedAt).TotalMilliseconds));
        _links = new PeerLinks(_options, _folder, _arrivals, _transport, _loop, _tasks, _time, _log, _stopping.Token);
        _hub = new HubLink(_options, _folder, _transport, _links.Limits, _loop, _time, _log);
        _loop.TryPost(new PeerHostEvent.Fact(contents.ToEvent()));

        _tasks.Run(_names.RunAsync);
        _tasks.Run(() => _loop.RunAsync(HandleAsync, new PeerHostEvent.Tick()));
        _tasks.Run(() => _hub.RunAsync(_stopping.Token));
        if (door is not null)
        {
            _tasks.Run(() => _links.AcceptAllAsync(door));
        }

        SwarmOutcome outcome;
        await using (cancellationToken.Register(
            () => _tasks.Run(() => _loop.PostAsync(
                new PeerHostEvent.Fact(new SwarmPeerEvent.Stop()), CancellationToken.None).AsTask())))
        {
            try
            {
                outcome = await _ended.Task;
                await _names.DrainAsync();
                await _hub.CloseAsync();
            }
            finally
            {
                if (door is not null)
                {
                    await door.DisposeAsync();
                }

                await _links.CloseAllAsync();
                await _stopping.CancelAsync();
                _names.Finish();
                _loop.Complete();
                await _tasks.WhenAllEndedAsync();
            }
        }

        if (outcome is SwarmOutcome.Complete complete)
        {
            _folder.ForgetLeftovers();
            outcome = CompleteHere(complete);
        }

        _clock.TellFiles();
        _log.Leaving(outcome is SwarmOutcome.Complete ? "success" : "fail", _options.Swarm);
        return new PeerResult(_name, outcome, _arrivals.Received(_names.Appeared, _clock), [])
        {
            Clock = _clock.Reading,
        };
    }

    /// <summary>A complete end, unless own files are no longer those that the others have by now.</summary>
    private SwarmOutcome CompleteHere(SwarmOutcome.Complete complete)
    {
        var changed = ImmutableArray.CreateBuilder<MissingContent>();
        foreach ((EntryName name, Manifest manifest) in _folder.FindChanged())
        {
            _log.Withdrawn(name.Value, manifest.Id.Brief, _name);
            changed.Add(new MissingContent(manifest.Id, manifest.ChunkCount, manifest.Length, [name], [_name]));
        }

        return changed.Count == 0 ? complete : new SwarmOutcome.Incomplete(complete.Report, changed.ToImmutable());
    }

    private async Task<Door> OpenDoorAsync(CancellationToken cancellationToken)
    {
        try
        {
            ITransportListener listener = await _transport.ListenAsync(_options.Listen, cancellationToken);
            return new Door(listener, new DoorOptions
            {
                Handshake = new HandshakeOptions
                {
                    Role = EndRole.Peer, Expected = EndRole.Peer, Key = _options.Key, Time = _time,
                },
                Refused = (address, reason) => _log.Refused(address.ToString(), reason),
            });
        }
        catch (IOException e)
        {
            throw new PeerException($"cannot listen at {_options.Listen}: {e.Message}", e);
        }
    }

    private SwarmPeerOptions MachineOptions(EndpointText? listening)
    {
        ImmutableArray<EndpointText> addresses = listening is not { } local ? []
            : _options.Advertise.IsEmpty ? LocalAddresses.For(local, _options.Hub)
            : [.. _options.Advertise.Select(address =>
                address.Port == 0 ? address with { Port = local.Port } : address)];
        return new SwarmPeerOptions
        {
            Swarm = _options.Swarm,
            Peer = _folder.Peer,
            Name = _options.Name,
            Endpoints = [.. addresses.Select(address => address.ToString())],
            Capacity = _options.Capacity,
            Relay = _options.Relay,
            Expect = _options.Expect,
            Stay = _options.Stay,
            Patience = _options.Patience,
            RandomSeed = (ulong)Random.Shared.NextInt64(),
        };
    }

    private async Task<ImmutableArray<Md5Digest>> HashMd5Async(CancellationToken cancellationToken)
    {
        ImmutableArray<FileMd5> hashes = await _folder.HashMd5Async(null, cancellationToken);
        foreach (FileMd5 hash in hashes)
        {
            _log.Md5(hash.Name.Value, hash.Md5);
        }

        return [.. hashes.Select(hash => new Md5Digest(hash.Name, hash.Md5))];
    }

    private void Fail(Exception e)
    {
        if (_ended.TrySetException(e) && e is not (FolderException or PeerException))
        {
            _log.Failed(e.ToString());
        }
    }

    private async ValueTask HandleAsync(PeerHostEvent @event)
    {
        switch (@event)
        {
            case PeerHostEvent.FromLink from when _links.IsCurrent(from.Link):
                if (from.Event is SwarmPeerEvent.ChunkStored stored)
                {
                    _arrivals.Stored(_loop.Now, stored.From, stored.Chunk);
                }

                await ApplyAsync(from.Event);
                break;
            case PeerHostEvent.Uploaded uploaded:
                await TakeUploadsAsync(uploaded.Chunks);
                break;
            case PeerHostEvent.Fact fact:
                if (fact.Event is SwarmPeerEvent.FromHub { Message: HubMessage.Welcome welcome })
                {
                    _name = welcome.You.Name;
                    _phase = _phase == PeerPhase.Connecting ? PeerPhase.Waiting : _phase;
                    _arrivals.Name(welcome.You);
                    _log.Welcomed(_options.Swarm, _name, welcome.You.JoinOrder);
                }
                else if (fact.Event is SwarmPeerEvent.ChunkStored relayed)
                {
                    _arrivals.Stored(_loop.Now, relayed.From, relayed.Chunk);
                }

                await ApplyAsync(fact.Event);
                break;
            case PeerHostEvent.HubUp:
                _members.Clear();
                await ApplyAsync(new SwarmPeerEvent.HubConnected());
                break;
            case PeerHostEvent.LinkUp up:
                _links.Up(up.Link);
                _metrics.Connected();
                await ApplyAsync(new SwarmPeerEvent.PeerConnected(up.Link.Peer));
                break;
            case PeerHostEvent.LinkDown down:
                _metrics.Disconnected();
                if (_links.Down(down.Link))
                {
                    await ApplyAsync(new SwarmPeerEvent.PeerLost(down.Link.Peer));
                }

                break;
            case PeerHostEvent.Tick:
                foreach (PeerLink link in _links.Current)
                {
                    await TakeUploadsAsync(link.Chunks);
                }

                if (_hub.Chunks is { } chunks)
                {
                    await TakeUploadsAsync(chunks);
                }

                foreach (ContentId content in _folder.TakeLost())
                {
                    await ApplyAsync(new SwarmPeerEvent.ContentLost(content));
                }

                await ApplyAsync(new SwarmPeerEvent.Tick());
                _metrics.Count(_machine.Tally);
                _progress(Snapshot());
                break;
            default:
                break;
        }
    }

    private async ValueTask TakeUploadsAsync(LinkChunks chunks)
    {
        while (chunks.TryTakeEnded(out ChunkRef chunk))
        {
            if (_hub.Chunks == chunks || _links.IsCurrent(chunks))
            {
                await ApplyAsync(new SwarmPeerEvent.UploadEnded(chunks.Peer, chunk));
            }
        }

        while (chunks.TryTakeLost(out ContentId content))
        {
            await ApplyAsync(new SwarmPeerEvent.ContentLost(content));
        }
    }

    private async ValueTask ApplyAsync(SwarmPeerEvent @event)
    {
        int first = _effects.Count;
        _machine.Apply(_loop.Now, @event, _effects);
        for (int i = first; i < _effects.Count; i++)
        {
            await CarryAsync(_effects[i]);
        }

        _effects.RemoveRange(first, _effects.Count - first);
    }

    private async ValueTask CarryAsync(SwarmPeerEffect effect)
    {
        switch (effect)
        {
            case SwarmPeerEffect.Upload upload:
                int length = _arrivals.ManifestOf(upload.Chunk.Content)!.LengthOf(upload.Chunk.Index);
                if (upload.To == PeerId.Relay)
                {
                    _hub.Upload(upload.Chunk, length);
                }
                else
                {
                    _links.Upload(upload.To, upload.Chunk, length);
                }

                break;
            case SwarmPeerEffect.ToPeer to:
                _links.Send(to.Peer, to.Message);
                break;
            case SwarmPeerEffect.ToHub to:
                _hub.Send(to.Message);
                break;
            case SwarmPeerEffect.Dial dial:
                _links.Dial(dial.Member);
                break;
            case SwarmPeerEffect.Disconnect gone:
                _links.Disconnect(gone.Peer, gone.Reason);
                break;
            case SwarmPeerEffect.Prepare prepare:
                _arrivals.Expect(prepare.Manifest);
                _folder.Prepare(prepare.Manifest);
                break;
            case SwarmPeerEffect.Place place:
                _arrivals.Name(place.Share.Origin, place.Share.OriginName, place.Share.Entries);
                _names.Place(place.Share);
                break;
            case SwarmPeerEffect.ContentComplete complete:
                string order = _arrivals.Complete(_loop.Now, complete.Content);
                _log.ContentHere(complete.Content.Brief, _arrivals.ManifestOf(complete.Content)!.ChunkCount, order);
                _names.Complete(complete.Content);
                break;
            case SwarmPeerEffect.Started:
                await StartAsync();
                break;
            case SwarmPeerEffect.Tell tell:
                Tell(tell.Note);
                break;
            case SwarmPeerEffect.End end:
                _metrics.Count(_machine.Tally);
                _ended.TrySetResult(end.Outcome);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// The clock of the run starts; nothing has been asked for yet: is there room for what will come?
    /// </summary>
    private async ValueTask StartAsync()
    {
        _startedAt = _loop.Now;
        _arrivals.Start = _startedAt;
        _phase = PeerPhase.Exchanging;
        _log.Started(_options.Swarm, _machine.TotalBytes - _machine.HeldBytes);
        await _names.DrainAsync();
        FolderSpace space = _folder.MeasureSpace();
        if (!space.IsEnough)
        {
            throw new FolderException(FolderProblem.NoSpace, _options.Folder,
                $"There is not enough room in '{_options.Folder}': {space.Needed:N0} bytes will come and "
                + $"{space.Available:N0} are free. Make room, or choose another folder with --dir.");
        }
    }

    private void Tell(SwarmNote note)
    {
        switch (note)
        {
            case SwarmNote.MemberJoined joined:
                _members.Add(joined.Member.Id);
                _arrivals.Name(joined.Member);
                _links.Update(joined.Member);
                _log.MemberHere(joined.Member.Id.Brief, joined.Member.Name, joined.Member.JoinOrder);
                break;
            case SwarmNote.MemberGone gone:
                _members.Remove(gone.Member.Id);
                _log.MemberGone(gone.Member.Id.Brief, gone.Member.Name, gone.Departure.ToString());
                break;
            case SwarmNote.Blamed blamed:
                _log.Blamed(blamed.Chunk.Content.Brief, blamed.Chunk.Index.Value,
                    _arrivals.NameOf(blamed.From), blamed.Count);
                break;
            case SwarmNote.Stolen stolen:
                _metrics.Stolen();
                _log.Stolen(stolen.Chunk.Content.Brief, stolen.Chunk.Index.Value, _arrivals.NameOf(stolen.From),
                    _arrivals.NameOf(stolen.To));
                break;
            case SwarmNote.Replanned plan:
                _log.Planned(plan.Epoch);
                break;
            case SwarmNote.ContentWithdrawn withdrawn:
                _folder.Forget(withdrawn.Content);
                _log.Withdrawn(
                    _arrivals.NameOf(withdrawn.Content), withdrawn.Content.Brief, _arrivals.NameOf(withdrawn.By));
                break;
            case SwarmNote.Waiting waiting:
                _phase = PeerPhase.Patience;
                _log.Waiting(waiting.Patience.TotalSeconds);
                break;
            default:
                _clock.Take(note);
                break;
        }
    }

    private PeerProgress Snapshot()
    {
        PeerPhase phase = _machine.IsComplete && _phase == PeerPhase.Exchanging ? PeerPhase.Serving : _phase;
        PeerTally tally = _machine.Tally;
        SwarmProgress all = _machine.SwarmProgress;
        (int total, int done) = _arrivals.Contents;
        return new PeerProgress
        {
            Phase = phase,
            TotalBytes = _machine.TotalBytes,
            DoneBytes = _machine.HeldBytes,
            TotalContents = total,
            DoneContents = done,
            Active = _arrivals.Active,
            BytesSent = tally.BytesSent,
            BytesReceived = tally.BytesReceived,
            AllTotalBytes = all.TotalBytes,
            AllDoneBytes = all.HeldBytes,
            Members = _phase == PeerPhase.Connecting ? 0 : _members.Count + 1,
            CompleteMembers = all.CompleteMembers,
            ExpectedMembers = _options.Expect,
        };
    }

    private sealed class ReadProgress(Action<PeerProgress> progress) : IProgress<FolderProgress>
    {
        public void Report(FolderProgress value) => progress(new PeerProgress
        {
            Phase = PeerPhase.Hashing,
            TotalBytes = value.TotalBytes,
            DoneBytes = value.DoneBytes,
            TotalContents = value.TotalFiles,
            DoneContents = value.DoneFiles,
        });
    }
}
