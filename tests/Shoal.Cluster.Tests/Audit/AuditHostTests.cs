using System.Buffers;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Core.Wire.Rpc;
using Shoal.Hosts.Audit;

namespace Shoal.Cluster.Tests.Audit;

/// <summary>The log's side of ONC RPC.</summary>
public sealed class AuditHostTests : IAsyncLifetime
{
    private readonly Lines _log = new("audit");
    private readonly Lines _printed = new("printed");
    private readonly CancellationTokenSource _stop = new();
    private AuditHost _host = null!;
    private Task _running = Task.CompletedTask;
    private bool _isPrinterBroken;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var options = new AuditOptions
        {
            Listen = new EndpointText("127.0.0.1", 0),
            Print = Print,
            MostConnections = 10,
            MostRecordBytes = 1000,
            SilenceLimit = TimeSpan.FromSeconds(2),
        };
        _host = await AuditHost.OpenAsync(options, TimeProvider.System, _log, Stop);
        _running = _host.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Limits.Wait, CancellationToken.None);
        await _host.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Many_calls_at_once_are_printed_in_order_and_confirmed()
    {
        using RpcCaller caller = await RpcCaller.DialAsync(_host.Address);
        var calls = new ArrayBufferWriter<byte>();
        for (uint i = 1; i <= 300; i++)
        {
            AuditCodec.EncodeCall(calls, i, new AuditEntry("anna", $"PUBLISH film{i}", "25/11/2026 17:30:05"));
        }

        await caller.SendAsync(calls.WrittenMemory);
        for (uint i = 1; i <= 300; i++)
        {
            RpcReply reply = (await caller.ReplyAsync())!;
            Assert.Equal((i, RpcOutcome.Done), (reply.Id, reply.Outcome));
        }

        Assert.Equal(
            Enumerable.Range(1, 300).Select(i => $"anna PUBLISH film{i} 25/11/2026 17:30:05"), _printed.All);
    }

    [Theory]
    [InlineData(AuditCodec.Program, 1, 0, RpcOutcome.Done)]
    [InlineData(AuditCodec.Program, 1, 1, RpcOutcome.BadArguments)]
    [InlineData(AuditCodec.Program, 1, 2, RpcOutcome.NoSuchProcedure)]
    [InlineData(AuditCodec.Program, 2, 1, RpcOutcome.NoSuchVersion)]
    [InlineData(AuditCodec.Program + 1, 1, 1, RpcOutcome.NoSuchProgram)]
    public async Task A_call_that_is_not_for_it_is_told_so_and_the_next_is_heard(
        uint program, uint version, uint procedure, RpcOutcome outcome)
    {
        using RpcCaller caller = await RpcCaller.DialAsync(_host.Address);
        await caller.CallAsync(7, program, version, procedure, 0, 0, 1, 1);
        Assert.Equal((7u, outcome), (await caller.ReplyAsync()) is { } reply ? (reply.Id, reply.Outcome) : default);
        await caller.CallAsync(8, AuditCodec.Program, AuditCodec.Version, AuditCodec.Nothing);
        Assert.Equal(RpcOutcome.Done, (await caller.ReplyAsync())?.Outcome);
        Assert.Empty(_printed.All);
    }

    [Fact]
    public async Task What_would_move_the_cursor_of_whoever_reads_the_log_is_not_printed()
    {
        using RpcCaller caller = await RpcCaller.DialAsync(_host.Address);
        var call = new ArrayBufferWriter<byte>();
        AuditCodec.EncodeCall(call, 1, new AuditEntry("anna\nbert", "\u001b[2J", "now"));
        await caller.SendAsync(call.WrittenMemory);
        Assert.Equal(RpcOutcome.Done, (await caller.ReplyAsync())?.Outcome);
        Assert.Equal(["anna\uFFFDbert \uFFFD[2J now"], _printed.All);
    }

    [Fact]
    public async Task What_cannot_be_printed_is_not_confirmed()
    {
        _isPrinterBroken = true;
        using RpcCaller caller = await RpcCaller.DialAsync(_host.Address);
        var call = new ArrayBufferWriter<byte>();
        AuditCodec.EncodeCall(call, 1, new AuditEntry("anna", "REGISTER", "now"));
        await caller.SendAsync(call.WrittenMemory);
        Assert.Equal(RpcOutcome.Failed, (await caller.ReplyAsync())?.Outcome);
        _isPrinterBroken = false;
        await caller.SendAsync(call.WrittenMemory);
        Assert.Equal(RpcOutcome.Done, (await caller.ReplyAsync())?.Outcome);
    }

    [Theory]
    [InlineData("474554202f20485454502f312e310d0a0d0a", "longer than")]
    [InlineData("80000004" + "00000001", "no call")]
    [InlineData("80000028" + "0000", "in the middle")]
    public async Task Who_says_something_else_or_half_of_it_is_cut_off(string hex, string reason)
    {
        using RpcCaller caller = await RpcCaller.DialAsync(_host.Address);
        await caller.SendAsync(Convert.FromHexString(hex));
        Assert.Null(await caller.ReplyAsync());
        await _log.WaitForAsync("action: audit_accept | result: fail", reason);
    }

    [Fact]
    public async Task One_connection_too_many_is_closed()
    {
        var callers = new List<RpcCaller>();
        for (int i = 0; i < 11; i++)
        {
            callers.Add(await RpcCaller.DialAsync(_host.Address));
        }

        Assert.Null(await callers[10].ReplyAsync());
        callers.ForEach(caller => caller.Dispose());
    }

    private void Print(IReadOnlyList<string> lines)
    {
        if (_isPrinterBroken)
        {
            throw new IOException("No space left on device");
        }

        foreach (string line in lines)
        {
            _printed.Add(line);
        }
    }
}
