using Shoal.Cli.Frame;
using Shoal.Cli.Lottery;

namespace Shoal.Tests.Cli;

public sealed class AgencyCommandTests
{
    [Theory]
    [InlineData("hub.lan:7", "--hub", "hub.lan:7")]
    [InlineData("hub.lan:12345", "--server", "hub.lan")]
    [InlineData("hub.lan:9980", "--hub", "hub.lan", "--token", "T")]
    [InlineData("hub.lan:12345", "--hub", "hub.lan", "--token", "T", "--protocol", "text")]
    public async Task An_agency_finds_the_door_of_its_protocol(string expected, params string[] arguments)
    {
        using var trial = new CommandTrial<LotteryAgencyArguments>(LotteryAgencyCommand.Create);
        int code = await trial.RunAsync(["agency", "--id", "1", "--bets", "bets.csv", .. arguments]);
        Assert.True(code == ExitCode.Done, trial.Error);
        Assert.Equal(expected, $"{trial.Told!.Hub}");
    }
}
