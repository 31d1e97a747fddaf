using System.Collections;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.Configuration;

/// <summary>What all flags of a command are set to, and by whom.</summary>
internal sealed class EffectiveSettings
{
    private EffectiveSettings(IReadOnlyList<Setting> all, string? file)
    {
        All = all;
        FilePath = file;
    }

    /// <summary>No settings.</summary>
    public static EffectiveSettings None { get; } = new([], null);

    /// <summary>The flags that have a value, in the order of the help.</summary>
    public IReadOnlyList<Setting> All { get; }

    /// <summary>The file that was read; null: none.</summary>
    public string? FilePath { get; }

    /// <summary>The least that the console shows of the log.</summary>
    public LogLevel LogLevel => LogSetting?.Values[0] switch
    {
        "debug" => LogLevel.Debug,
        "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => LogLevel.Information,
    };

    private Setting? LogSetting => All.FirstOrDefault(one => one.Flag == GlobalOptions.LogLevelName);

    /// <summary>
    /// The same for a command whose console is for something else than its log: unless somebody asked for a level, it
    /// shows what the command says.
    /// </summary>
    public LogLevel LogLevelUnlessAsked(LogLevel unasked) =>
        LogSetting is null or { Source: Setting.FromDefault } ? unasked : LogLevel;

    /// <summary>What a command line, completed by its sources, comes to.</summary>
    public static EffectiveSettings Of(ParseResult result, SettingSources sources)
    {
        var all = new List<Setting>();
        foreach (Option option in SettingSources.OptionsOf(result.CommandResult.Command))
        {
            if (ValuesOf(result, option) is { Length: > 0 } values)
            {
                all.Add(new Setting(option.Name, values, sources.OriginOf(option)));
            }
        }

        return new EffectiveSettings(all, sources.FilePath);
    }

    /// <summary>Tells a log, without secrets.</summary>
    /// <param name="log">The log.</param>
    /// <param name="first">What stands before the flags, for programs that look for other names.</param>
    public void Log(ILogger log, params IEnumerable<(string Key, string Value)> first)
    {
        (string Key, string Value)[] all =
        [
            .. first,
            .. All.Select(one => (one.Key.Replace('-', '_'), string.Join(',', one.ShownValues))),
            .. FilePath is null ? ((string, string)[])[] : [("config", FilePath)],
        ];
        string template = string.Concat(all.Select(one => $" | {one.Key}: {{{one.Key}}}"));
        KeyValuePair<string, object?>[] values =
        [
            .. all.Select(one => new KeyValuePair<string, object?>(one.Key, one.Value)),
            new("{OriginalFormat}", $"action: config | result: success{template}"),
        ];
        log.Log(LogLevel.Information, default, values, null, static (_, _) => "");
    }

    private static string[] ValuesOf(ParseResult result, Option option)
    {
        OptionResult? found = result.GetResult(option);
        if (option.Arity.MaximumNumberOfValues == 0)
        {
            return [found is { Implicit: false } ? "true" : "false"];
        }

        if (found is { Implicit: false })
        {
            return [.. found.Tokens.Select(token => token.Value)];
        }

        if (option is IDefaultText known)
        {
            return [known.DefaultText];
        }

        return option.HasDefaultValue ? TextsOf(option.GetDefaultValue()) : [];
    }

    private static string[] TextsOf(object? value) => value switch
    {
        null => [],
        string text => [text],
        IEnumerable several => [.. several.Cast<object>().Select(TextOf)],
        _ => [TextOf(value)],
    };

    private static string TextOf(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
