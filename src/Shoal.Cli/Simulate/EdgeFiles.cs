using System.Globalization;
using System.Runtime.InteropServices;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Edge;
using Shoal.Core.Randomness;

namespace Shoal.Cli.Simulate;

/// <summary>
/// The files and lists of a simulated tier for a live one: file n is <c>n.bin</c> and has n kb, 125 n bytes.
/// </summary>
internal static class EdgeFiles
{
    /// <summary>The folder below the one that is named, for the files.</summary>
    public const string Catalogue = "catalogue";

    private const int BytesPerKb = 125;

    /// <summary>Makes all of them; what is there with the right length stays.</summary>
    /// <exception cref="WorkFailedException">The disk will not have it.</exception>
    public static void Make(string folder, EdgeDemand demand)
    {
        try
        {
            string files = Path.Join(folder, Catalogue);
            Directory.CreateDirectory(files);
            for (int file = 0; file < demand.Files; file++)
            {
                MakeFile(Path.Join(files, NameOf(demand, file)), demand.Numbers[file], demand.Sizes[file]);
            }

            for (int client = 0; client < demand.Clients; client++)
            {
                File.WriteAllLines(Path.Join(folder, ListOf(client)), ListOf(demand, client));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"--make: {WriteFailure.OfFolder(folder, e)}", e);
        }
    }

    private static void MakeFile(string path, int number, int kilobits)
    {
        long length = (long)kilobits * BytesPerKb;
        if (File.Exists(path) && new FileInfo(path).Length == length)
        {
            return;
        }

        var random = new DeterministicRandom((ulong)number);
        var words = new ulong[(length + 7) / 8];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = random.Next();
        }

        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write);
        stream.Write(MemoryMarshal.AsBytes(words.AsSpan())[..(int)length]);
    }

    private static List<string> ListOf(EdgeDemand demand, int client)
    {
        var names = new List<string>();
        for (int request = demand.StartOf(client); request < demand.StartOf(client + 1); request++)
        {
            names.Add(NameOf(demand, demand.FileOf[request]));
        }

        return names;
    }

    private static string NameOf(EdgeDemand demand, int file) =>
        string.Create(CultureInfo.InvariantCulture, $"{demand.Numbers[file]}.bin");

    private static string ListOf(int client) => string.Create(CultureInfo.InvariantCulture, $"client{client + 1}.txt");
}
