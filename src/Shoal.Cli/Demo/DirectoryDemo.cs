using System.Diagnostics;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.Demo;

/// <summary>
/// Shows the directory: two people at shells, one publishes a file, the other finds and fetches it.
/// </summary>
internal sealed class DirectoryDemo(DemoStage stage)
{
    private const string File = "film.bin";

    private readonly List<string> _problems = [];
    private int _answers;

    private long Length => stage.Arguments.BytesPerPeer;

    /// <summary>Shows it.</summary>
    public async Task<DemoResult> RunAsync(CancellationToken cancellation)
    {
        string film = Path.Combine(stage.Folder.Make("anna"), File);
        string copy = Path.Combine(stage.Folder.Make("bert"), "copy.bin");
        byte[] digest = DemoFiles.Make(film, Length, stage.Arguments.RandomSeed, cancellation);
        TimeSpan time = await TalkAsync(cancellation);
        if (!System.IO.File.Exists(copy) || !DemoFiles.Hash(copy, cancellation).SequenceEqual(digest))
        {
            _problems.Add("bert's copy differs from anna's film");
        }

        return new DemoResult
        {
            Job = DemoJob.Directory,
            What = $"two shells at a hub: publish, list and fetch {new ByteSize(Length)}",
            Time = time,
            Bound = new DemoBound(CopyTime(film, cancellation), DemoBoundSource.Measured, "a plain copy here"),
            Checks = _problems.Count > 0
                ? []
                : [$"{_answers} answers as the protocol has them", "bert's copy equals anna's film (SHA-256)"],
            Problems = _problems,
        };
    }

    private async Task<TimeSpan> TalkAsync(CancellationToken cancellation)
    {
        await using var cast = new DemoCast();
        string hub = await cast.ListenAsync(
            "the hub",
            [
                "hub", "--listen", "127.0.0.1:0", "--directory", "127.0.0.1:0", "--data",
                stage.Folder.Make("data"), "--log", Path.Combine(stage.Folder.Root, "hub.log"),
            ],
            "directory_listen", cancellation);
        stage.Lines.WriteLine($"The directory listens at {hub}. Anna and bert each have a shell:");
        stage.Lines.WriteLine($"  shoal shell --hub {hub}");
        DemoShell anna = ShellOf(cast, "anna", hub);
        DemoShell bert = ShellOf(cast, "bert", hub);
        await SayAsync(anna, "REGISTER anna", ["REGISTER OK"], cancellation);
        await SayAsync(anna, "CONNECT anna", ["CONNECT OK"], cancellation);
        await SayAsync(anna, $"PUBLISH {File} home made", ["PUBLISH OK"], cancellation);
        await SayAsync(bert, "REGISTER bert", ["REGISTER OK"], cancellation);
        await SayAsync(bert, "CONNECT bert", ["CONNECT OK"], cancellation);
        await SayAsync(bert, "LIST_USERS", ["LIST_USERS OK", "\tanna 127.0.0.1 *", "\tbert 127.0.0.1 *"], cancellation);
        await SayAsync(bert, "LIST_CONTENT anna", ["LIST_CONTENT OK", $"\t{File} home made"], cancellation);
        long start = Stopwatch.GetTimestamp();
        await SayAsync(bert, $"GET_FILE anna {File} copy.bin", ["GET_FILE OK"], cancellation);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        await SayAsync(anna, $"DELETE {File}", ["DELETE OK"], cancellation);
        await SayAsync(bert, $"GET_FILE anna {File} again.bin", ["GET_FILE FAIL / FILE NOT EXIST"], cancellation);
        await SayAsync(anna, "DISCONNECT anna", ["DISCONNECT OK"], cancellation);
        await SayAsync(bert, "LIST_USERS", ["LIST_USERS OK", "\tbert 127.0.0.1 *"], cancellation);
        await SayAsync(bert, "QUIT", ["+++ FINISHED +++"], cancellation);
        await SayAsync(anna, "QUIT", ["+++ FINISHED +++"], cancellation);
        await cast.SucceedAsync([anna.Process, bert.Process], cancellation);
        return time;
    }

    private DemoShell ShellOf(DemoCast cast, string user, string hub) => cast.StartShell(
        user,
        [
            "shell", "--hub", hub, "--listen", "127.0.0.1:0", "--dir", stage.Folder.Make(user), "--log",
            Path.Combine(stage.Folder.Root, $"{user}.log"),
        ]);

    // An expected line that ends with a star may go on with anything there.
    private async Task SayAsync(DemoShell shell, string line, string[] expected, CancellationToken cancellation)
    {
        IReadOnlyList<string> heard = await shell.AskAsync(line, expected.Length, cancellation);
        stage.Lines.WriteLine($"  {shell.User}> {line,-32}  {string.Join("; ", heard.Select(text => text.Trim()))}");
        for (int i = 0; i < expected.Length; i++)
        {
            _answers++;
            bool isRight = expected[i].EndsWith('*')
                ? heard[i].StartsWith(expected[i][..^1], StringComparison.Ordinal)
                : heard[i] == expected[i];
            if (!isRight)
            {
                _problems.Add($"{shell.User} wrote '{line}' and read '{heard[i]}', not '{expected[i]}'");
            }
        }
    }

    private TimeSpan CopyTime(string film, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        long start = Stopwatch.GetTimestamp();
        System.IO.File.Copy(film, Path.Combine(stage.Folder.Root, "plain-copy.bin"));
        return Stopwatch.GetElapsedTime(start);
    }
}
