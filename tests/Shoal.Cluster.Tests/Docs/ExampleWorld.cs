using System.Globalization;
using System.Text;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Docs;

/// <summary>What is there before somebody types the first line of a page: files that commands name.</summary>
internal static class ExampleWorld
{
    /// <summary>What the list of <see cref="Wishes"/> asks for, as <c>fetch --list -</c> reads it.</summary>
    public const string Wishes = "film 1.avi\nfilm 3.avi\n";

    /// <summary>What somebody types in a shell.</summary>
    public const string Commands =
        "REGISTER carl\nCONNECT carl\nLIST_USERS\nDISCONNECT carl\nUNREGISTER carl\nQUIT\n";

    private const int Films = 6;
    private const int Trailers = 2;

    /// <summary>A bet in the environment, as an agency's own program leaves it there.</summary>
    public static readonly IReadOnlyList<(string Name, string Value)> Bet =
    [
        ("NOMBRE", "Ana"), ("APELLIDO", "Paz"), ("DOCUMENTO", "30904465"), ("NACIMIENTO", "1999-03-17"),
        ("NUMERO", "7574"),
    ];

    /// <summary>Writes the lists that commands read.</summary>
    public static void Write(Scratch scratch)
    {
        Write(scratch, "tonight.txt", Wishes);
        Write(scratch, "commands.txt", Commands);
        Write(scratch, "spring.txt", "1\n2\n3\n");
        for (int i = 2; i <= 4; i++)
        {
            Write(scratch, $"only-{i}.txt", $"{i}\n");
        }
    }

    /// <summary>Fills an origin's folder.</summary>
    public static void WriteCatalogue(Scratch scratch, string folder)
    {
        for (int i = 1; i <= Films; i++)
        {
            scratch.Write($"{folder}/film {i}.avi", (ulong)i, 100_000 * i);
        }

        for (int i = 1; i <= Trailers; i++)
        {
            scratch.Write($"{folder}/trailer {i}.mp4", (ulong)i, 50_000 * i);
        }
    }

    /// <summary>How many files of the catalogue a client gets who wants these.</summary>
    public static int CountOf(string list) => list switch
    {
        "*.avi" => Films,
        "*.mp4" => Trailers,
        _ => Wishes.Count(c => c == '\n'),
    };

    /// <summary>How many agencies must close before the draw of these words is held.</summary>
    public static int AgenciesOf(Scratch scratch, IReadOnlyList<string> words) =>
        words.ValueOf("--roster") is { } roster
            ? File.ReadLines(scratch[roster]).Count()
            : int.Parse(words.ValueOf("--agencies") ?? "5", CultureInfo.InvariantCulture);

    private static void Write(Scratch scratch, string name, string text) =>
        scratch.Write(name, Encoding.UTF8.GetBytes(text));
}
