using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Shoal.Bench.Aria2;
using Shoal.Bench.Contest;
using Shoal.Bench.Fetch;
using Shoal.Bench.Idle;
using Shoal.Bench.Members;
using Shoal.Bench.Lottery;
using Shoal.Bench.Pump;
using Shoal.Bench.Relayed;
using Shoal.Cli.Parsing;

namespace Shoal.Bench;

/// <summary>What the bench can do; the scripts beside it call it.</summary>
internal static class BenchCommands
{
    private static readonly Option<int> s_peers = TypedOption.WithDefault(
        "--peers", "N", "How many peers", WholeNumber.From(2, 64), "4");

    private static readonly Option<int> s_rounds = TypedOption.WithDefault(
        "--rounds", "N", "How many runs count, after one that is thrown away", WholeNumber.From(1, 99), "3");

    private static readonly Option<Duration> s_longest = TypedOption.WithDefault<Duration>(
        "--longest", "SECONDS", "A run is ended after this", Duration.TryParse, "120s");

    private static readonly Option<string?> s_program = CommonOptions.Text(
        "--program", "FILE", "The built program 'shoal'; without it Shoal does not take part");

    private static readonly Option<string> s_requiredProgram = new("--program")
    {
        HelpName = "FILE", Required = true, Description = "The built program 'shoal'",
    };

    private static readonly Option<string[]> s_only = TypedOption.Repeated<string>(
        "--only", "NAME", "Only this contestant; may be given again", TryParseName);

    public static RootCommand Create() => new("Measures Shoal beside what people use today.")
    {
        CreateMake(),
        CreateCheck(),
        CreatePump(),
        CreateExchange(),
        CreateLinks(),
        CreateHub(),
        CreateRelay(),
        CreateDirectory(),
        CreateFetch(),
        LotteryBench.Create(),
    };

    private static Command CreateMake()
    {
        var file = new Argument<string>("FILE") { Description = "The file to make" };
        Option<ByteSize> size = SizeOption("64MB");
        Option<ulong> randomSeed = CommonOptions.RandomSeed("1");
        var command = new Command("make", "Makes a file of random bytes: same random seed, same bytes.")
        {
            file,
            size,
            randomSeed,
        };
        command.SetAction(result => RandomFile.Make(
            result.GetRequiredValue(file), result.GetValue(size).Bytes, result.GetValue(randomSeed)));
        return command;
    }

    private static Command CreateCheck()
    {
        var files = new Argument<string[]>("FILES") { Arity = new ArgumentArity(2, 1_000), Description = "The files" };
        var command = new Command("check", "Whether files have the same bytes: exit code 0 if all of them do.")
        {
            files,
        };
        command.SetAction(result =>
        {
            string[] all = result.GetRequiredValue(files);
            string[] different = [.. all.Skip(1).Where(other => !RandomFile.AreEqual(all[0], other))];
            Array.ForEach(different, other => Console.Error.WriteLine($"{other} differs from {all[0]}"));
            return different.Length == 0 ? 0 : 1;
        });
        return command;
    }

    private static Command CreatePump()
    {
        Option<ByteSize> size = SizeOption("64MB");
        var command = new Command("pump", "The raw pump alone.") { size, s_peers, s_rounds, s_longest };
        command.SetAction((result, cancellation) => RunAsync(
            result, new ArenaShape(result.GetValue(size).Bytes, null), [new PumpContestant()], "raw pump with SHA-256",
            null, cancellation));
        return command;
    }

    private static Command CreateExchange()
    {
        Option<ByteSize> size = SizeOption("500MB");
        var command = new Command("exchange", "Every peer ends with every file, over loopback.")
        {
            size,
            s_peers,
            s_rounds,
            s_longest,
            s_program,
            s_only,
        };
        command.SetAction((result, cancellation) =>
        {
            List<IContestant> contestants = [new CopyContestant(), new PumpContestant()];
            AddPrograms(contestants, result, []);
            return RunAsync(
                result, new ArenaShape(result.GetValue(size).Bytes, null), contestants, "raw pump with SHA-256", null,
                cancellation);
        });
        return command;
    }

    private static Command CreateLinks()
    {
        Option<ByteSize> size = SizeOption("25MB");
        var prefix = new Option<string>("--namespaces")
        {
            HelpName = "PREFIX",
            Required = true,
            Description = "Peer K runs in the network namespace PREFIXK, at 10.77.0.K; the bench itself at 10.77.0.254",
        };
        Option<BitRate> rate = TypedOption.WithDefault<BitRate>(
            "--rate", "RATE", "The payload rate of every link", BitRate.TryParse, "95.7Mbit");
        Option<BitRate?> slowUp = TypedOption.Optional<BitRate>(
            "--slow-up", "RATE", "The payload rate of the last peer's uplink", BitRate.TryParse);
        var command = new Command("links", "Every peer ends with every file, over shaped links.")
        {
            size,
            prefix,
            rate,
            slowUp,
            s_peers,
            s_rounds,
            s_longest,
            s_program,
            s_only,
        };
        command.SetAction((result, cancellation) =>
        {
            int peers = result.GetValue(s_peers);
            BitRate slow = result.GetValue(slowUp) ?? result.GetValue(rate);
            LinkRates[] declared = [.. Enumerable.Range(0, peers).Select(peer => new LinkRates(
                TextOf(peer == peers - 1 ? slow : result.GetValue(rate)), TextOf(result.GetValue(rate))))];
            List<IContestant> contestants = [new PumpContestant()];
            AddPrograms(contestants, result, declared);
            double bound = BoundOf(
                result.GetValue(size).Bytes, peers, result.GetValue(rate).BytesPerSecond, slow.BytesPerSecond);
            return RunAsync(
                result, new ArenaShape(result.GetValue(size).Bytes, result.GetRequiredValue(prefix)), contestants,
                null, bound, cancellation);
        });
        return command;
    }

    private static Command CreateHub()
    {
        Option<int> peers = TypedOption.WithDefault(
            "--peers", "N", "How many idle peers join", WholeNumber.From(1, 4_000), "1000");
        Option<Duration> stay = TypedOption.WithDefault<Duration>(
            "--stay", "SECONDS", "How long they stay", Duration.TryParse, "15s");
        var command = new Command("hub", "The memory of a hub with idle peers.") { peers, stay, s_requiredProgram };
        command.SetAction((result, cancellation) => HubMemory.RunAsync(
            result.GetRequiredValue(s_requiredProgram), result.GetValue(peers), result.GetValue(stay).Value,
            cancellation));
        return command;
    }

    private static Command CreateDirectory()
    {
        Option<int> connections = TypedOption.WithDefault(
            "--connections", "N", "How many connections at once", WholeNumber.From(1, 1_000), "64");
        Option<int> requests = TypedOption.WithDefault(
            "--requests", "N", "How many requests of every kind", WholeNumber.From(10, 1_000_000), "20000");
        Option<int> memory = TypedOption.WithDefault(
            "--memory-requests", "N", "How many more while the memory is watched", WholeNumber.From(1, 10_000_000),
            "100000");
        var command = new Command("directory", "What a hub's directory does in a second.")
        {
            connections,
            requests,
            memory,
            s_requiredProgram,
        };
        command.SetAction((result, cancellation) => DirectoryRates.RunAsync(
            new DirectoryShape(
                result.GetRequiredValue(s_requiredProgram), result.GetValue(connections), result.GetValue(requests),
                result.GetValue(memory)),
            cancellation));
        return command;
    }

    private static Command CreateFetch()
    {
        Option<ByteSize> size = SizeOption("500MB");
        var command = new Command("fetch", "Files from a user's machine, one and four at once, beside nginx.")
        {
            size, s_rounds, s_requiredProgram,
        };
        command.SetAction((result, cancellation) => FetchRace.RunAsync(
            result.GetRequiredValue(s_requiredProgram), result.GetValue(size).Bytes, result.GetValue(s_rounds),
            cancellation));
        return command;
    }

    private static Command CreateRelay()
    {
        Option<int> peers = TypedOption.WithDefault("--peers", "N", "How many peers", WholeNumber.From(2, 200), "100");
        Option<int> owners = TypedOption.WithDefault(
            "--owners", "N", "How many of them have a file", WholeNumber.From(1, 200), "4");
        Option<ByteSize> size = SizeOption("5MB");
        Option<BitRate?> slowDown = TypedOption.Optional<BitRate>(
            "--slow-down", "RATE", "The downlink of the last peer", BitRate.TryParse);
        var command = new Command("relay", "What a relay takes of the hub.")
        {
            peers, owners, size, slowDown, s_requiredProgram,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var shape = new RelayedShape(
                result.GetValue(peers), Math.Min(result.GetValue(owners), result.GetValue(peers)),
                result.GetValue(size).Bytes, result.GetValue(slowDown)?.BytesPerSecond);
            await RelayedSwarm.RunAsync(result.GetRequiredValue(s_requiredProgram), shape, cancellation);
        });
        return command;
    }

    private static void AddPrograms(List<IContestant> contestants, ParseResult result, LinkRates[] declared)
    {
        if (result.GetValue(s_program) is { } program)
        {
            contestants.Add(new ShoalContestant(program, []));
            if (declared.Length > 0)
            {
                contestants.Add(new ShoalContestant(program, declared));
            }
        }

        if (Aria2Contestant.IsInstalled)
        {
            contestants.Add(new Aria2Contestant());
        }

        if (result.GetValue(s_only) is { Length: > 0 } only)
        {
            contestants.RemoveAll(contestant => !only.Contains(contestant.Name));
        }
    }

    private static async Task<int> RunAsync(
        ParseResult result, ArenaShape shape, IReadOnlyList<IContestant> contestants, string? yardstick,
        double? bound, CancellationToken cancellation)
    {
        int peers = result.GetValue(s_peers);
        string root = RamDisk.MakeFolder((shape.BytesPerPeer * peers * (peers + 1)) + (64 << 20));
        try
        {
            var arena = new Arena
            {
                Root = root,
                Peers = peers,
                BytesPerPeer = shape.BytesPerPeer,
                NamespacePrefix = shape.NamespacePrefix,
            };
            arena.MakeFiles();
            var table = new ContestTable(arena, contestants, Console.Error);
            await table.RunAsync(result.GetValue(s_rounds), result.GetValue(s_longest).Value, cancellation);
            Console.WriteLine(Heading(arena, bound));
            table.Print(Console.Out, yardstick, bound);
            return table.IsComplete ? 0 : 1;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static string Heading(Arena arena, double? bound) => string.Create(CultureInfo.InvariantCulture,
        $"{arena.Peers} peers x {new ByteSize(arena.BytesPerPeer)}, files in {Path.GetDirectoryName(arena.Root)}, "
        + $"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}")
        + (bound is { } seconds
            ? string.Create(CultureInfo.InvariantCulture, $"\nlower bound at the payload rate: {seconds:0.000} s")
            : "");

    // The bound of all to all, full duplex: own bytes out, foreign bytes in, and all copies through all
    // uplinks.
    private static double BoundOf(double bytes, int peers, double rate, double slow)
    {
        double all = bytes * peers;
        double up = (rate * (peers - 1)) + slow;
        return Math.Max(Math.Max(bytes / slow, (all - bytes) / rate), (peers - 1) * all / up);
    }

    private static Option<ByteSize> SizeOption(string defaultText) => TypedOption.WithDefault<ByteSize>(
        "--size", "SIZE", "How many bytes each peer owns", ByteSize.TryParse, defaultText);

    private static string TextOf(BitRate rate) =>
        string.Create(CultureInfo.InvariantCulture, $"{rate.BytesPerSecond * 8:0}bit");

    private static bool TryParseName(
        string text, out string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? reason)
    {
        name = text;
        reason = text.Length == 0 ? "the name is empty" : null;
        return reason is null;
    }

    private sealed record ArenaShape(long BytesPerPeer, string? NamespacePrefix);
}
