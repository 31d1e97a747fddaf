using Microsoft.Extensions.Logging;
using Shoal.Core.Exchange;
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
    private readonly TaskScope _tasks;
    private readonly ILogger _log;

    public HubOffers(
        HostedSwarm book, Func<string, CancellationToken, ValueTask<EndpointText?>> whereIs, TimeSpan closeLimit,
        TaskScope tasks, ILogger log)
    {
        _book = book;
        _whereIs = whereIs;
        _closeLimit = closeLimit;
        _tasks = tasks;
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

    /// <summary>A user offers something no longer, or, where no file is named, nothing at all.</summary>
    public void Withdraw(string user, string? file) => _tasks.Run(async () =>
        await _book.TellAsync(new SwarmTrackerEvent.Withdrawn(user, file), CancellationToken.None));

    /// <summary>Ends it when nobody is in it any more.</summary>
    public void Close() => _book.TryClose();

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
