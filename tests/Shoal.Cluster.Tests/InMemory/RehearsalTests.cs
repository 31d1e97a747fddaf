using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Wire.Handshake;
using Shoal.Hosts.Rehearsals;

namespace Shoal.Cluster.Tests.InMemory;

/// <summary>What a peer does while it reads its folder.</summary>
public sealed class RehearsalTests : IDisposable
{
    private readonly Scratch _folder = new();

    private string Stage => Path.Join(_folder.Root, ".shoal", "stage");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rehearsal_comes_to_its_end_and_leaves_nothing(bool hasKey)
    {
        SwarmKey? key = hasKey ? new SwarmKey(RandomNumberGenerator.GetBytes(SwarmKey.Size)) : null;
        Assert.Null(await PeerRehearsal.RunAsync(Stage, key, TimeProvider.System, NullLogger.Instance, Stop));
        Assert.False(Directory.Exists(Stage));
    }

    [Fact]
    public async Task What_an_earlier_one_left_behind_is_in_nobodys_way()
    {
        Directory.CreateDirectory(Path.Join(Stage, "peer1"));
        await File.WriteAllTextAsync(Path.Join(Stage, "peer1", "peer1"), "left", Stop);

        Assert.Null(await PeerRehearsal.RunAsync(Stage, null, TimeProvider.System, NullLogger.Instance, Stop));
        Assert.False(Directory.Exists(Stage));
    }

    [Fact]
    public async Task One_that_is_stopped_says_so_and_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        Assert.Equal(
            "it was stopped",
            await PeerRehearsal.RunAsync(Stage, null, TimeProvider.System, NullLogger.Instance, stop.Token));
        Assert.False(Directory.Exists(Stage));
    }

    [Fact]
    public async Task One_that_has_no_place_says_why()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Stage)!);
        await File.WriteAllTextAsync(Stage, "in the way", Stop);

        Assert.Contains(
            Stage, await PeerRehearsal.RunAsync(Stage, null, TimeProvider.System, NullLogger.Instance, Stop),
            StringComparison.Ordinal);
        Assert.Equal("in the way", await File.ReadAllTextAsync(Stage, Stop));
    }
}
