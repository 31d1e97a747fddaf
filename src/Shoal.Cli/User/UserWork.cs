using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Shoal.Cli.Frame;
using Shoal.Cli.Logging;
using Shoal.Cli.Rendering;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.User;

namespace Shoal.Cli.User;

/// <summary>What all commands of a user begin and end with: a session, and answers that fail.</summary>
internal sealed class UserWork : IAsyncDisposable
{
    private readonly UserAccess _access;
    private readonly LogOutput _log;

    private UserWork(UserAccess access, ScreenLines lines, LogOutput log, UserOptions options)
    {
        Lines = lines;
        _access = access;
        _log = log;
        Session = new UserSession(
            options, new OwnClock(TimeProvider.System), TimeProvider.System, log.Factory.CreateLogger("user"));
    }

    public UserSession Session { get; }

    /// <summary>Where log lines go, and what is shown beside them.</summary>
    public ScreenLines Lines { get; }

    private string User => _access.User.Value;

    /// <summary>Begins a session in which nobody is connected yet.</summary>
    /// <param name="access">Who asks which directory.</param>
    /// <param name="screen">Where log lines go.</param>
    public static UserWork Begin(UserAccess access, CommandScreen screen) =>
        Begin(access, screen, ".", LogLevel.Warning, options => options);

    /// <inheritdoc cref="Begin(UserAccess, CommandScreen)"/>
    /// <param name="folder">The folder of published files.</param>
    /// <param name="level">Which log lines are shown unless somebody asks for others.</param>
    /// <param name="adjust">What else the user's machine is told.</param>
    public static UserWork Begin(
        UserAccess access, CommandScreen screen, string folder, LogLevel level, Func<UserOptions, UserOptions> adjust)
    {
        var lines = new ScreenLines(screen.Error, screen.IsErrorTerminal, screen.Width);
        var options = new UserOptions { Hub = access.Hub, Folder = folder, Key = access.Key.Load() };
        return new UserWork(
            access, lines,
            LogOutput.Start(
                lines, access.LogFile, TimeProvider.System, screen.Settings.LogLevelUnlessAsked(level)),
            adjust(options));
    }

    /// <summary>Connects for the time of the command, or acts beside another program of the user.</summary>
    public async Task ConnectAsync(CancellationToken cancellation) =>
        Check(await Session.AccompanyAsync(User, cancellation));

    /// <summary>What a user publishes.</summary>
    /// <exception cref="WorkFailedException">There is no such user.</exception>
    public async Task<IEnumerable<OfferedRow>> ListAsync(string user, CancellationToken cancellation)
    {
        DirectoryAnswer answer = Check(await Session.ListContentAsync(user, cancellation), user);
        return answer.Contents.Select(row => new OfferedRow(user, row.File, row.Description));
    }

    /// <inheritdoc cref="ListAsync"/>
    public async IAsyncEnumerable<OfferedRow> ListEachAsync(
        string user, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (OfferedRow row in await ListAsync(user, cancellation))
        {
            yield return row;
        }
    }

    /// <summary>What all users publish who are connected.</summary>
    public async IAsyncEnumerable<OfferedRow> ListAllAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (UserRow user in Check(await Session.ListUsersAsync(cancellation)).Users)
        {
            DirectoryAnswer answer = await Session.ListContentAsync(user.User, cancellation);
            if (answer.Result == DirectoryResult.NoSuchTarget)
            {
                // A user no longer since the list was made.
                continue;
            }

            foreach (ContentRow row in Check(answer).Contents)
            {
                yield return new OfferedRow(user.User, row.File, row.Description);
            }
        }
    }

    /// <summary>Passes an answer that is right on.</summary>
    /// <exception cref="WorkFailedException">It is not; the message says what to do.</exception>
    public DirectoryAnswer Check(DirectoryAnswer answer, string about = "") => answer.Result == DirectoryResult.Done
        ? answer
        : throw new WorkFailedException(Explain(answer, about, isToBeThere: true));

    /// <summary>Passes the answer on to somebody who is to be a user no longer.</summary>
    /// <exception cref="WorkFailedException">It is not right; the message says what to do.</exception>
    public DirectoryAnswer CheckGone(DirectoryAnswer answer) => answer.Result == DirectoryResult.Done
        ? answer
        : throw new WorkFailedException(Explain(answer, "", isToBeThere: false));

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await _log.DisposeAsync();
    }

    private string Explain(DirectoryAnswer answer, string about, bool isToBeThere)
    {
        EndpointText hub = _access.Hub;
        return answer.Result switch
        {
            DirectoryResult.NameInUse => $"--user: '{User}' is in use at {hub}; choose another name.",
            DirectoryResult.NoSuchUser when !isToBeThere => $"--user: {hub} knows no user '{User}'.",
            DirectoryResult.NoSuchUser => $"--user: {hub} knows no user '{User}'; register it first: "
                + $"shoal user register --hub {hub} --user {User}",
            DirectoryResult.AlreadyConnected => $"--user: '{User}' is connected from another program; end that first.",
            DirectoryResult.NotConnected => $"'{User}' was disconnected meanwhile; run the command again.",
            DirectoryResult.AlreadyPublished => $"'{User}' publishes '{about}' already.",
            DirectoryResult.NotPublished => $"'{User}' publishes no '{about}'; see: "
                + $"shoal list {User} --hub {hub} --user {User}",
            DirectoryResult.NoSuchTarget => $"{hub} knows no user '{about}'.",
            _ => answer.Reason is { } reason
                ? $"{reason}."
                : $"the directory at {hub} refused; a user who is connected must disconnect first.",
        };
    }
}
