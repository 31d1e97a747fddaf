using Shoal.Cli.Demo;
using Shoal.Cli.Frame;
using Shoal.Cli.Hub;
using Shoal.Cli.Join;
using Shoal.Cli.Key;
using Shoal.Cli.Parsing;
using Shoal.Core.Relay.Star;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.Members;

namespace Shoal.Tests.Cli;

public sealed class CommandDefinitionTests
{
    [Fact]
    public async Task Join_takes_its_defaults()
    {
        using var join = new CommandTrial<JoinArguments>(JoinCommand.Create);
        Assert.Equal(ExitCode.Done, await join.RunAsync("join", "photos", "--hub", "h", "--dir", "./d"));
        Assert.Equal(
            new JoinArguments
            {
                Swarm = "photos",
                Member = new MemberArguments
                {
                    Hub = new EndpointText("h", 9999), Folder = "./d", Key = new KeySource(null, null),
                },
                Patience = TimeSpan.FromSeconds(60),
            },
            join.Told! with { Exclude = [] });
        Assert.Empty(join.Told.Exclude);
    }

    [Fact]
    public async Task A_name_with_an_at_sign_is_a_name()
    {
        using var join = new CommandTrial<JoinArguments>(JoinCommand.Create);
        Assert.Equal(ExitCode.Done, await join.RunAsync("join", "@home", "--hub=h", "--dir", "@d"));
        Assert.Equal(("@home", "@d"), (join.Told!.Swarm, join.Told.Member.Folder));
    }

    [Fact]
    public async Task Join_takes_every_option()
    {
        using var join = new CommandTrial<JoinArguments>(JoinCommand.Create);
        string line = "join photos --hub 10.0.0.1:1 --dir d --key k --name n --listen [::]:7 --advertise a.b:8"
            + " --expect 4 --stay --patience 5 --up 100Mbit --down 1Gbit --up-limit 10Mbit --down-limit 20Mbit"
            + " --chunk 256KiB --exclude *.tmp --exclude b/** --dry-run --md5 --progress-json"
            + " --report r.json --log l.log";
        Assert.Equal(ExitCode.Done, await join.RunAsync(line.Split(' ')));
        Assert.Equal(
            new JoinArguments
            {
                Swarm = "photos",
                Member = new MemberArguments
                {
                    Hub = new EndpointText("10.0.0.1", 1),
                    Folder = "d",
                    Key = new KeySource("k", null),
                    Name = "n",
                    Listen = new EndpointText("::", 7),
                    Advertise = new EndpointText("a.b", 8),
                    ReportFile = "r.json",
                    LogFile = "l.log",
                },
                Expect = 4,
                Stay = true,
                Patience = TimeSpan.FromSeconds(5),
                Up = new BitRate(12_500_000),
                Down = new BitRate(125_000_000),
                UpLimit = new BitRate(1_250_000),
                DownLimit = new BitRate(2_500_000),
                ChunkSize = 262_144,
                Exclude = join.Told!.Exclude,
                IsDryRun = true,
                Md5 = true,
                IsProgressJson = true,
            },
            join.Told);
        Assert.Equal(["*.tmp", "b/**"], join.Told.Exclude);
    }

    [Fact]
    public async Task A_key_comes_from_the_flag_or_else_from_the_environment()
    {
        using var join = new CommandTrial<JoinArguments>(JoinCommand.Create)
        {
            Variables = { ["SHOAL_KEY"] = "secret" },
        };
        await join.RunAsync("join", "s", "--hub", "h", "--dir", "d");
        Assert.Equal(new KeySource(null, "secret"), join.Told!.Member.Key);
        await join.RunAsync("join", "s", "--hub", "h", "--dir", "d", "--key", "f");
        Assert.Equal(new KeySource("f", null), join.Told.Member.Key);
    }

    [Fact]
    public async Task A_hub_listens_on_loopback_by_default_and_needs_no_key_there()
    {
        using var hub = new CommandTrial<HubArguments>(HubCommand.Create);
        Assert.Equal(ExitCode.Done, await hub.RunAsync("hub"));
        Assert.Equal(new EndpointText("127.0.0.1", 9999), hub.Told!.Listen);
        Assert.False(hub.Told.IsOpen);
    }

    [Fact]
    public async Task A_directory_opens_only_when_it_is_asked_for()
    {
        using var hub = new CommandTrial<HubArguments>(HubCommand.Create);
        Assert.Equal(ExitCode.Done, await hub.RunAsync("hub"));
        Assert.Null(hub.Told!.Directory);
        Assert.Equal("./shoal-data", hub.Told.Data);
        Assert.Equal(ExitCode.Done, await hub.RunAsync("hub", "--directory", "0.0.0.0"));
        Assert.Equal(
            new HubDirectoryArguments(
                new EndpointText("0.0.0.0", 9998), DirectoryStyle.AsciiNul, RequestLineForm.Brief, null),
            hub.Told.Directory);
        string line = "hub --directory [::1]:7 --directory-style ascii-bare --directory-log long --data d"
            + " --audit log.lan";
        Assert.Equal(ExitCode.Done, await hub.RunAsync(line.Split(' ')));
        Assert.Equal(
            new HubDirectoryArguments(
                new EndpointText("::1", 7), DirectoryStyle.AsciiBare, RequestLineForm.Full,
                new EndpointText("log.lan", 0)),
            hub.Told.Directory);
        Assert.Equal("d", hub.Told.Data);
        Assert.Equal(ExitCode.Usage, await hub.RunAsync("hub", "--directory-log", "short"));
        Assert.Contains("--directory-log: there is no directory", hub.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_operations_are_logged_comes_from_the_flag_or_else_from_the_environment()
    {
        using var hub = new CommandTrial<HubArguments>(HubCommand.Create)
        {
            Variables = { ["LOG_RPC_IP"] = "10.0.0.7" },
        };
        await hub.RunAsync("hub", "--directory", "127.0.0.1");
        Assert.Equal(new EndpointText("10.0.0.7", 0), hub.Told!.Directory!.Audit);
        await hub.RunAsync("hub", "--directory", "127.0.0.1", "--audit", "log.lan:7");
        Assert.Equal(new EndpointText("log.lan", 7), hub.Told.Directory!.Audit);
        hub.Variables["LOG_RPC_IP"] = "not an address";
        Assert.Equal(ExitCode.Usage, await hub.RunAsync("hub", "--directory", "127.0.0.1"));
        Assert.Contains("LOG_RPC_IP: ", hub.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0:9999")]
    [InlineData("[::]:9999")]
    [InlineData("192.168.1.5:9999")]
    [InlineData("hub.local:9999")]
    public async Task A_hub_beyond_loopback_wants_a_key_or_to_be_open(string listen)
    {
        using var hub = new CommandTrial<HubArguments>(HubCommand.Create);
        Assert.Equal(ExitCode.Usage, await hub.RunAsync("hub", "--listen", listen));
        Assert.Contains("--key", hub.Error, StringComparison.Ordinal);
        Assert.Contains("--open", hub.Error, StringComparison.Ordinal);
        Assert.Null(hub.Told);

        Assert.Equal(ExitCode.Done, await hub.RunAsync("hub", "--listen", listen, "--key", "f"));
        Assert.Equal(ExitCode.Done, await hub.RunAsync("hub", "--listen", listen, "--open"));
        hub.Variables["SHOAL_KEY"] = "secret";
        Assert.Equal(ExitCode.Done, await hub.RunAsync("hub", "--listen", listen));
        Assert.Equal("secret", hub.Told!.Key.Text);
        Assert.Equal(ExitCode.Done, await hub.RunAsync("hub", "--listen", listen, "--open"));
        Assert.False(hub.Told.Key.Exists);
    }

    [Theory]
    [InlineData("localhost:1")]
    [InlineData("[::1]:1")]
    [InlineData("127.0.0.2:1")]
    public async Task Loopback_has_several_names(string listen)
    {
        using var hub = new CommandTrial<HubArguments>(HubCommand.Create);
        Assert.Equal(ExitCode.Done, await hub.RunAsync("hub", "--listen", listen));
    }

    [Fact]
    public async Task A_hub_keeps_a_virtual_clock_when_it_knows_what_links_take()
    {
        using var hub = new CommandTrial<HubArguments>(HubCommand.Create);
        Assert.Equal(ExitCode.Done, await hub.RunAsync("hub"));
        Assert.Null(hub.Told!.Clock);
        Assert.Equal(ExitCode.Done, await hub.RunAsync("hub", "--clock", "virtual", "--costs", "6:0.6,7:0.7"));
        Assert.Equal("6:0.6,7:0.7", hub.Told.Clock!.Costs.ToString());
        Assert.Equal(StarMode.Strict, hub.Told.Clock.Mode);
        Assert.Equal(
            ExitCode.Done, await hub.RunAsync("hub", "--clock", "virtual", "--costs", "1:1,2:2", "--mode", "fan-out"));
        Assert.Equal(StarMode.FanOut, hub.Told.Clock.Mode);
    }

    [Theory]
    [InlineData("--clock virtual", "--clock: a virtual clock needs to know what links take; give --costs")]
    [InlineData("--costs 6:0.6,7:0.7", "--costs: the clock on the wall has none")]
    [InlineData("--mode strict", "--mode: it is for a virtual clock")]
    [InlineData("--clock virtual --costs 6:0.6,7:0.7 --lend 1Gbit", "--lend: under a virtual clock")]
    [InlineData("--clock virtual --costs 6:0.6", "--costs: ")]
    [InlineData("--clock virtual --costs 0:0.6,7:0.7", "--costs: ")]
    [InlineData("--clock virtual --costs 6:-1,7:0.7", "--costs: ")]
    [InlineData("--clock virtual --costs 6:nan,7:0.7", "--costs: ")]
    [InlineData("--clock virtual --costs 6,7", "--costs: ")]
    [InlineData("--clock virtual --costs x:y,7:0.7", "--costs: ")]
    [InlineData("--clock virtual --costs 6:0.0000001,7:0.7", "--costs: ")]
    public async Task What_a_virtual_clock_cannot_go_by_is_refused(string line, string reason)
    {
        using var hub = new CommandTrial<HubArguments>(HubCommand.Create);
        Assert.Equal(ExitCode.Usage, await hub.RunAsync(["hub", .. line.Split(' ')]));
        Assert.Contains(reason, hub.Error, StringComparison.Ordinal);
        Assert.Null(hub.Told);
    }

    [Fact]
    public async Task An_open_hub_with_a_key_is_a_contradiction()
    {
        using var hub = new CommandTrial<HubArguments>(HubCommand.Create);
        Assert.Equal(ExitCode.Usage, await hub.RunAsync("hub", "--open", "--key", "f"));
        Assert.Contains("--open", hub.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_takes_its_defaults_and_its_options()
    {
        using var demo = new CommandTrial<DemoArguments>(DemoCommand.Create);
        Assert.Equal(ExitCode.Done, await demo.RunAsync("demo"));
        Assert.Equal(
            new DemoArguments
            {
                Job = null,
                Peers = 4,
                BytesPerPeer = 64_000_000,
                Link = new BitRate(25_000_000),
                KeepFolder = null,
                RandomSeed = 1,
                ReportFile = null,
                IsJson = false,
            },
            demo.Told);
        Assert.Equal(ExitCode.Done, await demo.RunAsync("demo", "all"));
        Assert.Null(demo.Told!.Job);
        Assert.Equal(ExitCode.Done, await demo.RunAsync(
            "demo", "exchange", "--peers", "8", "--size", "1MiB", "--link", "unlimited", "--keep", "k",
            "--random-seed", "9", "--json"));
        Assert.Equal(
            new DemoArguments
            {
                Job = DemoJob.Exchange,
                Peers = 8,
                BytesPerPeer = 1_048_576,
                Link = BitRate.Unlimited,
                KeepFolder = "k",
                RandomSeed = 9,
                ReportFile = null,
                IsJson = true,
            },
            demo.Told);
        Assert.Equal(ExitCode.Usage, await demo.RunAsync("demo", "juggle"));
        Assert.Contains("juggle", demo.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_new_takes_a_file_or_prints()
    {
        using var key = new CommandTrial<KeyNewArguments>(KeyCommand.Create);
        Assert.Equal(ExitCode.Done, await key.RunAsync("key", "new", "f"));
        Assert.Equal("f", key.Told!.File);
        Assert.Equal(ExitCode.Done, await key.RunAsync("key", "new"));
        Assert.Null(key.Told.File);
        Assert.Equal(ExitCode.Usage, await key.RunAsync("key"));
    }
}
