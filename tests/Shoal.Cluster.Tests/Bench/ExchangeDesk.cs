using Shoal.Core.Roster;
using Shoal.Hosts.Hub;
using Shoal.Hosts.Peer;
using Shoal.Hosts.User;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// A hub with a directory and its own door, and users whose programs are of the same make; all in memory.
/// </summary>
internal sealed class ExchangeDesk : IAsyncDisposable
{
    public static readonly EndpointText Door = new("hub", 9999);

    private readonly List<ShellDesk> _users = [];
    private readonly List<MemoryPeer> _members = [];
    private readonly CancellationTokenSource _stop = new();
    private HubHost _hub = null!;
    private Task _running = Task.CompletedTask;

    public MemoryDirectory Directory { get; private set; } = null!;

    public Lines Log => Directory.Log;

    /// <summary>The folders of members of swarms, each under its name.</summary>
    public Scratch Folders { get; } = new();

    public static async Task<ExchangeDesk> BeginAsync(Func<HubOptions, HubOptions>? adjust = null)
    {
        var desk = new ExchangeDesk();
        desk.Directory = await MemoryDirectory.BeginAsync(options => options with
        {
            Exchange = Door, Changed = change => desk._hub.NoteAsync(change),
        });

        // On a busy machine nobody is to vanish who only has to wait.
        var options = new HubOptions
        {
            Listen = Door, CloseLimit = TimeSpan.FromMilliseconds(200), Lease = TimeSpan.FromMinutes(1),
        };
        desk._hub = await HubHost.OpenAsync(
            adjust?.Invoke(options) ?? options, desk.Directory.Network, TimeProvider.System, desk.Log,
            TestContext.Current.CancellationToken);
        desk._hub.Serve(
            (user, _) => desk.Directory.Host.WhereIsAsync(user), @event => desk.Directory.Host.TellAsync(@event));
        desk._running = desk._hub.RunAsync(desk._stop.Token);
        return desk;
    }

    /// <summary>A user who is registered and connected.</summary>
    public async Task<ShellDesk> UserAsync(string name, Func<UserOptions, UserOptions>? adjust = null)
    {
        var user = new ShellDesk(Directory, options =>
        {
            options = options with { OfferDelay = TimeSpan.Zero, MeetLimit = Limits.Wait };
            return adjust?.Invoke(options) ?? options;
        });
        _users.Add(user);
        Assert.Equal("c> REGISTER OK\n", await user.RunAsync($"REGISTER {name}"));
        Assert.Equal("c> CONNECT OK\n", await user.RunAsync($"CONNECT {name}"));
        return user;
    }

    /// <summary>A member of the swarm "films", which stays when all is exchanged.</summary>
    public MemoryPeer Member(string name, Func<PeerOptions, PeerOptions>? adjust = null)
    {
        var options = new PeerOptions
        {
            Swarm = "films",
            Hub = Door,
            Folder = Folders[name],
            Name = name,
            Listen = new EndpointText("hub", 0),
            Stay = true,
            CloseLimit = TimeSpan.FromMilliseconds(500),
        };
        var member = new MemoryPeer(adjust?.Invoke(options) ?? options, Directory.Network);
        _members.Add(member);
        return member;
    }

    /// <summary>A user who offers something, and whom the hub has heard.</summary>
    public async Task<ShellDesk> OfferAsync(
        string name, string file, byte[] content, Func<UserOptions, UserOptions>? adjust = null)
    {
        ShellDesk user = await UserAsync(name, adjust);
        user.Files.Write(file, content);

        // A time that a test can set again to the nanosecond.
        File.SetLastWriteTimeUtc(user.Files[file], DateTime.UnixEpoch.AddYears(50));
        await PublishAsync(user, file);
        return user;
    }

    public async Task PublishAsync(ShellDesk user, string file)
    {
        int before = Heard();
        Assert.Equal("c> PUBLISH OK\n", await user.RunAsync($"PUBLISH {file} x"));
        await Limits.UntilAsync(() => Heard() > before, $"the hub hears of {file}");

        int Heard() => Log.Count("action: receive", "swarm: offers", "message: Offer");
    }

    /// <summary>Fetches something into the user's folder.</summary>
    public async Task<FetchAnswer> FetchAsync(ShellDesk user, string owner, string file, string target)
    {
        await user.RunAsync("LIST_USERS");
        try
        {
            return await user.Session
                .FetchAsync(owner, file, user.Files[target], _ => { }, TestContext.Current.CancellationToken)
                .WaitAsync(Limits.Wait, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{file} did not come:\n{Log}");
        }
    }

    /// <summary>Waits until something holds; if it never does, says what everybody did instead.</summary>
    public Task UntilAsync(Func<bool> holds, string what) => UntilAsync(() => Task.FromResult(holds()), what);

    /// <inheritdoc cref="UntilAsync(Func{bool}, string)"/>
    public async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        try
        {
            await Limits.UntilAsync(holds, what);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException(
                $"{e.Message}\n{Log}\n{string.Join("\n", _members.Select(member => member.Log))}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (MemoryPeer member in _members)
        {
            await member.DisposeAsync();
        }

        foreach (ShellDesk user in _users)
        {
            await user.DisposeAsync();
        }

        await _stop.CancelAsync();
        await _running;
        await _hub.DisposeAsync();
        await Directory.DisposeAsync();
        _stop.Dispose();
        Folders.Dispose();
    }
}
