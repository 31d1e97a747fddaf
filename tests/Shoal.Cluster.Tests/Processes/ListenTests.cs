using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>A port that is taken: whoever wants it says so once, with what to do, and ends.</summary>
public sealed class ListenTests
{
    [Theory]
    [InlineData("join", "films", "--expect", "2")]
    [InlineData("origin")]
    [InlineData("edge", "--capacity", "1MB")]
    public async Task Members_of_a_swarm_and_of_a_tier(params string[] words)
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        string[] place = ["--hub", swarm.Address, "--listen", swarm.Address, "--dir", swarm.Scratch.Folder("files")];
        await ExpectOneSentenceAsync([.. words, .. place], swarm.Address);
    }

    [Fact]
    public async Task A_user_who_publishes()
    {
        await using ProcessDirectory directory = await ProcessDirectory.BeginAsync();
        string hub = directory.Address.ToString();
        await directory.AskAsync("REGISTER", "anna");
        directory.Scratch.Write("files/film", 1, 100);
        await ExpectOneSentenceAsync(
            ["publish", directory.Scratch["files/film"], "--user", "anna", "--hub", hub, "--listen", hub], hub);
    }

    private static async Task ExpectOneSentenceAsync(string[] arguments, string taken)
    {
        await using ShoalProcess process = ShoalProcess.Start(arguments[0], arguments);
        await process.ExpectAsync(1);
        string line = Assert.Single(
            process.Output.All, line => line.Contains("cannot listen", StringComparison.Ordinal));
        Assert.EndsWith(
            $"cannot listen on {taken}: another program listens there; end it, or name another port",
            line.TrimEnd('.'), StringComparison.Ordinal);
    }
}
