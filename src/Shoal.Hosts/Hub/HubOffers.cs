using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Hosts.Common;
using Shoal.Net.Frames;

namespace Shoal.Hosts.Hub;

/// <summary>
/// What the users of the hub's directory offer to each other: lets in those whom the directory knows, and feeds the
/// machine that knows who has what.
/// </summary>
internal sealed class HubOffers
{
    /// <summary>How it is called in the log, beside the swarms.</summary>
    public const string Name = "offers";

    private readonly HostedSwarm _book;
    private readonly Func<string, CancellationToken, ValueTask<EndpointText?>> _whereIs;
    private readonly TimeSpan _closeLimit;
    private readonly ILogger _log;

    public HubOffers(
        HostedSwarm book, Func<string, CancellationToken, ValueTask<EndpointText?>> whereIs, TimeSpan closeLimit,
        TaskScope tasks, ILogger log)
    {
        _book = book;
        _whereIs = whereIs;
        _closeLimit = closeLimit;
        _log = log;
        tasks.Run(book.RunAsync);
    }

    /// <summary>Serves a connection whose first message is one of a user's machine.</summary>
    public async Task ServeAsync(MemberLink link, MemberMessage first, CancellationToken stopping)
    {
        FrameConnection<MemberMessage, HubMessage> connection = link.Connection;
        if (first is MemberMessage.Enlist enlist && await WhyNotAsync(connection, enlist, stopping) is { } reason)
        {
            connection.Send(new HubMessage.Refuse(reason));
            _log.Refused(connection.Remote.ToString(), reason);
            await connection.CloseAsync(reason, _closeLimit, stopping);
            return;
        }

        if (!_book.TryEnter())
        {
            return;
        }

        try
        {
            await _book.ServeAsync(link, first, stopping);
        }
        finally
        {
            if (stopping.IsCancellationRequested)
            {
                _book.TryClose();
            }
        }
    }

    /// <summary>The directory has changed.</summary>
    /// <param name="change">How.</param>
    /// <param name="linkOf">The connection of a guest; null: it has ended.</param>
    public async ValueTask NoteAsync(DirectoryChange change, Func<GuestId, MemberLink?> linkOf)
    {
        switch (change)
        {
            case DirectoryChange.Withdrawn { Publication: var publication }:
                await TellAsync(new SwarmTrackerEvent.Withdrawn(publication.Owner.Value, publication.Name.Value));
                break;
            case DirectoryChange.Disconnected { User: var gone }:
                await TellAsync(new SwarmTrackerEvent.Withdrawn(gone.User.Value, null));
                break;
            case DirectoryChange.Welcomed welcomed when linkOf(welcomed.Guest) is { } link:
                _book.Borrow(link);
                await TellAsync(new SwarmTrackerEvent.Lent(link.Id, welcomed.User.User.Value));
                break;
            case DirectoryChange.Shared shared:
                await TellAsync(new SwarmTrackerEvent.Lending(LinkOf(shared.Guest), [.. shared.Files.Select(OfferOf)]));
                break;
            case DirectoryChange.Unshared unshared:
                foreach (PublicationName file in unshared.Files)
                {
                    await TellAsync(new SwarmTrackerEvent.Withdrawn(unshared.User.Value, file.Value));
                }

                break;
            case DirectoryChange.Parted parted:
                await TellAsync(new SwarmTrackerEvent.LinkLost(LinkOf(parted.Guest)));
                _book.GiveBack(LinkOf(parted.Guest));
                break;
            default:
                break;
        }
    }

    /// <summary>Ends it when nobody is in it any more.</summary>
    public void Close() => _book.TryClose();

    private static LinkId LinkOf(GuestId guest) => new(guest.Value);

    private static MemberMessage.Offer OfferOf(GuestFile file) =>
        new(file.Name, OfferId.Of(OfferId.FileOf(file.Content)), file.Bytes);

    private async ValueTask TellAsync(SwarmTrackerEvent @event) =>
        await _book.TellAsync(@event, CancellationToken.None);

    // Nobody else than the machine that is connected to the directory may say what the user offers.
    private async ValueTask<string?> WhyNotAsync(
        FrameConnection<MemberMessage, HubMessage> connection, MemberMessage.Enlist enlist, CancellationToken stopping)
    {
        EndpointText? known = await _whereIs(enlist.User, stopping);
        return known == new EndpointText(connection.Remote.Host, enlist.Port)
            ? null
            : $"the directory does not know '{enlist.User}' as connected from there";
    }
}
