using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Key;
using Shoal.Cli.Parsing;
using Shoal.Core.Members;
using Shoal.Core.Roster;

namespace Shoal.Cli.User;

/// <summary>Who asks which directory.</summary>
/// <param name="Hub">The directory.</param>
/// <param name="User">The user.</param>
/// <param name="LogFile">The log file, or null.</param>
internal sealed record UserAccess(EndpointText Hub, UserName User, string? LogFile)
{
    /// <summary>The key of a hub whose own door has one; none unless given.</summary>
    public KeySource Key { get; init; } = KeySource.None;
}

/// <summary>The options that say it.</summary>
internal sealed class UserAccessOptions
{
    private readonly Option<EndpointText> _hub = TypedOption.Required<EndpointText>(
        "--hub", "HOST:PORT", $"The directory; without a port, {CommonOptions.DefaultDirectoryPort}",
        DirectoryAddress.TryParse);

    private readonly Option<string?> _user = CommonOptions.Text("--user", "NAME", "The user who asks");

    private readonly Option<string?> _key = CommonOptions.Key();

    private readonly Option<string?> _log = CommonOptions.Log();

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        _user.Required = true;
        command.Add(_hub);
        command.Add(_user);
        command.Add(_log);
    }

    /// <summary>The same with the key, for a command that takes or gives files.</summary>
    public void AddWithKeyTo(Command command)
    {
        AddTo(command);
        command.Add(_key);
    }

    /// <summary>What they and the environment say, of a command that has the key too.</summary>
    public UserAccess Read(ParseResult result, Func<string, string?> environment) =>
        Read(result) with { Key = KeySource.From(result.GetValue(_key), environment) };

    /// <summary>What they say.</summary>
    public UserAccess Read(ParseResult result)
    {
        string text = result.GetValue(_user)!;
        return UserName.TryCreate(text, out UserName user)
            ? new UserAccess(result.GetValue(_hub), user, result.GetValue(_log))
            : throw new UsageException(
                $"--user: '{text}' can be no user; a name has 1 to {UserName.MostBytes} bytes and no blanks.");
    }
}
