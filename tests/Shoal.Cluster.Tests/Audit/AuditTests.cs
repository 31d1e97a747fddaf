using System.Globalization;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Audit;

/// <summary>The log of operations between processes: nothing is lost, and nobody waits for it.</summary>
public sealed class AuditTests : IDisposable
{
    private static readonly string[] s_life =
    [
        "anna REGISTER", "anna REGISTER", "anna CONNECT", "anna PUBLISH film", "anna LIST_USERS", "anna LIST_CONTENT",
        "anna DELETE film", "anna DISCONNECT", "anna UNREGISTER",
    ];

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Every_operation_is_told_once_in_order_with_the_clients_date()
    {
        await using ShoalProcess audit = Audit("127.0.0.1:0");
        string address = await AddressOfAsync(audit);
        await using ProcessDirectory directory = await ProcessDirectory.BeginAsync("--audit", address);
        await LiveAsync(directory);
        await audit.Output.WaitForAsync("anna UNREGISTER");
        Assert.Equal(s_life.Select(line => $"{line} {Caller.Stamp.TrimEnd('\0')}"), Told(audit));

        // Without a date of the client's, the hub's own; what no user asked for is no operation.
        await directory.Caller.AskAsync("REGISTER\0an na\0");
        await directory.Caller.AskAsync("REGISTER\0bert\0");
        string line = await audit.Output.WaitForAsync("bert REGISTER");
        Assert.Matches(@"^bert REGISTER \d\d/\d\d/\d{4} \d\d:\d\d:\d\d$", line);
        Assert.Equal(s_life.Length + 1, Told(audit).Length);
    }

    [Fact]
    public async Task With_the_other_side_down_everything_works_and_is_told_later()
    {
        using var port = new HeldPort();
        string address = port.Address;
        await using ProcessDirectory directory = await ProcessDirectory.BeginAsync("--audit", address);
        await LiveAsync(directory);
        await directory.Hub.Output.WaitForAsync("action: audit_connect | result: fail");
        await directory.Hub.KillAsync();

        await directory.StartAsync("--audit", address, "--log-level", "debug");
        await using (ShoalProcess audit = Audit(address))
        {
            await audit.Output.WaitForAsync("anna UNREGISTER");
            Assert.Equal(s_life, Told(audit).Select(WithoutDate));

            // What the hub has not noted as told is told again.
            await directory.Hub.Output.WaitForAsync("action: audit_deliver | result: success");
            await audit.KillAsync();
        }

        await LiveAsync(directory);
        await using ShoalProcess second = Audit(address);
        await second.Output.WaitForAsync("anna UNREGISTER");
        Assert.Equal(s_life, Told(second).Select(WithoutDate));
    }

    [Fact]
    public async Task A_program_of_rpcgen_tells_ours()
    {
        OncPrograms.Make(_scratch.Root);
        await using ShoalProcess audit = Audit("127.0.0.1:0");
        string port = (await AddressOfAsync(audit)).Split(':')[1];
        string teller = _scratch["teller"];
        (int code, string output) = OncPrograms.Run(
            _scratch.Root, teller, port, "anna", "PUBLISH film", "25/11/2026 17:30:05");
        Assert.True(code == 0 && output == "noted\n", output);
        await audit.Output.WaitForAsync("anna PUBLISH film");
        Assert.Equal(["anna PUBLISH film 25/11/2026 17:30:05"], Told(audit));
    }

    [Fact]
    public async Task Ours_tells_a_program_of_rpcgen()
    {
        OncPrograms.Make(_scratch.Root);
        await using ShoalProcess taker = ShoalProcess.StartOther("taker", _scratch["taker"]);
        string port = ProcessSwarm.FieldOf(await taker.Output.WaitForAsync("port: "), "port");
        await using ProcessDirectory directory = await ProcessDirectory.BeginAsync("--audit", $"127.0.0.1:{port}");
        await LiveAsync(directory);
        await taker.Output.WaitForAsync("anna UNREGISTER");
        Assert.Equal(s_life, Told(taker).Select(WithoutDate));
    }

    [Fact]
    public async Task Rpcinfo_finds_it()
    {
        Assert.SkipUnless(
            File.Exists("/usr/sbin/rpcinfo") || File.Exists("/usr/bin/rpcinfo"),
            "rpcinfo is not installed; on Debian: apt-get install rpcbind");
        await using ShoalProcess audit = Audit("127.0.0.1:0");
        int port = int.Parse((await AddressOfAsync(audit)).Split(':')[1], CultureInfo.InvariantCulture);
        string program = File.Exists("/usr/sbin/rpcinfo") ? "/usr/sbin/rpcinfo" : "/usr/bin/rpcinfo";
        (int code, string output) = OncPrograms.Run(
            _scratch.Root, program, "-a", $"127.0.0.1.{port >> 8}.{port & 0xFF}", "-T", "tcp", "536871065", "1");
        Assert.True(code == 0, output);
        Assert.Contains("ready and waiting", output, StringComparison.Ordinal);
        (code, output) = OncPrograms.Run(
            _scratch.Root, program, "-a", $"127.0.0.1.{port >> 8}.{port & 0xFF}", "-T", "tcp", "536871065", "2");
        Assert.True(code == 1, output);
        Assert.Contains("low version = 1, high version = 1", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_real_port_mapper_brings_them_together()
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess && File.Exists("/sbin/rpcbind") && File.Exists("/usr/bin/unshare"),
            "this needs root, rpcbind and unshare; on Debian: apt-get install rpcbind util-linux");
        (int code, string output) = OncPrograms.Run(_scratch.Root, "unshare", "-nm", "true");
        Assert.SkipUnless(code == 0, $"this machine does not let root make namespaces: {output}");
        (code, output) = OncPrograms.Run(
            _scratch.Root, "unshare", "-nm", OncPrograms.PathOf("mapped.sh"), ShoalProcess.Program, _scratch["data"]);
        Assert.True(code == 0, output);
        Assert.EndsWith("told\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_port_mapper_it_says_so()
    {
        Assert.SkipWhen(File.Exists("/run/rpcbind.sock"), "a port mapper runs here, and is left alone");
        await using ShoalProcess audit = ShoalProcess.Start("audit", "audit", "--listen", "127.0.0.1:0", "--rpcbind");
        await audit.ExpectAsync(1);
        Assert.True(audit.Output.Has("shoal: shoal audit: there is no port mapper"), audit.Output.ToString());
    }

    private static ShoalProcess Audit(string listen) => ShoalProcess.Start("audit", "audit", "--listen", listen);

    private static async Task<string> AddressOfAsync(ShoalProcess audit) =>
        ProcessSwarm.FieldOf(await audit.Output.WaitForAsync("action: audit_listen"), "address");

    private static async Task LiveAsync(ProcessDirectory directory)
    {
        Assert.Equal("0\0", await directory.AskAsync("REGISTER", "anna"));
        Assert.Equal("1\0", await directory.AskAsync("REGISTER", "anna"));
        Assert.Equal("0\0", await directory.AskAsync("CONNECT", "anna", "7000"));
        Assert.Equal("0\0", await directory.AskAsync("PUBLISH", "anna", "film", "a film"));
        Assert.StartsWith("0\0", await directory.AskAsync("LIST_USERS", "anna"), StringComparison.Ordinal);
        Assert.StartsWith("0\0", await directory.AskAsync("LIST_CONTENT", "anna", "anna"), StringComparison.Ordinal);
        Assert.Equal("0\0", await directory.AskAsync("DELETE", "anna", "film"));
        Assert.Equal("0\0", await directory.AskAsync("DISCONNECT", "anna"));
        Assert.Equal("0\0", await directory.AskAsync("UNREGISTER", "anna"));
    }

    private static string[] Told(ShoalProcess process) =>
        [.. process.Output.All.Where(line => line.StartsWith("anna ", StringComparison.Ordinal)
            || line.StartsWith("bert ", StringComparison.Ordinal))];

    private static string WithoutDate(string line) => line[..^20];
}
