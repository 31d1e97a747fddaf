using System.Globalization;
using System.Text.Json;
using Shoal.Cli.Edge;

namespace Shoal.Cli.Demo;

/// <summary>
/// Shows an edge tier: an origin with a catalogue, edges that hold little of it, and clients that each want a part,
/// under a virtual clock, so that the links are what the plan takes them for.
/// </summary>
internal sealed class EdgeDemo(DemoStage stage)
{
    private const int Files = 400;

    private const int BytesOfFirst = 500;

    private const int Edges = 2;

    private const int EdgeBytes = 4_000_000;

    private const int Clients = 4;

    private const int Wanted = 100;

    private const string Rates = "50,100,150";

    private readonly Dictionary<string, byte[]> _digests = [];
    private readonly string _origin = stage.Folder.Make("origin");

    /// <summary>What is shown, in a few words.</summary>
    public static string What { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"An origin with {Files} files, {Edges} edges, {Clients} clients that want {Wanted} each");

    /// <summary>Shows it.</summary>
    public async Task<DemoResult> RunAsync(CancellationToken cancellation)
    {
        MakeFiles(cancellation);
        await RunTierAsync(cancellation);
        OriginDocument run = Read(TierJson.Default.OriginDocument, "origin");
        string[] problems = [.. Enumerable.Range(1, Clients).SelectMany(WrongAt), .. TooMuch()];
        return new DemoResult
        {
            Job = DemoJob.Edge,
            What = What,
            Time = TimeSpan.FromMilliseconds(run.VirtualMakespanMs ?? run.MakespanMs),
            Bound = run.LowerBoundMs is not { } bound
                ? null
                : new DemoBound(
                    TimeSpan.FromMilliseconds(bound), DemoBoundSource.Declared,
                    "what must leave the origin, by a virtual clock"),
            Checks = problems.Length > 0
                ? []
                :
                [
                    $"{Clients * Wanted} files at {Clients} clients, no other, each equal to the origin's (SHA-256)",
                    $"no edge held more than its {EdgeBytes / 1_000_000} MB",
                ],
            Problems = problems,
        };
    }

    private static string NameOf(int file) => $"film{file:000}.bin";

    private static string FolderOf(int client) => $"client{client}";

    private string ListOf(int client) => Path.Combine(stage.Folder.Root, $"{FolderOf(client)}.txt");

    private string ReportOf(string who) => Path.Combine(stage.Folder.Root, $"{who}.json");

    // Large and small ones; every client wants half of them, each another half, in an order of its own.
    private void MakeFiles(CancellationToken cancellation)
    {
        for (int file = 1; file <= Files; file++)
        {
            _digests[NameOf(file)] = DemoFiles.Make(
                Path.Combine(_origin, NameOf(file)), (long)file * BytesOfFirst,
                stage.Arguments.RandomSeed + (ulong)file, cancellation);
        }

        var random = new Core.Randomness.DeterministicRandom(stage.Arguments.RandomSeed);
        for (int client = 1; client <= Clients; client++)
        {
            string[] names = [.. Enumerable.Range(1, Files).Select(NameOf)];
            for (int i = 0; i < Wanted; i++)
            {
                int other = i + random.Next(Files - i);
                (names[i], names[other]) = (names[other], names[i]);
            }

            File.WriteAllLines(ListOf(client), names[..Wanted]);
        }
    }

    private async Task RunTierAsync(CancellationToken cancellation)
    {
        await using var cast = new DemoCast();
        string hub = await cast.ListenAsync(
            "the hub",
            ["hub", "--listen", "127.0.0.1:0", "--log", Path.Combine(stage.Folder.Root, "hub.log")],
            "hub_listen", cancellation);
        string[] origin =
        [
            "origin", "--hub", hub, "--dir", _origin, "--rates", Rates, "--clock", "virtual", "--expect-edges",
            Text(Edges), "--expect-clients", Text(Clients),
        ];
        stage.Lines.WriteLine($"The hub listens at {hub}. Origin, edges and clients are processes of their own:");
        stage.ShowCommand(origin);
        stage.ShowCommand(EdgeCommandOf(1, hub));
        stage.ShowCommand(FetchCommandOf(1, hub));
        await cast.SucceedAsync(
            [
                Start(cast, "origin", origin),
                .. Enumerable.Range(1, Edges).Select(edge => Start(cast, $"edge{edge}", EdgeCommandOf(edge, hub))),
                .. Enumerable.Range(1, Clients)
                    .Select(client => Start(cast, FolderOf(client), FetchCommandOf(client, hub))),
            ],
            cancellation);
    }

    private string[] EdgeCommandOf(int edge, string hub) =>
    [
        "edge", "--hub", hub, "--name", $"edge{edge}", "--capacity", $"{EdgeBytes / 1_000_000}MB", "--dir",
        Path.Combine(stage.Folder.Root, $"edge{edge}"),
    ];

    private string[] FetchCommandOf(int client, string hub) =>
    [
        "fetch", "--hub", hub, "--name", FolderOf(client), "--list", ListOf(client), "--dir",
        stage.Folder.Make(FolderOf(client)),
    ];

    private DemoProcess Start(DemoCast cast, string who, string[] command) => cast.Start(
        who,
        [.. command, "--report", ReportOf(who), "--log", Path.Combine(stage.Folder.Root, $"{who}.log")],
        _ => { }, _ => { });

    private IEnumerable<string> WrongAt(int client)
    {
        string folder = Path.Combine(stage.Folder.Root, FolderOf(client));
        string[] wanted = File.ReadAllLines(ListOf(client));
        foreach (string name in wanted)
        {
            string path = Path.Combine(folder, name);
            if (!File.Exists(path))
            {
                yield return $"{FolderOf(client)} has no {name}";
            }
            else if (!DemoFiles.Hash(path, CancellationToken.None).SequenceEqual(_digests[name]))
            {
                yield return $"{FolderOf(client)} has a {name} that differs from the origin's";
            }
        }

        foreach (string other in Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Except(wanted))
        {
            yield return $"{FolderOf(client)} has a file that it did not want: {other}";
        }
    }

    private IEnumerable<string> TooMuch() => Enumerable.Range(1, Edges)
        .Select(edge => (Edge: edge, Held: Read(TierJson.Default.EdgeRunDocument, $"edge{edge}").PeakBytes))
        .Where(row => row.Held is <= 0 or > EdgeBytes)
        .Select(row => $"edge{row.Edge} held {row.Held} bytes, of {EdgeBytes}");

    private T Read<T>(System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string who)
    {
        using FileStream stream = File.OpenRead(ReportOf(who));
        return JsonSerializer.Deserialize(stream, type)!;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
