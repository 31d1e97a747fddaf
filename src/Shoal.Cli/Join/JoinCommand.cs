using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Roster;

namespace Shoal.Cli.Join;

/// <summary>Defines <c>shoal join</c>.</summary>
internal sealed class JoinCommand
{
    private const int MostMembers = 100_000;

    private readonly Argument<string> _swarm = new("SWARM")
    {
        Description = "The swarm to join; all who name the same swarm at the same hub exchange their files",
    };

    private readonly MemberFlags _member = new("The folder to share and to receive into; made if absent");
    private readonly Option<string> _relay = TypedOption.Choice(
        "--relay", "When files go through the hub: where peers cannot reach each other (auto), always, or never",
        "auto", "always", "never");

    private readonly Option<string> _style = StyleOption.Create(
        "--style", "How users of the hub's directory are answered whose programs are of another make");

    private readonly Option<int> _expect = TypedOption.WithDefault(
        "--expect", "N", "Start when N members are here, this one included; the largest N that anybody says counts; "
        + "0 starts at once", WholeNumber.From(0, MostMembers), "0");

    private readonly Option<bool> _stay = CommonOptions.Flag(
        "--stay", "Go on serving when everybody has everything");

    private readonly Option<Duration> _patience = TypedOption.WithDefault<Duration>(
        "--patience", "TIME", "How long to wait for members that vanished", Duration.TryParse, "60");

    private readonly Option<BitRate?> _up = TypedOption.Optional<BitRate>(
        "--up", "RATE", "The upload capacity of this machine's link, as 100Mbit; else it is measured",
        BitRate.TryParse);

    private readonly Option<BitRate?> _down = TypedOption.Optional<BitRate>(
        "--down", "RATE", "The download capacity of this machine's link; else it is measured", BitRate.TryParse);

    private readonly Option<BitRate?> _upLimit = TypedOption.Optional<BitRate>(
        "--up-limit", "RATE", "Upload no faster than this", BitRate.TryParse);

    private readonly Option<BitRate?> _downLimit = TypedOption.Optional<BitRate>(
        "--down-limit", "RATE", "Download no faster than this", BitRate.TryParse);

    private readonly Option<ChunkSize?> _chunk = TypedOption.Optional<ChunkSize>(
        "--chunk", "SIZE", "The chunk size, a power of two from 16KiB to 4MiB [default: by the length of each file]",
        ChunkSize.TryParse);

    private readonly Option<string[]> _exclude = TypedOption.Repeated<string>(
        "--exclude", "GLOB", "Do not share names like this, as *.tmp or build/**; may be given again",
        FolderGlob.TryParse);

    private readonly Option<bool> _dryRun = CommonOptions.Flag(
        "--dry-run", "Only say what would be shared, what would come, and how much room there is; nothing changes");

    private readonly Option<bool> _md5 = CommonOptions.Flag("--md5", "Compute MD5 of every file after the finish");
    private readonly Option<bool> _progressJson = CommonOptions.Flag(
        "--progress-json", "Print the progress as a JSON object a line, for programs, and no report");

    private JoinCommand()
    {
        _swarm.Validators.Add(CommonOptions.RefuseFlags);
        _swarm.Validators.Add(result => SwarmName.Check(result, "SWARM"));
    }

    public static Command Create(CommandRun<JoinArguments> run, CommandScreen screen)
    {
        var definition = new JoinCommand();
        var command = new ShoalCommand(
            "join",
            "Shares a folder with a swarm and receives everything that the others share. Ends when every member has "
            + "everything; run again, it goes on where it stopped.",
            "shoal join photos --hub 127.0.0.1:9999 --dir ./photos             # exchange with whoever comes",
            "shoal join photos --hub hub.local --key swarm.key --dir ./photos --expect 4 --report run.json",
            "shoal join photos --hub hub.local --dir ./photos --up 20Mbit --down 100Mbit --exclude '*.tmp'",
            "shoal join photos --hub hub.local --dir ./photos --relay always     # all through the hub",
            "shoal join photos --hub hub.local --dir ./photos --dry-run          # only say what would happen");
        command.Add(definition._swarm);
        return command.RunBy(
            definition.Flags, result => definition.Bind(result, screen.Variable), run, screen);
    }

    private IEnumerable<Option> Flags =>
    [
        .. _member.First, .. _member.Doors, _relay, _style, _expect, _stay, _patience, _up, _down, _upLimit,
        _downLimit, _chunk, _exclude, _dryRun, _md5, _progressJson, .. _member.Last,
    ];

    private JoinArguments Bind(ParseResult result, Func<string, string?> environment) => new()
    {
        Swarm = result.GetRequiredValue(_swarm),
        Member = _member.Bind(result, environment),
        Style = StyleOption.Of(result.GetValue(_style)!),
        Relay = Enum.Parse<RelayUse>(result.GetValue(_relay)!, ignoreCase: true),
        Expect = result.GetValue(_expect),
        Stay = result.GetValue(_stay),
        Patience = result.GetValue(_patience).Value,
        Up = result.GetValue(_up),
        Down = result.GetValue(_down),
        UpLimit = result.GetValue(_upLimit),
        DownLimit = result.GetValue(_downLimit),
        ChunkSize = result.GetValue(_chunk)?.Bytes,
        Exclude = [.. result.GetValue(_exclude) ?? []],
        IsDryRun = result.GetValue(_dryRun),
        Md5 = result.GetValue(_md5),
        IsProgressJson = result.GetValue(_progressJson),
    };
}
