using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Core.Wire.Exchange;
using Shoal.Hosts.Common;
using Shoal.Hosts.Peer;
using Shoal.Net.Frames;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;
using Shoal.Storage;
using Shoal.Storage.Offers;

namespace Shoal.Hosts.User;

/// <summary>What somebody wants of another user.</summary>
/// <param name="Owner">Whose.</param>
/// <param name="File">The name of the publication.</param>
/// <param name="Target">Where it is to appear.</param>
/// <param name="Progress">Told how far it is.</param>
internal sealed record OfferWish(string Owner, PublicationName File, string Target, Action<PeerProgress> Progress);

/// <summary>
/// Fetches what another user offers in chunks, each verified, from all who have it. What has come is kept until all is
/// here, so that another attempt goes on where this one was cut off.
/// </summary>
/// <param name="options">What the user's machine is told.</param>
/// <param name="user">Who fetches.</param>
/// <param name="doors">Where others come in; null: nowhere yet, so the fetch listens itself.</param>
/// <param name="transport">How connections come about.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class OfferFetch(
    UserOptions options, string user, SwarmDoors? doors, ITransport transport, TimeProvider time, ILogger log)
{
    /// <summary>What changes again and again at its owner is given up then.</summary>
    private const int MostAttempts = 3;

    private static readonly TimeSpan s_secondSeek = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_seekInterval = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Fetches; null: nobody offers it in this way, or nobody who does was met. What changes at its owner meanwhile is
    /// fetched as what it is then, a few times.
    /// </summary>
    public async Task<FetchAnswer?> FetchAsync(EndpointText hub, OfferWish wish, CancellationToken cancellationToken)
    {
        bool isFolder = wish.File.Value.EndsWith('/');
        HubMessage.Found? sought = await SeekAsync(hub, wish, cancellationToken);
        if (sought is null && isFolder)
        {
            // There is no other way to get a folder, and its owner may still be hashing it.
            sought = await AwaitAsync(hub, wish, cancellationToken);
        }

        FetchAnswer? answer = null;
        for (int attempt = 1; sought is { } found; attempt++)
        {
            log.OfferFound(wish.File.Value, found.Offer.Brief, found.Bytes, found.Sources);
            answer = await FetchAsync(hub, found, wish, cancellationToken);
            if (answer is not { IsInterrupted: true } || attempt == MostAttempts)
            {
                break;
            }

            // The same once more where it was another who lost it, and its owner or somebody else still has it.
            sought = await AwaitAsync(hub, wish, cancellationToken);
            if (sought is { } now && now.Offer != found.Offer)
            {
                log.OfferChanged(wish.File.Value, wish.Owner, found.Offer.Brief, now.Offer.Brief);
            }
        }

        return answer;
    }

    private async Task<HubMessage.Found?> AwaitAsync(
        EndpointText hub, OfferWish wish, CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        while (time.GetElapsedTime(begun) < options.MeetLimit)
        {
            await Task.Delay(s_secondSeek, time, cancellationToken);
            if (await SeekAsync(hub, wish, cancellationToken) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private async Task<FetchAnswer?> FetchAsync(
        EndpointText hub, HubMessage.Found found, OfferWish wish, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            bool isFolder = wish.File.Value.EndsWith('/');
            if (!isFolder && options.Taken == TakenName.Keep
                && await LookAsync(found, wish, cancellationToken) is { } known)
            {
                return known;
            }

            using ArrivingOffer arriving = ArrivingOffer.Create(wish.Target, found.Offer, isFolder);
            Task seeking = KeepSeekingAsync(hub, wish, ended.Token);
            PeerResult? result;
            try
            {
                result = await ReceiveAsync(hub, found.Offer, arriving, wish, cancellationToken);
            }
            finally
            {
                await ended.CancelAsync();
                await seeking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return result is null ? null : Conclude(result, found, arriving, options.Taken);
        }
        catch (Exception e) when (e is FolderException or HostException)
        {
            return new FetchAnswer(FetchResult.Refused, 0, e.Message) { IsKept = true };
        }
    }

    // Null: nothing has the name yet.
    private static async Task<FetchAnswer?> LookAsync(
        HubMessage.Found found, OfferWish wish, CancellationToken cancellationToken)
    {
        using KeptFile? kept = KeptFile.TryOpen(wish.Target);
        return kept is null ? null
            : await kept.IsAsync(
                found.Offer, found.Bytes, new HashProgress(PeerPhase.Comparing, wish.Progress), cancellationToken)
                ? new FetchAnswer(FetchResult.Found, found.Bytes, null) { Sources = [] }
                : FetchAnswer.Taken(wish.Target);
    }

    // Null: nobody was met in time.
    private async Task<PeerResult?> ReceiveAsync(
        EndpointText hub, OfferId offer, ArrivingOffer arriving, OfferWish wish, CancellationToken cancellationToken)
    {
        using var unmet = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        long begun = time.GetTimestamp();
        PeerPhase phase = PeerPhase.Hashing;
        bool isMet = false;
        var peer = new PeerOptions
        {
            Swarm = offer.Swarm,
            Hub = hub,
            Folder = arriving.Folder,
            Name = user,
            Listen = options.Listen with { Port = 0 },
            Door = doors?.Open(offer.Swarm),
            Part = PeerPart.Fetcher,
            Key = options.Key,
            Patience = options.FileSilenceLimit,
        };
        PeerResult result = await PeerHost.RunAsync(peer, transport, time, log, Watch, unmet.Token);
        if (result.Outcome is not SwarmOutcome.Complete)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        // Given up is given up, even if somebody came between that and the end.
        return unmet.IsCancellationRequested && result.Outcome is SwarmOutcome.Stopped ? null : result;

        void Watch(PeerProgress progress)
        {
            isMet |= progress.Phase is PeerPhase.Exchanging or PeerPhase.Serving && progress.TotalBytes > 0;
            begun = progress.Phase == phase ? begun : time.GetTimestamp();
            phase = progress.Phase;
            if (!isMet && time.GetElapsedTime(begun) > options.MeetLimit && !unmet.IsCancellationRequested)
            {
                unmet.Cancel();
            }

            wish.Progress(progress with
            {
                Phase = progress.Phase is PeerPhase.Exchanging or PeerPhase.Serving
                    ? PeerPhase.Fetching
                    : progress.Phase,
                Active = [.. progress.Active.Select(one =>
                    one.Name == OfferId.FileName ? one with { Name = wish.File.Value } : one)],
            });
        }
    }

    private static FetchAnswer Conclude(
        PeerResult result, HubMessage.Found found, ArrivingOffer arriving, TakenName taken)
    {
        if (result.Outcome is not SwarmOutcome.Complete)
        {
            return new FetchAnswer(FetchResult.Refused, 0, Explain(result.Outcome))
            {
                IsKept = true,
                IsInterrupted = result.Outcome is SwarmOutcome.Stopped or SwarmOutcome.Incomplete,
            };
        }

        arriving.Complete(taken);
        return new FetchAnswer(FetchResult.Found, found.Bytes, null)
        {
            Sources =
            [
                .. result.Files.SelectMany(file => file.Sources).GroupBy(source => source.Key)
                    .Select(group => KeyValuePair.Create(group.Key, group.Sum(source => source.Value)))
                    .OrderByDescending(source => source.Value),
            ],
        };
    }

    private static string Explain(SwarmOutcome outcome) => outcome switch
    {
        SwarmOutcome.Refused refused => $"the hub refused: {refused.Reason}",
        SwarmOutcome.Incomplete incomplete =>
            $"{incomplete.Missing.Sum(missing => missing.MissingBytes):N0} bytes are missing, and nobody who is here "
            + "has them",
        _ => "those who had it gave it no longer before all was here",
    };

    // Whoever offers it may have come a moment ago, or have stopped giving it while nobody took it.
    private async Task KeepSeekingAsync(EndpointText hub, OfferWish wish, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_seekInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await SeekAsync(hub, wish, cancellationToken);
        }
    }

    private async ValueTask<HubMessage.Found?> SeekAsync(
        EndpointText hub, OfferWish wish, CancellationToken cancellationToken)
    {
        var dialer = new Dialer(transport, HandshakeOptions.WithHub(options.Key, time));
        if (await dialer.DialAsync(hub, cancellationToken) is not DialResult.Connected connected)
        {
            return null;
        }

        await using var connection = new FrameConnection<HubMessage, MemberMessage>(
            connected.Connection, new MemberSide(),
            new ConnectionOptions { Time = time, SilenceLimit = options.HubSilenceLimit });
        connection.Send(new MemberMessage.Seek(wish.Owner, wish.File.Value));
        while (await connection.ReceiveAsync(cancellationToken) is { Message: { } message })
        {
            if (message is HubMessage.Found found)
            {
                return found;
            }

            if (message is HubMessage.Seen)
            {
                return null;
            }
        }

        return null;
    }
}
