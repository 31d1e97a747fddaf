using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Shoal.Bench.Contest;

/// <summary>
/// Where a contest takes place: folders with the same files for each contestant, and the addresses of the
/// peers. In network namespaces every peer has an address and a prefix for its commands; on loopback they
/// share one.
/// </summary>
internal sealed class Arena
{
    private const int FirstPort = 21_000;

    private int _nextPort = FirstPort + (Environment.ProcessId % 1_000 * 20);

    /// <summary>The folder that everything is in.</summary>
    public required string Root { get; init; }

    /// <summary>How many peers there are.</summary>
    public required int Peers { get; init; }

    /// <summary>How many bytes each of them owns.</summary>
    public required long BytesPerPeer { get; init; }

    /// <summary>
    /// The name of the network namespace of each peer is this and its number from 1; null: loopback.
    /// </summary>
    public string? NamespacePrefix { get; init; }

    /// <summary>The subnet of the namespaces: peers are .1 and up, the hub is where the bench runs.</summary>
    public string Subnet { get; init; } = "10.77.0";

    /// <summary>The host number of the hub in the subnet.</summary>
    public int HubNumber { get; init; } = 254;

    /// <summary>All bytes that cross between peers in a run.</summary>
    public long MovedBytes => BytesPerPeer * Peers * (Peers - 1);

    /// <summary>The address of a peer, from 0.</summary>
    public string AddressOf(int peer) =>
        NamespacePrefix is null ? "127.0.0.1" : $"{Subnet}.{(peer + 1).ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The address of the hub.</summary>
    public string HubAddress =>
        NamespacePrefix is null ? "127.0.0.1" : $"{Subnet}.{HubNumber.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>A command, as a peer runs it.</summary>
    public IEnumerable<string> CommandOf(int peer, params IEnumerable<string> command) => NamespacePrefix is null
        ? command
        : ["ip", "netns", "exec", NamespacePrefix + (peer + 1).ToString(CultureInfo.InvariantCulture), .. command];

    /// <summary>The folder that a peer owns one file in and receives the others into.</summary>
    public string FolderOf(int peer) => Path.Combine(Root, "run", $"peer{peer + 1}");

    /// <summary>The name of the file that a peer owns.</summary>
    public static string FileOf(int owner) => $"file{owner + 1}.bin";

    /// <summary>The owned file itself.</summary>
    public string OriginalOf(int owner) => Path.Combine(Root, "own", FileOf(owner));

    /// <summary>Makes the owned files, of random bytes.</summary>
    public void MakeFiles()
    {
        Directory.CreateDirectory(Path.Combine(Root, "own"));
        Parallel.For(0, Peers, owner => RandomFile.Make(OriginalOf(owner), BytesPerPeer, (ulong)owner + 1));
    }

    /// <summary>Gives every peer its folder with only its own file in it.</summary>
    public void Reset()
    {
        string run = Path.Combine(Root, "run");
        if (Directory.Exists(run))
        {
            Directory.Delete(run, recursive: true);
        }

        for (int peer = 0; peer < Peers; peer++)
        {
            Directory.CreateDirectory(FolderOf(peer));
            Link(OriginalOf(peer), Path.Combine(FolderOf(peer), FileOf(peer)));
        }
    }

    /// <summary>Compares every file of every peer with its owner's.</summary>
    public void Check()
    {
        for (int peer = 0; peer < Peers; peer++)
        {
            for (int owner = 0; owner < Peers; owner++)
            {
                string file = Path.Combine(FolderOf(peer), FileOf(owner));
                if (!File.Exists(file) || !RandomFile.AreEqual(file, OriginalOf(owner)))
                {
                    throw new BenchFailure($"{file} is not what its owner has.");
                }
            }
        }
    }

    /// <summary>A port that nobody listens on now.</summary>
    public int NextPort()
    {
        while (true)
        {
            int port = _nextPort++;
            try
            {
                using var probe = new TcpListener(IPAddress.Any, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one may be free. The range ends at 65535, far behind the first.
            }
        }
    }

    // A hard link costs nothing, and the file's pages stay where they are.
    private static void Link(string original, string path)
    {
        using var link = System.Diagnostics.Process.Start("ln", [original, path]);
        link.WaitForExit();
        if (link.ExitCode != 0)
        {
            throw new BenchFailure($"{path} cannot be linked to {original}.");
        }
    }
}
