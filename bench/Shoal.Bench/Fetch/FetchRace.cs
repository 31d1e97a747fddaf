using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Shoal.Bench.Contest;
using Shoal.Cli.Parsing;

namespace Shoal.Bench.Fetch;

/// <summary>
/// How fast files come from a user's machine, one at a time and four at once, beside the same client and <c>curl</c>
/// fetching the same file from nginx.
/// </summary>
internal static class FetchRace
{
    private const string FileName = "film";
    private const string PumpName = "raw pump with SHA-256";
    private const string VerifiedName = "Shoal, verified";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs all sources, in turns, and prints a table of medians.</summary>
    /// <param name="program">The built program.</param>
    /// <param name="size">The length of the file, in bytes.</param>
    /// <param name="rounds">How many runs count, after one that is thrown away.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BenchFailure">Something failed, or bytes were wrong.</exception>
    public static async Task RunAsync(string program, long size, int rounds, CancellationToken cancellation)
    {
        string root = RamDisk.MakeFolder((size * 6) + (64 << 20));
        try
        {
            RandomFile.Make(Path.Combine(root, FileName), size, 1);
            await RunAsync(program, root, size, rounds, cancellation);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task RunAsync(
        string program, string root, long size, int rounds, CancellationToken cancellation)
    {
        int[] ports = FindPorts(4);
        string hubAddress = Of(ports[1]);
        await using var hub = BenchProcess.Start(
            "shoal hub",
            [
                program, "hub", "--listen", Of(ports[0]), "--directory", hubAddress, "--data",
                Path.Combine(root, "data"),
            ]);
        await AwaitAsync(ports[1], hub, cancellation);
        await using (var register = BenchProcess.Start(
            "shoal user", [program, "user", "register", "--hub", hubAddress, "--user", "anna"]))
        {
            await register.SucceedAsync(cancellation);
        }

        await using var publish = BenchProcess.Start(
            "shoal publish",
            [
                program, "publish", Path.Combine(root, FileName), "--hub", hubAddress, "--user", "anna", "--listen",
                Of(ports[2]),
            ],
            readsLines: true);
        await publish.ReadLineAsync("anna", cancellation);
        await using VerifiedFetch verified =
            await VerifiedFetch.BeginAsync(hubAddress, root, "anna", FileName, cancellation);
        await AwaitOfferAsync(verified, root, cancellation);
        await using BenchProcess? web =
            WebSource.Program is { } nginx ? WebSource.Start(nginx, root, ports[3]) : null;
        if (web is not null)
        {
            await AwaitAsync(ports[3], web, cancellation);
        }
        else
        {
            Console.WriteLine("left out, nginx: it is not installed, so there is nothing to compare plain files with");
        }

        List<Source> sources =
        [
            .. SourcesOf(ports, web is not null),
            new(PumpName, (target, _) => HashedPump.Move(Path.Combine(root, FileName), target), MostAtOnce: 1),
            new(VerifiedName, (target, _) => verified.Fetch(target), MostAtOnce: 1),
        ];
        Print(await MeasureAsync(root, size, rounds, sources), size);
    }

    // The user's machine hashes the file first; until then there is only the plain way.
    private static async Task AwaitOfferAsync(VerifiedFetch verified, string root, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await Task.Run(() => verified.Fetch(Path.Combine(root, "first")), cancellation);
                File.Delete(Path.Combine(root, "first"));
                return;
            }
            catch (BenchFailure) when (Stopwatch.GetElapsedTime(start) < s_patience)
            {
                await Task.Delay(200, cancellation);
            }
        }
    }

    private static List<Source> SourcesOf(int[] ports, bool hasWeb)
    {
        List<Source> sources =
        [
            new("Shoal, plain client", (target, _) => FetchClient.Fetch(
                new IPEndPoint(IPAddress.Loopback, ports[2]), FetchClient.DirectoryRequest(FileName), "0\0", target)),
        ];
        if (hasWeb)
        {
            sources.Add(new("nginx, plain client", (target, _) => FetchClient.Fetch(
                new IPEndPoint(IPAddress.Loopback, ports[3]), FetchClient.WebRequest(FileName, ports[3]), "\r\n\r\n",
                target)));
            sources.Add(new("nginx, curl", (target, size) => Curl($"http://{Of(ports[3])}/{FileName}", target, size)));
        }

        return sources;
    }

    private static async Task<List<Row>> MeasureAsync(string root, long size, int rounds, List<Source> sources)
    {
        List<Row> rows =
        [
            .. sources.SelectMany(source => new[] { new Row(source, 1, []), new Row(source, 4, []) })
                .Where(row => row.AtOnce <= row.Source.MostAtOnce),
        ];
        for (int round = 0; round <= rounds; round++)
        {
            foreach (Row row in rows)
            {
                double seconds = await RunAsync(root, size, row);
                if (round > 0)
                {
                    row.Seconds.Add(seconds);
                }
            }
        }

        return rows;
    }

    private static async Task<double> RunAsync(string root, long size, Row row)
    {
        string[] targets = [.. Enumerable.Range(0, row.AtOnce).Select(i => Path.Combine(root, $"copy{i}"))];
        long start = Stopwatch.GetTimestamp();
        long[] came = await Task.WhenAll(targets.Select(target => Task.Factory.StartNew(
            () => row.Source.Fetch(target, size), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach (string target in targets)
        {
            if (!RandomFile.AreEqual(target, Path.Combine(root, FileName)))
            {
                throw new BenchFailure($"{row.Source.Name} sent other bytes ({string.Join(", ", came)} of {size}).");
            }

            File.Delete(target);
        }

        return seconds;
    }

    private static long Curl(string address, string target, long size)
    {
        using Process curl = Process.Start("curl", ["-s", "-o", target, address]);
        curl.WaitForExit();
        return curl.ExitCode == 0 ? size : throw new BenchFailure($"curl ended with exit code {curl.ExitCode}.");
    }

    private static void Print(List<Row> rows, long size)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{new ByteSize(size)} each to a file on a RAM disk, {Environment.ProcessorCount} cores, medians"));
        foreach (Row row in rows)
        {
            double[] sorted = [.. row.Seconds.Order()];
            double seconds = sorted[sorted.Length / 2];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Source.Name,-22} {row.AtOnce} at once {seconds,8:0.000} s ")
                + string.Create(CultureInfo.InvariantCulture, $"{size * row.AtOnce / seconds / 1e6,8:0} MB/s"));
        }

        double ratio = MedianOf(rows, VerifiedName) / MedianOf(rows, PumpName);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{VerifiedName} takes {ratio:0.00} x {PumpName} (to reach: 1.25)"));
    }

    private static double MedianOf(List<Row> rows, string name)
    {
        double[] sorted = [.. rows.Single(row => row.Source.Name == name).Seconds.Order()];
        return sorted[sorted.Length / 2];
    }

    private static async Task AwaitAsync(int port, BenchProcess process, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_patience)
        {
            process.ThrowIfEnded();
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50, cancellation);
            }
        }

        throw new BenchFailure($"{process.Name} does not listen at port {port}.");
    }

    private static string Of(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private static int[] FindPorts(int count)
    {
        TcpListener[] probes = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(probes, probe => probe.Start());
        int[] ports = [.. probes.Select(probe => ((IPEndPoint)probe.LocalEndpoint).Port)];
        Array.ForEach(probes, probe => probe.Dispose());
        return ports;
    }

    private sealed record Source(string Name, Func<string, long, long> Fetch, int MostAtOnce = 4);

    private sealed record Row(Source Source, int AtOnce, List<double> Seconds);
}
