using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Edge;

namespace Shoal.Cli.Simulate;

/// <summary>The lists of <c>shoal simulate edge</c>, from a file or drawn.</summary>
internal static class EdgeLists
{
    /// <summary>How many clients there are unless somebody says otherwise.</summary>
    public const int DefaultClients = 4;

    private const int MostMegabytes = 16;

    /// <summary>What the clients want.</summary>
    /// <exception cref="WorkFailedException">The file cannot be read, or its lists are wrong.</exception>
    public static EdgeDemand Of(EdgeArguments arguments) => EdgeDemand.Of(arguments.Lists is { } path
        ? Checked(path, Read(path), arguments)
        : EdgeDemand.Draw(
            arguments.RandomSeed, arguments.Files, arguments.Clients ?? DefaultClients, arguments.PerClient));

    private static int[]?[] Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read);
            if (stream.Length > MostMegabytes * 1_000_000)
            {
                throw new WorkFailedException($"--lists: {path} has more than {MostMegabytes} MB; give shorter lists.");
            }

            return JsonSerializer.Deserialize(stream, EdgeListsJson.Default.Int32ArrayArray) ?? [];
        }
        catch (JsonException e)
        {
            throw new WorkFailedException(
                $"--lists: {path} is not an array of arrays of file numbers, such as [[3,1],[2,3]]: line "
                + $"{e.LineNumber + 1} is wrong.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"--lists: {ReadFailure.Of(path, e)}", e);
        }
    }

    private static ImmutableArray<ImmutableArray<int>> Checked(string path, int[]?[] lists, EdgeArguments arguments)
    {
        if (lists.Length is 0 or > EdgeShape.MostClients || (arguments.Clients ?? lists.Length) != lists.Length)
        {
            throw new WorkFailedException(
                $"--lists: {path} has {lists.Length} lists, for {arguments.Clients ?? EdgeShape.MostClients} clients "
                + (arguments.Clients is null ? "at most." : "exactly."));
        }

        long kilobits = 0;
        long count = 0;
        for (int client = 0; client < lists.Length; client++)
        {
            var seen = new HashSet<int>();
            foreach (int number in lists[client] ?? [])
            {
                if (number < 1 || number > arguments.Files)
                {
                    throw new WorkFailedException(
                        $"--lists: list {client + 1} of {path} names file {number}, which is not in the catalogue; it "
                        + $"has files 1 to {arguments.Files}. Mend the list, or give more --files.");
                }

                if (!seen.Add(number))
                {
                    throw new WorkFailedException(
                        $"--lists: list {client + 1} of {path} names file {number} twice; a client gets a file once.");
                }

                kilobits += number;
                count++;
            }
        }

        return count <= EdgeDemand.MostRequests && kilobits <= EdgeDemand.MostWantedKb
            ? [.. lists.Select(list => list is null ? [] : list.ToImmutableArray())]
            : throw new WorkFailedException(
                $"--lists: {path} wants too much; at most {EdgeDemand.MostRequests} entries and "
                + $"{EdgeDemand.MostWantedKb} kb in all.");
    }
}

[JsonSerializable(typeof(int[][]))]
internal sealed partial class EdgeListsJson : JsonSerializerContext;
