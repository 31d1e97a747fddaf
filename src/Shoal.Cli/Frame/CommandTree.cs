using System.CommandLine;
using Shoal.Cli.Audit;
using Shoal.Cli.Bound;
using Shoal.Cli.Compose;
using Shoal.Cli.Configuration;
using Shoal.Cli.Conform;
using Shoal.Cli.Demo;
using Shoal.Cli.Edge;
using Shoal.Cli.Hub;
using Shoal.Cli.Join;
using Shoal.Cli.Key;
using Shoal.Cli.Lottery;
using Shoal.Cli.Ping;
using Shoal.Cli.Shell;
using Shoal.Cli.Simulate;
using Shoal.Cli.Time;
using Shoal.Cli.User;

namespace Shoal.Cli.Frame;

/// <summary>All commands of the program.</summary>
internal static class CommandTree
{
    /// <summary>Makes the tree. Nothing heavy may happen here: every start of the program comes by.</summary>
    public static RootCommand Create(CommandScreen screen)
    {
        var root = new RootCommand(
            "Moves files to many machines, close to the least time that the links allow, and says how close.");
        root.Options.OfType<VersionOption>().Single().Description = "Show the version";
        HelpWithExamples.Install(
            root, screen,
            "shoal demo                                       # see it work on this machine",
            "shoal key new swarm.key                          # a secret that hub and peers share",
            "shoal hub --listen 0.0.0.0:9999 --key swarm.key  # on one machine, then on every machine:",
            "shoal join photos --hub 192.168.1.5:9999 --key swarm.key --dir ./photos --expect 4");
        root.Add(DemoCommand.Create(DemoRun.RunAsync, screen));
        root.Add(KeyCommand.Create(KeyNewRun.RunAsync, screen));
        root.Add(HubCommand.Create(HubRun.RunAsync, screen));
        root.Add(JoinCommand.Create(JoinRun.RunAsync, screen));
        root.Add(OriginCommand.Create(OriginRun.RunAsync, screen));
        root.Add(EdgeCommand.Create(EdgeRun.RunAsync, screen));
        root.Add(FetchCommand.Create(FetchRun.RunAsync, screen));
        root.Add(UserCommand.Create(screen));
        root.Add(PublishCommand.Create(PublishRun.RunAsync, screen));
        root.Add(WithdrawCommand.Create(screen));
        root.Add(ListCommand.Create(screen));
        root.Add(SearchCommand.Create(screen));
        root.Add(GetCommand.Create(screen));
        root.Add(ShellCommand.Create(ShellRun.RunAsync, screen));
        root.Add(ConformCommand.Create(ConformRun.RunAsync, screen));
        root.Add(AuditCommand.Create(AuditRun.RunAsync, screen));
        root.Add(TimeCommand.Create(TimeRun.RunAsync, screen));
        root.Add(LotteryCommand.Create(screen));
        root.Add(SimulateCommand.Create(
            SimulateExchange.RunAsync, SimulateRelay.RunAsync, SimulateEdge.RunAsync, screen));
        root.Add(BoundCommand.Create(BoundWork.RunAsync, screen));
        root.Add(PingCommand.Create(PingRun.RunAsync, screen));
        root.Add(ComposeCommand.Create(ComposeRun.RunAsync, screen));
        root.Add(ConfigCommand.Create(ConfigRun.RunAsync, screen));
        GlobalOptions.Add(root);
        return root;
    }
}
