using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Wire.Handshake;

namespace Shoal.Cluster.Tests.Hostile;

/// <summary>Members that say to their hub what no honest one says.</summary>
public sealed class MemberTests
{
    [Theory]
    [InlineData("7fffffff 20", "a MemberJoin frame of 2147483647 bytes")]
    [InlineData("00000000 2f", "unknown frame type 0x2f")]
    [InlineData("00000000 38", "unknown frame type 0x38")]
    [InlineData("00000000 28", "the first message was not a join")]
    [InlineData("00000008 20 ffff", "the other end stopped in the middle of a frame")]
    [InlineData("00000004 20 ffff0000", "swarm name")]
    public async Task Before_its_join(string bytes, string reason)
    {
        await using Siege siege = await Siege.BeginAsync();
        using RawLink link = await RawLink.GreetAsync(
            siege.Swarm.Network, MemorySwarm.HubAddress, EndRole.Member, EndRole.Hub);
        await link.SayAsync(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));
        link.FinishSending();
        await link.EndedAsync();
        await siege.Swarm.HubLog.WaitForAsync("action: accept | result: fail", reason);
        await siege.HoldsAsync();
    }

    [Fact]
    public async Task Nothing_after_its_hello()
    {
        await using Siege siege = await Siege.BeginAsync(
            adjustHub: options => options with { JoinLimit = TimeSpan.FromSeconds(1) });
        using RawLink link = await RawLink.GreetAsync(
            siege.Swarm.Network, MemorySwarm.HubAddress, EndRole.Member, EndRole.Hub);
        await link.EndedAsync();
        await siege.Swarm.HubLog.WaitForAsync("action: accept | result: fail", "it said nothing after its hello");
        await siege.HoldsAsync();
    }

    [Fact]
    public async Task Nothing_after_its_join()
    {
        await using Siege siege = await Siege.BeginAsync(
            adjustHub: options => options with { Lease = TimeSpan.FromSeconds(3) });
        using RawLink link = await RawLink.JoinAsync(siege.Swarm.Network, MemorySwarm.HubAddress, "zoe");
        await ExpectAsync(siege, link, "nothing heard from it");
    }

    [Theory]
    [InlineData("7fffffff 22", "a MemberShare frame of 2147483647 bytes")]
    [InlineData("00000000 1e", "unknown frame type 0x1e")]
    [InlineData("00000000 1f", "a chunk without bytes")]
    [InlineData("00000021 26 00", "the other end stopped in the middle of a frame")]
    [InlineData("00000001 28", "a MemberAlive frame of 1 bytes")]
    public async Task Behind_its_join(string bytes, string reason)
    {
        await using Siege siege = await Siege.BeginAsync();
        using RawLink link = await RawLink.JoinAsync(siege.Swarm.Network, MemorySwarm.HubAddress, "zoe");
        await link.SayAsync(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));
        link.FinishSending();
        await ExpectAsync(siege, link, reason);
    }

    [Theory]
    [InlineData("../a.bin", "'..'")]
    [InlineData("films/../../a.bin", "'..'")]
    [InlineData("/etc/passwd", "The name is absolute")]
    [InlineData("c:a.bin", "begins with a drive")]
    [InlineData("films\\a.bin", "has a backslash")]
    [InlineData("CON", "names a device")]
    [InlineData("films/lpt1.txt", "names a device")]
    [InlineData(".shoal/journal", "keeps its own state")]
    [InlineData("films//a.bin", "is empty")]
    public async Task A_name_that_leads_out_of_the_folder(string name, string reason)
    {
        await using Siege siege = await Siege.BeginAsync();
        using RawLink link = await RawLink.JoinAsync(siege.Swarm.Network, MemorySwarm.HubAddress, "zoe");
        await link.SayAsync(RawLink.Rename(RawLink.Frame(Share(RawLink.FolderFor(name))), name));
        await ExpectAsync(siege, link, reason);
    }

    [Fact]
    public async Task A_name_that_is_there_twice()
    {
        await using Siege siege = await Siege.BeginAsync();
        using RawLink link = await RawLink.JoinAsync(siege.Swarm.Network, MemorySwarm.HubAddress, "zoe");
        var folder = new SharedEntry.Folder(EntryName.Parse("films"));
        await link.SayAsync(Share(folder, folder));
        await ExpectAsync(siege, link, "'films' as more than one thing");
    }

    [Fact]
    public async Task A_file_that_has_something_below_it()
    {
        await using Siege siege = await Siege.BeginAsync();
        var films = new ScriptedContent("films", [1, 2, 3]);
        using RawLink link = await RawLink.JoinAsync(siege.Swarm.Network, MemorySwarm.HubAddress, "zoe");
        await link.SayAsync(new MemberMessage.Describe([films.Manifest]));
        await link.SayAsync(Share(films.Entry, new SharedEntry.Folder(EntryName.Parse("films/new/ones"))));
        await ExpectAsync(siege, link, "'films/new/ones' as more than one thing");
    }

    [Fact]
    public async Task A_file_that_was_not_described()
    {
        await using Siege siege = await Siege.BeginAsync();
        using RawLink link = await RawLink.JoinAsync(siege.Swarm.Network, MemorySwarm.HubAddress, "zoe");
        await link.SayAsync(Share(new ScriptedContent("film.mkv", [1, 2, 3]).Entry));
        await ExpectAsync(siege, link, "without describing its content");
    }

    [Fact]
    public async Task A_bitfield_of_the_wrong_length()
    {
        await using Siege siege = await Siege.BeginAsync();
        Manifest manifest = await ManifestAsync(siege);
        using RawLink link = await RawLink.JoinAsync(siege.Swarm.Network, MemorySwarm.HubAddress, "zoe");
        await link.SayAsync(new MemberMessage.Hold([new Holding(manifest.Id, new Bitfield(manifest.ChunkCount + 1))]));
        await ExpectAsync(siege, link, "its bitfield does not fit");
    }

    [Fact]
    public async Task A_chunk_that_does_not_exist()
    {
        await using Siege siege = await Siege.BeginAsync();
        Manifest manifest = await ManifestAsync(siege);
        using RawLink link = await RawLink.JoinAsync(siege.Swarm.Network, MemorySwarm.HubAddress, "zoe");
        await link.SayAsync(new MemberMessage.Have(
            [new ChunkRef(manifest.Id, new ChunkIndex(manifest.ChunkCount))]));
        await ExpectAsync(siege, link, "there is no chunk");
    }

    [Fact]
    public async Task A_second_join()
    {
        await using Siege siege = await Siege.BeginAsync();
        using RawLink link = await RawLink.JoinAsync(siege.Swarm.Network, MemorySwarm.HubAddress, "zoe");
        await link.SayAsync(new MemberMessage.Join("films", default, "zoe", [], default, 0, 0, null, null));
        await ExpectAsync(siege, link, "joined twice");
    }

    [Fact]
    public async Task A_flood_delays_the_others_by_nothing_that_counts()
    {
        await using Siege siege = await Siege.BeginAsync();
        using RawLink link = await RawLink.JoinAsync(siege.Swarm.Network, MemorySwarm.HubAddress, "zoe");
        byte[] alive = RawLink.Frame(new MemberMessage.Alive());
        byte[] flood = [.. Enumerable.Repeat(alive, 10_000).SelectMany(bytes => bytes)];
        using var stop = new CancellationTokenSource();
        Task flooding = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await link.SayAsync(flood);
            }
        }, TestContext.Current.CancellationToken);
        await siege.LetBertIn().Log.WaitForAsync("action: file", "name: a.bin");
        await stop.CancelAsync();
        await flooding;

        // Nobody leaves before a member who is still here; it goes.
        link.Dispose();
        await siege.HoldsAsync();
    }

    private static MemberMessage.Share Share(params SharedEntry[] entries) => new(default, "zoe", [.. entries]);

    private static async Task<Manifest> ManifestAsync(Siege siege)
    {
        await using ScriptedPeer tom = await siege.Swarm.ScriptAsync("tom", []);
        return (await tom.Heard.WaitForAsync<HubMessage.Describe>()).Manifests.Single();
    }

    private static async Task ExpectAsync(Siege siege, RawLink link, string reason)
    {
        await link.EndedAsync();
        await siege.Swarm.HubLog.WaitForAsync("action: disconnect | result: fail", reason);
        await siege.HoldsAsync();
    }
}
