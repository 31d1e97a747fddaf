using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.Common;
using Shoal.Net.Transport;

namespace Shoal.Hosts.User;

/// <summary>
/// Who is connected at this machine, and what is carried out for that user: asks the directory, opens and closes the
/// door for others, and fetches. Whatever the directory answers, both sides agree afterwards on who is connected.
/// </summary>
internal sealed class UserStanding : IAsyncDisposable
{
    private readonly UserOptions _options;
    private readonly ITransport _transport;
    private readonly DirectoryAsker _asker;
    private readonly UserMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    public UserStanding(
        UserOptions options, ITransport transport, IRequestClock clock, TimeProvider time, ILogger log)
    {
        _options = options;
        _transport = transport;
        _asker = new DirectoryAsker(transport, options.Hub, options.ReplyLimit, clock, time);
        _metrics = new UserMetrics(options.Meters);
        _time = time;
        _log = log;
    }

    /// <summary>The connected user; null: nobody is.</summary>
    public UserPresence? Own { get; private set; }

    /// <summary>Who was connected at the last look, in the order of the directory.</summary>
    public ImmutableArray<UserRow> KnownUsers { get; private set; } = [];

    /// <summary>Connects a user, and serves what it published. Another one is disconnected before.</summary>
    public async Task<DirectoryAnswer> ConnectAsync(UserName user, CancellationToken cancellationToken)
    {
        if (Own is { } other && other.User != user)
        {
            await DisconnectAsync(other, cancellationToken);
            await LeaveAsync();
        }

        if (Own is { Host: { } host })
        {
            // The directory may have forgotten; whatever it says, the files stay where they are.
            return await AskAsync(new DirectoryRequest.Connect(user, host.Address.Port), cancellationToken);
        }

        UserPresence begun;
        try
        {
            begun = await UserPresence.OpenAsync(
                _options, _transport, _asker, user, _metrics, _time, _log, cancellationToken);
        }
        catch (IOException e)
        {
            return DirectoryAnswer.Refused(e.Message);
        }

        bool isConnected = false;
        try
        {
            DirectoryAnswer answer = await AskAsync(
                new DirectoryRequest.Connect(user, begun.Host!.Address.Port), cancellationToken);
            isConnected = answer.Result == DirectoryResult.Done;
            return answer;
        }
        finally
        {
            if (isConnected)
            {
                Own = begun;
                begun.Begin();
            }
            else
            {
                await begun.DisposeAsync();
            }
        }
    }

    /// <inheritdoc cref="UserSession.AccompanyAsync"/>
    public async Task<DirectoryAnswer> AccompanyAsync(UserName user, CancellationToken cancellationToken)
    {
        DirectoryAnswer answer = await ConnectAsync(user, cancellationToken);
        if (answer.Result != DirectoryResult.AlreadyConnected)
        {
            return answer;
        }

        Own ??= UserPresence.Beside(_options, _transport, _asker, user, _metrics, _time, _log);
        return answer with { Result = DirectoryResult.Done };
    }

    /// <inheritdoc cref="UserSession.StayAsync"/>
    public async Task StayAsync(CancellationToken cancellationToken)
    {
        if (Own is { Host: { } host } own)
        {
            var request = new DirectoryRequest.Connect(own.User, host.Address.Port);
            DirectoryAnswer answer = await _asker.AskAsync(request, cancellationToken);
            if (answer.Result != DirectoryResult.AlreadyConnected)
            {
                Tell(request, answer);
            }
        }
    }

    /// <summary>Disconnects the connected user. A directory that is down forgets it anyway.</summary>
    public async Task<DirectoryAnswer> DisconnectAsync(UserPresence own, CancellationToken cancellationToken)
    {
        own.Leave();
        DirectoryAnswer answer = await AskAsync(new DirectoryRequest.Disconnect(own.User), cancellationToken);
        if (answer.IsUnanswered || answer.Result is DirectoryResult.Done or DirectoryResult.NotConnected)
        {
            await LeaveAsync();
        }
        else
        {
            own.Stay();
        }

        return answer;
    }

    /// <summary>Lists who is connected, and remembers it.</summary>
    public async Task<DirectoryAnswer> ListUsersAsync(UserPresence own, CancellationToken cancellationToken)
    {
        DirectoryAnswer answer = await AskOwnAsync(new DirectoryRequest.ListUsers(own.User), cancellationToken);
        if (answer.Result == DirectoryResult.Done)
        {
            KnownUsers = answer.Users;
        }

        return answer;
    }

    /// <summary>
    /// Fetches in verified chunks from all who have the same, or else in the plain way from one address.
    /// </summary>
    public async Task<FetchAnswer> FetchAsync(
        UserPresence own, OfferWish wish, EndpointText owner, CancellationToken cancellationToken)
    {
        FetchAnswer answer =
            await own.FetchAsync(wish, cancellationToken)
            ?? await new FileFetch(_options, _transport, _time, _log)
                .FetchAsync(owner, wish.File, wish.Target, cancellationToken);
        _metrics.Fetched(answer.Bytes);
        return answer;
    }

    /// <summary>Asks in the name of the connected user, who may turn out not to be connected any more.</summary>
    public async Task<DirectoryAnswer> AskOwnAsync(DirectoryRequest request, CancellationToken cancellationToken)
    {
        DirectoryAnswer answer = await AskAsync(request, cancellationToken);
        if (answer.Result == DirectoryResult.NotConnected)
        {
            await LeaveAsync();
        }

        return answer;
    }

    /// <summary>Asks the directory.</summary>
    public async Task<DirectoryAnswer> AskAsync(DirectoryRequest request, CancellationToken cancellationToken)
    {
        DirectoryAnswer answer = await _asker.AskAsync(request, cancellationToken);
        Tell(request, answer);
        return answer;
    }

    /// <summary>Disconnects whoever is connected and serves nothing more, within the limit for leaving.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Own is { Host: not null } own)
        {
            own.Leave();
            using var limit = new CancellationTokenSource(_options.LeaveLimit, _time);
            try
            {
                await AskAsync(new DirectoryRequest.Disconnect(own.User), limit.Token);
            }
            catch (OperationCanceledException)
            {
                // The directory finds out by itself.
            }
        }

        await LeaveAsync();
        _metrics.Dispose();
    }

    private void Tell(DirectoryRequest request, DirectoryAnswer answer)
    {
        string operation = DirectoryWords.Of(request.Operation);
        string outcome = StateWord.Of(answer.Result);
        if (answer.Reason is { } reason)
        {
            _log.OperationFailed(operation, request.User.Value, outcome, reason);
        }
        else
        {
            _log.OperationEnded(
                answer.Result == DirectoryResult.Done ? "success" : "fail", operation, request.User.Value, outcome);
        }
    }

    private async ValueTask LeaveAsync()
    {
        if (Own is { } own)
        {
            Own = null;
            KnownUsers = [];
            await own.DisposeAsync();
        }
    }
}
