using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Shoal.Cli.Configuration;

/// <summary>
/// Flags from a YAML file. A key is a flag without its dashes and counts for every command that has it; below a
/// command's name it counts for that command alone, and more than the general one.
/// </summary>
internal sealed class SettingsFile
{
    /// <summary>The size of a file at most, in bytes.</summary>
    public const int LargestSize = 1024 * 1024;

    private readonly string _path;
    private readonly YamlMappingNode? _top;

    private SettingsFile(string path, YamlMappingNode? top)
    {
        _path = path;
        _top = top;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="WorkFailedException">It cannot be read.</exception>
    /// <exception cref="UsageException">It has a key that is no flag, or is no such file at all.</exception>
    public static SettingsFile Read(string path, Command root)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(ReadText(path)));
        }
        catch (YamlException e)
        {
            throw new UsageException(
                $"--config: {path}, line {e.Start.Line}: {e.InnerException?.Message ?? e.Message}");
        }

        if (stream.Documents.Count == 0)
        {
            return new SettingsFile(path, null);
        }

        var file = new SettingsFile(path, stream.Documents[0].RootNode as YamlMappingNode
            ?? throw new UsageException($"--config: {path} is no list of 'flag: value' lines."));
        file.Check(file._top!, root);
        return file;
    }

    /// <summary>The values of a flag, and the line where they stand; null: it is not set.</summary>
    public (IReadOnlyList<string> Values, string Where)? Find(Command command, Option option)
    {
        (IReadOnlyList<string>, string)? found = null;
        YamlMappingNode? level = _top;
        foreach (string name in ShoalCommand.PathOf(command).Split(' ').Skip(1).Append(""))
        {
            if (level is null)
            {
                break;
            }

            if (Child(level, KeyOf(option)) is { } value and not YamlMappingNode)
            {
                found = (ValuesOf(value), $"line {value.Start.Line} of {_path}");
            }

            level = name.Length == 0 ? null : Child(level, name) as YamlMappingNode;
        }

        return found;
    }

    private void Check(YamlMappingNode level, Command command)
    {
        foreach ((YamlNode key, YamlNode value) in level.Children)
        {
            string name = KeyOf(key);
            if (value is YamlMappingNode below)
            {
                Command sub = command.Subcommands.FirstOrDefault(one => one.Name == name)
                    ?? throw Unknown(key, CommandMistakes.NoCommand(name, command));
                Check(below, sub);
            }
            else if ($"--{name}" == GlobalOptions.ConfigName)
            {
                throw Unknown(key, "a file with settings names no other one.");
            }
            else if (!FlagsBelow(command).Any(option => KeyOf(option) == name))
            {
                throw Unknown(key, CommandMistakes.NoFlag($"--{name}", command, FlagsBelow(command)));
            }
        }
    }

    private UsageException Unknown(YamlNode at, string why) =>
        new($"--config: {_path}, line {at.Start.Line}: {why}");

    private static IEnumerable<Option> FlagsBelow(Command command) =>
        SettingSources.OptionsOf(command).Concat(command.Subcommands.SelectMany(FlagsBelow));

    private static YamlNode? Child(YamlMappingNode level, string name)
    {
        foreach ((YamlNode key, YamlNode value) in level.Children)
        {
            if (KeyOf(key) == name)
            {
                return value;
            }
        }

        return null;
    }

    private static string KeyOf(Option option) => option.Name.TrimStart('-');

    private static string KeyOf(YamlNode key) => ((key as YamlScalarNode)?.Value ?? "").Replace('_', '-');

    private static string[] ValuesOf(YamlNode value) => value is YamlSequenceNode several
        ? [.. several.Children.Select(TextOf)]
        : [TextOf(value)];

    private static string TextOf(YamlNode value) => (value as YamlScalarNode)?.Value ?? "";

    private static string ReadText(string path)
    {
        try
        {
            return new FileInfo(path).Length <= LargestSize
                ? File.ReadAllText(path)
                : throw new WorkFailedException($"--config: {path} is larger than {LargestSize} bytes.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"--config: {ReadFailure.Of(path, e)}", e);
        }
    }
}
