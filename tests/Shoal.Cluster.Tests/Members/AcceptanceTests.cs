using System.Text.RegularExpressions;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Roster;
using Shoal.Hosts.Audit;
using Shoal.Hosts.User;

namespace Shoal.Cluster.Tests.Members;

/// <summary>The table of what the shell says and sends, against the hub's directory.</summary>
public sealed partial class AcceptanceTests
{
    public static TheoryData<int, string> Numbers()
    {
        var data = new TheoryData<int, string>();
        foreach ((int i, AcceptanceCase one) in AcceptanceCases.All().Index())
        {
            data.Add(i, $"{string.Join("; ", one.State)}: {Short(one.Command)}");
        }

        return data;
    }

    [Fact]
    public void The_table_is_long() => Assert.InRange(AcceptanceCases.All().Count(), 135, 1000);

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task A_command_in_a_state(int number, string name)
    {
        Assert.NotEmpty(name);
        AcceptanceCase one = AcceptanceCases.All().ElementAt(number);
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync();
        await using var desk = new ShellDesk(directory);
        await using var others = new Others(directory);
        foreach (string step in one.State)
        {
            await TakeAsync(step, directory, desk, others);
        }

        desk.Sent.Take();
        string printed = one.Command.Equals("QUIT", StringComparison.OrdinalIgnoreCase)
            ? await desk.PipeAsync($"{one.Command}\n")
            : await desk.RunAsync(one.Command);
        Assert.Equal(one.Printed, printed);
        Assert.Equal(one.Sent.Select(Written), desk.TakeSent().Select(Plain));
        Assert.Equal(
            one.State.Contains("!time down"),
            desk.Reasons.Contains("shoal: the time service at http://127.0.0.1:1/ is down", StringComparison.Ordinal));
    }

    private static async Task TakeAsync(string step, MemoryDirectory directory, ShellDesk desk, Others others)
    {
        switch (step)
        {
            case "!down":
                await directory.StopAsync();
                break;
            case "!restart":
                await directory.StopAsync();
                await directory.StartAsync();
                break;
            case "!log down":
                await directory.StopAsync();
                directory.Trail = await others.OpenTrailAsync();
                await directory.StartAsync();
                break;
            case "!time down":
                desk.LoseTimeService();
                break;
            case "!unregistered":
                await directory.AskAsync("DISCONNECT", "anna");
                await directory.AskAsync("UNREGISTER", "anna");
                break;
            case "!bert":
                await others.BertComesAsync();
                break;
            case "!second":
                await others.Anna.ConnectAsync("anna", TestContext.Current.CancellationToken);
                break;
            case "!second leaves":
                await others.Anna.DisconnectAsync("anna", TestContext.Current.CancellationToken);
                break;
            case "!bert leaves":
                await others.Bert.DisconnectAsync("bert", TestContext.Current.CancellationToken);
                break;
            case var file when file.StartsWith("!file ", StringComparison.Ordinal):
                desk.Files.Write(file[6..], 1, 1000);
                break;
            default:
                await desk.RunAsync(step);
                break;
        }
    }

    private static string Written(string request) => request
        .Replace("|D|", "|" + Caller.Stamp, StringComparison.Ordinal).Replace('|', '\0');

    // A listener that was opened in vain had a port too.
    private static string Plain(string request) => request.StartsWith("CONNECT", StringComparison.Ordinal)
        ? LastNumber().Replace(request, "\0#\0")
        : request;

    private static string Short(string line) => line.Length < 60 ? line : $"{line[..40]}... of {line.Length}";

    [GeneratedRegex("\0[0-9]+\0$")]
    private static partial Regex LastNumber();

    /// <summary>Other terminals.</summary>
    private sealed class Others(MemoryDirectory directory) : IAsyncDisposable
    {
        private readonly ShellDesk _anna = new(directory);
        private readonly ShellDesk _bert = new(directory);
        private readonly Scratch _scratch = new();
        private AuditTrail? _trail;

        public UserSession Anna => _anna.Session;

        public UserSession Bert => _bert.Session;

        public async Task BertComesAsync()
        {
            _bert.Files.Write("song", 2, 100_000);
            _bert.Files.Write("secret", 3, 1000);
            foreach (string line in new[] { "REGISTER bert", "CONNECT bert", "PUBLISH song " })
            {
                await _bert.RunAsync(line);
            }
        }

        /// <summary>A log of operations whose other side is not there.</summary>
        public async Task<AuditTrail> OpenTrailAsync() => _trail = await AuditTrail.OpenAsync(
            new AuditTrailOptions { Target = new EndpointText("127.0.0.1", 1) }, _scratch.Root, TimeProvider.System,
            directory.Log, TestContext.Current.CancellationToken);

        public async ValueTask DisposeAsync()
        {
            await _anna.DisposeAsync();
            await _bert.DisposeAsync();
            if (_trail is not null)
            {
                await directory.StopAsync();
                await _trail.DisposeAsync();
            }

            _scratch.Dispose();
        }
    }
}
