using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Exchange;
using Shoal.Hosts.Common;
using Shoal.Net.Frames;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;
using Shoal.Storage.Offers;

namespace Shoal.Hosts.User;

/// <summary>
/// Tells the hub what the user offers, for as long as the user is connected, and hears what of it is wanted.
/// </summary>
/// <param name="options">What the user's machine is told.</param>
/// <param name="user">Who.</param>
/// <param name="address">Where the machine listens, as the directory knows it.</param>
/// <param name="finder">Finds the hub's door.</param>
/// <param name="files">What the user publishes.</param>
/// <param name="sources">Gives what is wanted.</param>
/// <param name="transport">How connections come about.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class OfferTeller(
    UserOptions options, UserName user, EndpointText address, ExchangeFinder finder, PublishedFiles files,
    OfferSources sources, ITransport transport, TimeProvider time, ILogger log)
{
    /// <summary>Offers that are told before a moment's pause, so that a slow line is not overrun.</summary>
    private const int MostAtOnce = 100;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_aliveInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_firstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<OfferId, Offered> _offered = new();
    private volatile Channel<Change>? _changes;
    private volatile bool _isLeaving;
    private string? _toldReason;

    /// <summary>A publication was made or withdrawn, or its files changed.</summary>
    public void Changed(string file) => _changes?.Writer.TryWrite(new Change(file, IsLost: false));

    /// <summary>
    /// The user is about to disconnect: a hub that ends the conversation from now on does what it is asked to.
    /// </summary>
    public void Leave() => _isLeaving = true;

    /// <summary>The user stays connected after all.</summary>
    public void Stay() => _isLeaving = false;

    /// <summary>Tells until it is stopped, or the directory turns out to be of another make.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(options.OfferDelay, time, cancellationToken);

        // Who publishes nothing asks nothing: a directory of another make then sees the user's own requests alone.
        while (!files.HasAny && !OfferIndex.IsIn(options.Folder))
        {
            await Task.Delay(s_look, time, cancellationToken);
        }

        if (await finder.FindAsync(cancellationToken) is null && finder.IsOther)
        {
            return;
        }

        using var index = new OfferIndex(options.Folder);
        var backoff = new Backoff(s_firstWait, s_longestWait);
        while (!finder.IsOther)
        {
            if (await finder.FindAsync(cancellationToken) is { } hub
                && await DialAsync(hub, cancellationToken) is { } connection)
            {
                backoff.Reset();
                await ConverseAsync(hub, connection, index, cancellationToken);
            }

            await Task.Delay(backoff.Next(), time, cancellationToken);
        }
    }

    private async ValueTask<TransportConnection?> DialAsync(EndpointText hub, CancellationToken cancellationToken)
    {
        var dialer = new Dialer(transport, HandshakeOptions.WithHub(options.Key, time));
        DialResult dial = await dialer.DialAsync(hub, cancellationToken);
        string? reason = (dial as DialResult.Failed)?.Reason;
        if (reason is not null && reason != _toldReason)
        {
            log.ExchangeDown(hub.ToString(), reason);
        }

        // Said once, however often it is tried again.
        _toldReason = reason;
        return (dial as DialResult.Connected)?.Connection;
    }

    private async Task ConverseAsync(
        EndpointText hub, TransportConnection transportConnection, OfferIndex index,
        CancellationToken cancellationToken)
    {
        var changes = Channel.CreateUnbounded<Change>(new UnboundedChannelOptions { SingleReader = true });
        _changes = changes;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var connection = new FrameConnection<HubMessage, MemberMessage>(
            transportConnection, new MemberSide(),
            new ConnectionOptions { Time = time, SilenceLimit = options.HubSilenceLimit });
        connection.Send(new MemberMessage.Enlist(user.Value, address.Port));
        log.ExchangeUp(hub.ToString(), user.Value);
        Task[] speaking =
        [
            TellAliveAsync(connection, ended.Token), TellOffersAsync(connection, changes, index, ended.Token),
        ];
        try
        {
            while (await connection.ReceiveAsync(cancellationToken) is { Message: { } message })
            {
                Hear(hub, message);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(speaking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_isLeaving || cancellationToken.IsCancellationRequested)
            {
                log.ExchangeEnded(hub.ToString(), user.Value);
            }
            else
            {
                log.ExchangeDown(hub.ToString(), connection.End?.Reason ?? "closed");
            }
        }
    }

    private void Hear(EndpointText hub, HubMessage message)
    {
        switch (message)
        {
            case HubMessage.Wanted wanted when _offered.TryGetValue(wanted.Offer, out Offered? offered):
                sources.Want(
                    hub, offered.Contents,
                    () => _changes?.Writer.TryWrite(new Change(offered.File, IsLost: true)),
                    () => Changed(offered.File));
                break;
            case HubMessage.Refuse refuse:
                log.ExchangeDown(hub.ToString(), refuse.Reason);
                break;
            default:
                break;
        }
    }

    private async Task TellAliveAsync(
        FrameConnection<HubMessage, MemberMessage> connection, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_aliveInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            connection.Send(new MemberMessage.Alive());
        }
    }

    private async Task TellOffersAsync(
        FrameConnection<HubMessage, MemberMessage> connection, Channel<Change> changes, OfferIndex index,
        CancellationToken cancellationToken)
    {
        foreach (string file in await files.ListAsync(cancellationToken))
        {
            changes.Writer.TryWrite(new Change(file, IsLost: false));
        }

        int told = 0;
        await foreach ((string file, bool isLost) in changes.Reader.ReadAllAsync(cancellationToken))
        {
            OfferLook look = !isLost && files.IsPublished(file)
                ? await index.LookAsync(file, null, cancellationToken)
                : new OfferLook(null, null);
            Tell(connection, file, look);
            if (++told % MostAtOnce == 0)
            {
                await Task.Delay(s_pause, time, cancellationToken);
            }
        }
    }

    private void Tell(FrameConnection<HubMessage, MemberMessage> connection, string file, OfferLook look)
    {
        foreach ((OfferId id, Offered before) in _offered)
        {
            if (before.File == file && id != look.Contents?.Id)
            {
                _offered.TryRemove(id, out _);
            }
        }

        if (look.Contents is { } contents)
        {
            _offered[contents.Id] = new Offered(file, contents);
            connection.Send(new MemberMessage.Offer(file, contents.Id, contents.Bytes));
            log.Offered(file, contents.Id.Brief, contents.Bytes);
            return;
        }

        connection.Send(new MemberMessage.Withdraw(file));
        if (look.Reason is { } reason)
        {
            log.OfferRefused(file, reason);
        }
    }

    /// <summary>What there is to look at again, or to offer no longer.</summary>
    private readonly record struct Change(string File, bool IsLost);

    private sealed record Offered(string File, OfferedContents Contents);
}
