using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;

namespace Shoal.Cli.User;

/// <summary>What <c>shoal publish</c> was told.</summary>
internal sealed record PublishArguments
{
    /// <summary>Who publishes, and where.</summary>
    public required UserAccess Access { get; init; }

    /// <summary>A file or a folder.</summary>
    public required string Path { get; init; }

    /// <summary>What is said of it.</summary>
    public required Description Description { get; init; }

    /// <summary>Where others fetch from; null: any free port of every address.</summary>
    public required EndpointText? Listen { get; init; }

    /// <summary>How others' requests are answered.</summary>
    public required DirectoryStyle Style { get; init; }
}

/// <summary>Defines <c>shoal publish</c>.</summary>
internal static class PublishCommand
{
    public static Command Create(CommandRun<PublishArguments> run, CommandScreen screen)
    {
        var access = new UserAccessOptions();
        var path = new Argument<string>("PATH")
        {
            Description = "A file, published under its own name; or a folder: all files in it, under their names in it",
        };
        path.Validators.Add(CommonOptions.RefuseFlags);
        Option<string?> description = CommonOptions.Text(
            "--description", "TEXT", "What is said of it; nothing unless given");
        Option<EndpointText?> listen = TypedOption.Optional<EndpointText>(
            "--listen", "ADDR:PORT", "Where others fetch from; any free port of every address unless given",
            CommonOptions.TryParseAddress);
        Option<string> style = StyleOption.Create("--style", "How requests of other programs are answered");
        var command = new ShoalCommand(
            "publish",
            "Publishes a file or a folder, and serves it to everybody who fetches it, until SIGINT or SIGTERM. The "
            + "publication stays when the command ends: run again, it serves what was published before.",
            "shoal publish film.avi --description 'A short one' --hub hub.local:9998 --user anna",
            "shoal publish ./films --hub hub.local:9998 --user anna --listen 0.0.0.0:7000")
        {
            path,
            description,
            listen,
            style,
        };
        access.AddWithKeyTo(command);
        command.RunBy(
            result => new PublishArguments
            {
                Access = access.Read(result, screen.Variable),
                Path = result.GetValue(path)!,
                Description = Describe(result.GetValue(description) ?? ""),
                Listen = result.GetValue(listen),
                Style = StyleOption.Of(result.GetValue(style)!),
            },
            run, screen);
        return command;
    }

    private static Description Describe(string text) => Description.TryCreate(text, out Description description)
        ? description
        : throw new UsageException(
            $"--description: it has more than {Description.MostBytes} bytes, or control characters.");
}
