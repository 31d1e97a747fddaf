using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.Lottery;

/// <summary>The flags that say where the bets lie; every command that reads or writes them has both.</summary>
internal sealed class StoreOptions
{
    private readonly Option<string?> _data = CommonOptions.Data();

    private readonly Option<string?> _store = CommonOptions.Text(
        "--store", "CONNECTION",
        "A PostgreSQL database instead of a folder, for several hubs: \"Host=...;Database=...;Username=...\"");

    /// <summary>Gives a command the flags.</summary>
    public StoreOptions(ShoalCommand command)
    {
        command.Add(_data);
        command.Add(_store);
        command.AddAlternatives(_data, _store);
    }

    /// <summary>What the flags said.</summary>
    public StoreChoice Of(ParseResult result)
    {
        string? folder = result.GetValue(_data);
        string? connection = result.GetValue(_store);
        if (folder is not null && connection is not null)
        {
            throw new UsageException("--store: the bets lie in a folder or in a database; give --data or --store.");
        }

        return new StoreChoice(connection is null ? folder ?? CommonOptions.DefaultData : null, connection);
    }
}
