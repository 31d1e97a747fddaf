using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Roster;
using Shoal.Hosts.Audit;

namespace Shoal.Cluster.Tests.Audit;

/// <summary>The limits of what a hub keeps for the log of operations, and what happens beyond them.</summary>
public sealed class AuditTrailTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Lines _log = new("trail");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task More_than_may_be_kept_is_dropped_and_said_and_fails_no_operation()
    {
        await using AuditTrail trail = await OpenAsync(o => o with { MostKept = 3 });
        await using (var directory = new MemoryDirectory { Trail = trail })
        {
            await directory.StartAsync();
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal("0\0", await directory.AskAsync("REGISTER", $"user{i}"));
            }
        }

        Assert.Equal(2, _log.Count("action: audit_drop | result: fail | operations: 1"));
    }

    [Fact]
    public async Task What_the_disk_does_not_take_waits_and_fails_no_operation()
    {
        using Mount disk = Mount.RamDisk(_scratch.Folder("data"), "size=256k");
        await using AuditTrail trail = await OpenAsync(o => o with { MostWaiting = 4 });
        await using var directory = new MemoryDirectory { Trail = trail };
        await directory.StartAsync();
        Assert.Throws<IOException>(() => File.WriteAllBytes(_scratch["data/thief"], new byte[1_000_000]));
        string longName = new('x', 250);
        for (int i = 0; i < 500 && !_log.Has("action: audit_drop | result: fail"); i++)
        {
            Assert.Equal("1\0", await directory.AskAsync("LIST_USERS", longName));
        }

        Assert.Equal(1, _log.Count("action: audit_keep | result: fail"));
        await _log.WaitForAsync("action: audit_drop | result: fail");

        // With space again they are kept, and the next failure would be said anew.
        File.Delete(_scratch["data/thief"]);
        int drops = _log.Count("audit_drop");
        await _log.WaitForAsync("action: audit_keep | result: success | operations: 4");
        Assert.Equal("1\0", await directory.AskAsync("LIST_USERS", longName));
        Assert.Equal(drops, _log.Count("audit_drop"));
        await directory.StopAsync();
    }

    private Task<AuditTrail> OpenAsync(Func<AuditTrailOptions, AuditTrailOptions> adjust) => AuditTrail.OpenAsync(
        adjust(new AuditTrailOptions { Target = new EndpointText("127.0.0.1", 1) }), _scratch.Folder("data"),
        TimeProvider.System, _log, Stop);
}
