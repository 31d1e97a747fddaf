using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Shoal.Bench.Contest;

namespace Shoal.Bench.Members;

/// <summary>What a hub's directory does in a second, and its memory over many requests.</summary>
internal sealed class DirectoryRates
{
    private const int Users = 200;
    private const int Connected = 1;
    private const string Stamp = "25/11/2026 17:30:05";

    private readonly DirectoryLoad _load;
    private readonly BenchProcess _hub;
    private readonly DirectoryShape _shape;
    private readonly CancellationToken _cancellation;

    private DirectoryRates(
        DirectoryLoad load, BenchProcess hub, DirectoryShape shape, CancellationToken cancellation)
    {
        _load = load;
        _hub = hub;
        _shape = shape;
        _cancellation = cancellation;
    }

    /// <summary>Starts a hub with an empty directory, measures it and prints what came of it.</summary>
    /// <exception cref="BenchFailure">The hub failed, or answered otherwise than it should.</exception>
    public static async Task RunAsync(DirectoryShape shape, CancellationToken cancellation)
    {
        // Not on a RAM disk, where a commit would cost nothing.
        string folder = Path.Join(Path.GetDirectoryName(shape.Program), $"directory-bench-{Environment.ProcessId}");
        var address = new IPEndPoint(IPAddress.Loopback, FindPort());

        // Where users are probed, and answer.
        using var machine = new TcpListener(IPAddress.Loopback, 0);
        machine.Start();
        Task answering = AnswerAsync(machine);
        try
        {
            await using BenchProcess hub = BenchProcess.Start(
                "shoal hub",
                [shape.Program, "hub", "--listen", "127.0.0.1:0", "--directory", $"{address}", "--data", folder]);
            await ShoalContestant.ConnectAsync(hub, address.Address.ToString(), address.Port, cancellation);
            var rates = new DirectoryRates(new DirectoryLoad(address), hub, shape, cancellation);
            await rates.RunAsync(((IPEndPoint)machine.LocalEndpoint).Port);
        }
        finally
        {
            machine.Stop();
            await answering;
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private async Task RunAsync(int port)
    {
        // What the first requests cost, the compiler's work among it, is nobody's measure.
        await RegisterAsync("warm", _shape.Requests / 10, _shape.Connections);
        Rate one = await RegisterAsync("one", Math.Max(1, _shape.Requests / 10), 1);
        Rate many = await RegisterAsync("many", _shape.Requests, _shape.Connections);
        Print("durable registrations a second, one after the other", one, null);
        Print($"durable registrations a second, {_shape.Connections} connections", many, 2000);

        await _load.RateAsync(Users, Connected, number => Request("REGISTER", $"user{number}"), _cancellation);
        await _load.RateAsync(
            Users, Connected, number => Request("CONNECT", $"user{number}", $"{port}"), _cancellation);
        await ListAsync(_shape.Requests / 10, _shape.Connections);
        one = await ListAsync(Math.Max(1, _shape.Requests / 4), 1);
        many = await ListAsync(_shape.Requests, _shape.Connections);
        Print($"listings of {Users} users a second, one after the other", one, null);
        Print($"listings of {Users} users a second, {_shape.Connections} connections", many, 5000);

        _hub.MeasureMemory();
        long before = _hub.CurrentBytes;
        await ListAsync(_shape.MemoryRequests, _shape.Connections);
        _hub.ThrowIfEnded();
        _hub.MeasureMemory();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{$"memory before and after {_shape.MemoryRequests} more requests",-62} {before / 1048576.0,8:0.0} MiB, "
            + $"{_hub.CurrentBytes / 1048576.0:0.0} MiB"));
    }

    private Task<Rate> RegisterAsync(string prefix, int count, int connections) => MeasureAsync(
        count, connections, number => Request("REGISTER", $"{prefix}{number}"));

    private Task<Rate> ListAsync(int count, int connections) => MeasureAsync(
        count, connections, number => Request("LIST_USERS", $"user{number % Users}"));

    private async Task<Rate> MeasureAsync(int count, int connections, Func<int, string> request)
    {
        TimeSpan before = _hub.ProcessorTime;
        double rate = await _load.RateAsync(count, connections, request, _cancellation);
        return new Rate(rate, (_hub.ProcessorTime - before) / count);
    }

    private static string Request(params string[] fields) =>
        string.Concat(((string[])[fields[0], Stamp, .. fields[1..]]).Select(field => field + '\0'));

    // The processor's time tells more than the rate where other work runs beside the bench.
    private static void Print(string what, Rate rate, double? target)
    {
        string verdict = target is { } least ? $", target {least} {(rate.PerSecond >= least ? "met" : "MISSED")}" : "";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-62} {rate.PerSecond,8:0}, {rate.Processor.TotalMicroseconds:0} us of the hub's processor "
            + $"each{verdict}"));
    }

    private readonly record struct Rate(double PerSecond, TimeSpan Processor);

    private static int FindPort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static async Task AnswerAsync(TcpListener machine)
    {
        try
        {
            while (true)
            {
                (await machine.AcceptSocketAsync()).Dispose();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }
}

/// <summary>How a directory is measured.</summary>
/// <param name="Program">The built program.</param>
/// <param name="Connections">At the same time.</param>
/// <param name="Requests">Of every kind.</param>
/// <param name="MemoryRequests">While the memory is watched.</param>
internal sealed record DirectoryShape(string Program, int Connections, int Requests, int MemoryRequests);
