using Shoal.Cli.Frame;
using Shoal.Cli.Lottery;

namespace Shoal.Tests.Cli;

public sealed class AgencyCommandTests
{
    [Theory]
    [InlineData("hub.local:7", "--hub", "hub.local:7")]
    [InlineData("hub.local:12345", "--server", "hub.local")]
    [InlineData("hub.local:9980", "--hub", "hub.local", "--token", "T")]
    [InlineData("hub.local:12345", "--hub", "hub.local", "--token", "T", "--protocol", "text")]
    public async Task An_agency_finds_the_door_of_its_protocol(string expected, params string[] arguments)
    {
        using var trial = new CommandTrial<LotteryAgencyArguments>(LotteryAgencyCommand.Create);
        int code = await trial.RunAsync(["agency", "--id", "1", "--bets", "bets.csv", .. arguments]);
        Assert.True(code == ExitCode.Done, trial.Error);
        Assert.Equal(expected, $"{trial.Told!.Hub}");
    }
}
