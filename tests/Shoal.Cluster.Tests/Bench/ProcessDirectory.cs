using Shoal.Core.Roster;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>A hub with a directory as a process, on loopback, with its data in a scratch folder.</summary>
internal sealed class ProcessDirectory : IAsyncDisposable
{
    private readonly List<ShoalProcess> _hubs = [];
    private readonly TcpTransport _network = new(new TcpOptions());
    private readonly HeldPort _port = new();

    public Scratch Scratch { get; } = new();

    public ShoalProcess Hub => _hubs[^1];

    /// <summary>Where the directory listens.</summary>
    public EndpointText Address => new("127.0.0.1", _port.Port);

    public Caller Caller => new(_network, Address);

    public static async Task<ProcessDirectory> BeginAsync(params string[] arguments)
    {
        var directory = new ProcessDirectory();
        await directory.StartAsync(arguments);
        return directory;
    }

    /// <summary>Starts the hub; again at the address where it was.</summary>
    public async Task StartAsync(params string[] arguments)
    {
        _hubs.Add(ShoalProcess.Start("hub",
        [
            "hub", "--listen", "127.0.0.1:0", "--directory", Address.ToString(), "--data", Scratch["data"],
            .. arguments,
        ]));
        await Hub.Output.WaitForAsync("action: directory_listen");
    }

    /// <summary>Sends a request of a word and fields and returns the reply.</summary>
    public Task<string> AskAsync(string word, params string[] fields) => Caller.AskAsync(
        $"{word}\0{Caller.Stamp}{string.Concat(fields.Select(field => field + '\0'))}");

    /// <summary>A user who is registered and connected, with a port that is open until the end of the test.</summary>
    public async Task<Machine> ConnectAsync(string user)
    {
        Assert.Equal("0\0", await AskAsync("REGISTER", user));
        ITransportListener listener = await _network.ListenAsync(
            new EndpointText("127.0.0.1", 0), TestContext.Current.CancellationToken);
        string port = listener.Local.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal("0\0", await AskAsync("CONNECT", user, port));
        return new Machine(listener, port);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ShoalProcess hub in _hubs)
        {
            await hub.DisposeAsync();
        }

        _port.Dispose();
        Scratch.Dispose();
    }

    /// <summary>A user's machine, which accepts connections and says nothing.</summary>
    internal sealed class Machine(ITransportListener listener, string port) : IAsyncDisposable
    {
        public string Port => port;

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }
}
