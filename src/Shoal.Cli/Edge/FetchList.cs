using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Hosts.Common;
using Shoal.Hosts.Edge;

namespace Shoal.Cli.Edge;

/// <summary>The list of <c>shoal fetch</c>: a name a line; a name that comes again counts once.</summary>
internal static class FetchList
{
    /// <summary>A list may have so many different names.</summary>
    public const int MostNames = EdgeDemand.MostRequests;

    private const int NamesAtOnce = 10_000;

    /// <summary>Reads a list as it comes.</summary>
    /// <param name="list">A file, a glob, or <c>-</c> for the input.</param>
    /// <param name="input">
    /// The input; a read of it must not keep its caller, as one of <see cref="Console.In"/> does.
    /// </param>
    /// <exception cref="WorkFailedException">It cannot be read, or a line is no name.</exception>
    public static IAsyncEnumerable<FetchWish> Of(string list, TextReader input)
    {
        if (list == "-")
        {
            return ReadAsync("standard input", input);
        }

        if (!File.Exists(list) && list.IndexOfAny(['*', '?']) >= 0)
        {
            return One(new FetchWish.Like(list));
        }

        try
        {
            return ReadAsync(list, new StreamReader(list));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"--list: {ReadFailure.Of(list, e)}", e);
        }
    }

    private static async IAsyncEnumerable<FetchWish> One(FetchWish wish)
    {
        await Task.CompletedTask;
        yield return wish;
    }

    private static async IAsyncEnumerable<FetchWish> ReadAsync(
        string where, TextReader reader, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using TextReader owned = reader;
        var seen = new HashSet<EntryName>();
        var names = ImmutableArray.CreateBuilder<EntryName>();
        for (int line = 1; ; line++)
        {
            // What has come so far is not kept waiting for a line that may take its time.
            Task<string?> next = reader.ReadLineAsync(cancellation).AsTask();
            if (names.Count > 0 && (names.Count == NamesAtOnce || !next.IsCompleted))
            {
                yield return new FetchWish.Names(names.DrainToImmutable());
            }

            // Whoever stops does not wait for a line either: a read of a terminal or a pipe cannot be cancelled.
            if (await next.WaitAsync(cancellation) is not { } text)
            {
                break;
            }

            if (Parse(where, line, text) is { } name && seen.Add(name))
            {
                names.Add(name);
            }

            if (seen.Count > MostNames)
            {
                throw new HostException(
                    $"--list: {where} has more than {MostNames} different names; fetch them by several lists.");
            }
        }

        if (names.Count > 0)
        {
            yield return new FetchWish.Names(names.DrainToImmutable());
        }
    }

    private static EntryName? Parse(string where, int line, string text)
    {
        string trimmed = text.TrimEnd('\r');
        if (trimmed.Length == 0)
        {
            return null;
        }

        return EntryName.TryParse(trimmed, out EntryName name, out string? reason)
            ? name
            : throw new HostException($"--list: line {line} of {where} is no name: {reason}.");
    }
}
