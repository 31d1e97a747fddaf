using System.CommandLine;

namespace Shoal.Cli.Parsing;

/// <summary>An option that knows its default as people write it, to be shown and read again.</summary>
internal sealed class DefaultedOption<T>(string name, string defaultText) : Option<T>(name), IDefaultText
{
    /// <inheritdoc/>
    public string DefaultText => defaultText;
}

/// <summary>What is known of an option without knowing the type of its value.</summary>
internal interface IDefaultText
{
    /// <summary>The default, as it is written on a command line.</summary>
    string DefaultText { get; }
}
