using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Hosts.Common;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;
using Shoal.Storage;
using Shoal.Storage.Offers;

namespace Shoal.Hosts.Peer;

/// <summary>A peer on sockets and disk: carries out what its machine wants, and tells it what came of it.</summary>
public sealed class PeerHost : IDisposable
{
    private readonly PeerOptions _options;
    private readonly ITransport _transport;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Action<PeerProgress> _progress;
    private readonly Arrivals _arrivals = new();
    private readonly PeerMetrics _metrics;
    private readonly PeerClock _clock;

    private SwarmFolder _folder = null!;

    private PeerHost(
        PeerOptions options, ITransport transport, TimeProvider time, ILogger log, Action<PeerProgress> progress)
    {
        _options = options;
        _transport = transport;
        _time = time;
        _log = log;
        _progress = progress;
        _metrics = new PeerMetrics(options.Meters);
        _clock = new PeerClock(_arrivals, log);
    }

    /// <summary>
    /// Says what would be shared and what would come, without joining; nothing in the folder changes.
    /// </summary>
    /// <exception cref="FolderException">The folder or its disk failed.</exception>
    public static Task<FolderPreview> PreviewAsync(
        PeerOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        PreviewAsync(options, new TcpTransport(new TcpOptions { Time = time }), time, cancellationToken);

    /// <inheritdoc cref="PreviewAsync(PeerOptions, TimeProvider, CancellationToken)"/>
    public static async Task<FolderPreview> PreviewAsync(
        PeerOptions options, ITransport transport, TimeProvider time, CancellationToken cancellationToken)
    {
        (FolderContents contents, long free) = await FolderLook.TakeAsync(FolderOptionsOf(options), cancellationToken);
        var lengths = contents.Manifests.ToDictionary(manifest => manifest.Id, manifest => manifest.Length);
        return new FolderPreview(
            [.. contents.Shares.SelectMany(share => share.Entries).Select(entry => entry is SharedEntry.File file
                ? new PreviewFile(file.Name.Value, lengths[file.Content])
                : new PreviewFile(entry.Name.Value + "/", 0))],
            [.. contents.Notes.Select(note => $"{note.Name}: {note.Text}")],
            free,
            await new SwarmLook(options, transport, time).AskAsync(contents, cancellationToken));
    }

    private static SwarmFolderOptions FolderOptionsOf(PeerOptions options) => new()
    {
        Path = options.Folder,
        PeerName = options.Name,
        ChunkSize = options.ChunkSize,
        Excludes = options.Excludes,
    };

    /// <summary>
    /// Shares a folder with a swarm over TCP and receives what the others share, until the run has ended.
    /// </summary>
    /// <inheritdoc
    /// cref="RunAsync(PeerOptions, ITransport, TimeProvider, ILogger, Action{PeerProgress}, CancellationToken)"/>
    public static Task<PeerResult> RunAsync(
        PeerOptions options, TimeProvider time, ILogger log, Action<PeerProgress> progress,
        CancellationToken cancellationToken) =>
        RunAsync(
            options, new TcpTransport(new TcpOptions { Time = time, UnsentBytesWithinMachine = int.MaxValue }), time,
            log, progress, cancellationToken);

    /// <summary>Shares a folder with a swarm and receives what the others share, until the run has ended.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="transport">How connections come about.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    /// <param name="progress">Is told how far it is, about four times a second, from the loop's task.</param>
    /// <param name="cancellationToken">Asks it to stop; it says goodbye first.</param>
    /// <exception cref="HostException">The hub will not have it, or it cannot listen.</exception>
    /// <exception cref="FolderException">The folder or its disk failed.</exception>
    public static async Task<PeerResult> RunAsync(
        PeerOptions options, ITransport transport, TimeProvider time, ILogger log, Action<PeerProgress> progress,
        CancellationToken cancellationToken)
    {
        using var host = new PeerHost(options, transport, time, log, progress);
        using (host._folder = SwarmFolder.Open(FolderOptionsOf(options)))
        {
            FolderContents contents;
            Task rehearsal = host.RehearseAsync(cancellationToken);
            try
            {
                contents = await host.ReadFolderAsync(cancellationToken);
            }
            finally
            {
                await rehearsal;
            }

            options.FolderRead?.Invoke(host._folder, contents);
            PeerResult result = await host.TakePartAsync(contents, cancellationToken);
            bool isHashed = options.Md5 || host._clock.IsKept;
            return isHashed && result.Outcome is SwarmOutcome.Complete or SwarmOutcome.Incomplete
                ? result with { Md5 = await host.HashMd5Async(cancellationToken) }
                : result;
        }
    }

    /// <summary>Gives what is offered to the swarm that is for it, until it is stopped or its files change.</summary>
    /// <inheritdoc
    /// cref="RunAsync(PeerOptions, ITransport, TimeProvider, ILogger, Action{PeerProgress}, CancellationToken)"/>
    /// <param name="offered">What, and where its files are.</param>
    /// <param name="peer">Who it is in that swarm.</param>
    public static async Task<PeerResult> OfferAsync(
        PeerOptions options, OfferedContents offered, PeerId peer, ITransport transport, TimeProvider time,
        ILogger log, Action<PeerProgress> progress, CancellationToken cancellationToken)
    {
        using var host = new PeerHost(options, transport, time, log, progress);
        using (host._folder = SwarmFolder.Open(offered, peer, options.Name))
        {
            FolderContents contents = offered.Describe(peer, options.Name);
            host.Note(contents);
            return await host.TakePartAsync(contents, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _metrics.Dispose();

    private async Task RehearseAsync(CancellationToken cancellationToken)
    {
        if (_options.Rehearse is { } rehearse
            && await Task.Run(() => rehearse(_folder.Stage, cancellationToken), CancellationToken.None) is { } reason)
        {
            _log.NotRehearsed(reason);
        }
    }

    private async Task<FolderContents> ReadFolderAsync(CancellationToken cancellationToken)
    {
        FolderContents contents = await _folder.ReadAsync(
            new HashProgress(PeerPhase.Hashing, _progress), cancellationToken);
        Note(contents);
        return contents;
    }

    private void Note(FolderContents contents)
    {
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

        if (_options.Part != PeerPart.Source)
        {
            _log.FolderRead(_options.Folder, contents.Manifests.Length, bytes, contents.HashedBytes);
        }
    }

    private async Task<PeerResult> TakePartAsync(FolderContents contents, CancellationToken cancellationToken)
    {
        IDoor? door = _options.Door
            ?? (_options.Relay == RelayUse.Always ? null : await OpenDoorAsync(cancellationToken));
        if (_options.Part != PeerPart.Source)
        {
            _log.Listening(door?.Local.ToString() ?? "nowhere", _folder.Peer.ToString());
        }

        using var shell = new PeerShell(
            _options, MachineOptions(door?.Local), _folder, _arrivals, _clock, _metrics, _transport, _time, _log,
            _progress);
        SwarmOutcome outcome = await shell.RunAsync(contents, door, cancellationToken);
        if (outcome is SwarmOutcome.Complete complete)
        {
            _folder.ForgetLeftovers();
            outcome = CompleteHere(complete, shell.Name);
        }

        _clock.TellFiles();
        _log.Leaving(outcome is SwarmOutcome.Complete ? "success" : "fail", _options.Swarm);
        return new PeerResult(shell.Name, outcome, _arrivals.Received(shell.Appeared, _clock), [])
        {
            Clock = _clock.Reading,
        };
    }

    /// <summary>A complete end, unless own files are no longer those that the others have by now.</summary>
    private SwarmOutcome CompleteHere(SwarmOutcome.Complete complete, string peer)
    {
        var changed = ImmutableArray.CreateBuilder<MissingContent>();
        foreach ((EntryName name, Manifest manifest) in _folder.FindChanged())
        {
            _log.Withdrawn(name.Value, manifest.Id.Brief, peer);
            changed.Add(new MissingContent(manifest.Id, manifest.ChunkCount, manifest.Length, [name], [peer]));
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
                Handshake = HandshakeOptions.BetweenPeers(_options.Key, _time),
                Refused = (address, reason) => _log.Refused(address.ToString(), reason),
            });
        }
        catch (IOException e)
        {
            throw new HostException(e.Message, e);
        }
    }

    private SwarmPeerOptions MachineOptions(EndpointText? listening)
    {
        ImmutableArray<EndpointText> addresses = listening is { } local
            ? LocalAddresses.For(local, _options.Hub, _options.Advertise)
            : [];
        return new SwarmPeerOptions
        {
            Swarm = _options.Swarm,
            Peer = _folder.Peer,
            Name = _options.Name,
            Endpoints = [.. addresses.Select(address => address.ToString())],
            Capacity = _options.Capacity,
            Relay = _options.Relay,
            Expect = _options.Expect,
            Stay = _options.Stay || _options.Part != PeerPart.Member,
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
}
