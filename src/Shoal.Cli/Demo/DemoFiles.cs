using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Shoal.Core.Randomness;

namespace Shoal.Cli.Demo;

/// <summary>
/// The files of a demo: made from a random seed, and found again at the end on every peer, byte by byte.
/// </summary>
internal sealed class DemoFiles(DemoArguments arguments, SwarmFolders folders)
{
    private const int BufferSize = 1 << 20;

    private readonly byte[][] _digests = new byte[arguments.Peers][];

    /// <summary>Makes every peer's own file.</summary>
    /// <param name="done">Is told after each file, one at a time or several at once.</param>
    /// <param name="cancellation">Stops it.</param>
    public Task MakeAsync(Action done, CancellationToken cancellation) => Parallel.ForAsync(
        0, arguments.Peers, cancellation, (peer, token) =>
        {
            string file = Path.Combine(folders.OfPeer(peer), DemoPeer.FileOf(peer));
            _digests[peer] = Make(file, arguments.BytesPerPeer, SeedOf(peer), token);
            done();
            return ValueTask.CompletedTask;
        });

    /// <summary>Compares every file of every peer with what its owner made, by SHA-256.</summary>
    /// <param name="done">Is told after each file, one at a time or several at once.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What is wrong, a sentence each; empty: nothing.</returns>
    public async Task<IReadOnlyList<string>> CheckAsync(Action done, CancellationToken cancellation)
    {
        string?[] problems = new string?[arguments.Peers * arguments.Peers];
        await Parallel.ForAsync(0, problems.Length, cancellation, (i, token) =>
        {
            problems[i] = ProblemOf(i / arguments.Peers, i % arguments.Peers, token);
            done();
            return ValueTask.CompletedTask;
        });
        return [.. problems.OfType<string>(), .. Enumerable.Range(0, arguments.Peers).SelectMany(Strangers)];
    }

    /// <summary>Makes a file out of a random seed.</summary>
    /// <returns>Its SHA-256.</returns>
    public static byte[] Make(string path, long length, ulong randomSeed, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        var random = new DeterministicRandom(randomSeed);
        for (long left = length; left > 0; left -= buffer.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (ref ulong word in MemoryMarshal.Cast<byte, ulong>(buffer.AsSpan()))
            {
                word = random.Next();
            }

            ReadOnlySpan<byte> bytes = buffer.AsSpan(0, (int)Math.Min(buffer.Length, left));
            hash.AppendData(bytes);
            file.Write(bytes);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>The SHA-256 of a file.</summary>
    public static byte[] Hash(string path, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        int count;
        while ((count = file.Read(buffer)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, count);
        }

        return hash.GetHashAndReset();
    }

    private ulong SeedOf(int peer) => DeterministicRandom.Mix(arguments.RandomSeed) + (ulong)peer;

    private string? ProblemOf(int holder, int owner, CancellationToken cancellation)
    {
        string name = DemoPeer.FileOf(owner);
        try
        {
            return Hash(Path.Combine(folders.OfPeer(holder), name), cancellation).SequenceEqual(_digests[owner])
                ? null
                : $"{DemoPeer.NameOf(holder)} has a {name} that differs from its owner's";
        }
        catch (FileNotFoundException)
        {
            return $"{DemoPeer.NameOf(holder)} has no {name}";
        }
    }

    private IEnumerable<string> Strangers(int peer) => Directory.EnumerateFiles(folders.OfPeer(peer))
        .Select(path => Path.GetFileName(path))
        .Except(Enumerable.Range(0, arguments.Peers).Select(DemoPeer.FileOf))
        .Select(name => $"{DemoPeer.NameOf(peer)} has a file that nobody shared: {name}");
}
