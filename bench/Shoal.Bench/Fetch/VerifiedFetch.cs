using Microsoft.Extensions.Logging.Abstractions;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.User;

namespace Shoal.Bench.Fetch;

/// <summary>
/// A user of this make in this process, who is connected and fetches in verified chunks: from the wish to the file
/// under its name, as somebody waits for it in the shell.
/// </summary>
internal sealed class VerifiedFetch : IAsyncDisposable
{
    private readonly UserSession _session;
    private readonly string _owner;
    private readonly string _file;

    private VerifiedFetch(UserSession session, string owner, string file)
    {
        _session = session;
        _owner = owner;
        _file = file;
    }

    /// <summary>Registers and connects a user.</summary>
    /// <exception cref="BenchFailure">The directory refuses.</exception>
    public static async Task<VerifiedFetch> BeginAsync(
        string hub, string folder, string owner, string file, CancellationToken cancellation)
    {
        if (!EndpointText.TryParse(hub, null, out EndpointText address))
        {
            throw new BenchFailure($"{hub} is no address.");
        }

        var options = new UserOptions { Hub = address, Listen = new EndpointText("127.0.0.1", 0), Folder = folder };
        var session = new UserSession(
            options, new OwnClock(TimeProvider.System), TimeProvider.System, NullLogger.Instance);
        await session.RegisterAsync("bench", cancellation);
        await session.ConnectAsync("bench", cancellation);
        await session.ListUsersAsync(cancellation);
        return session.Connected is null
            ? throw new BenchFailure("the directory did not let the bench in.")
            : new VerifiedFetch(session, owner, file);
    }

    /// <summary>Fetches once; returns how many bytes came.</summary>
    /// <exception cref="BenchFailure">It failed, or came in the plain way.</exception>
    public long Fetch(string target)
    {
        FetchAnswer answer = _session.FetchAsync(_owner, _file, target, _ => { }, CancellationToken.None)
            .GetAwaiter().GetResult();
        return answer is { Result: FetchResult.Found, Sources: not null }
            ? answer.Bytes
            : throw new BenchFailure($"no verified fetch: {answer.Reason ?? "it came in the plain way"}.");
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();
}
