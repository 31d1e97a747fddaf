using System.Runtime.InteropServices;
using Shoal.Core.Randomness;

namespace Shoal.Bench;

/// <summary>
/// Files of random bytes: the same random seed, the same bytes, as fast as a disk takes them.
/// </summary>
internal static class RandomFile
{
    private const int BufferSize = 1 << 20;

    /// <summary>Makes a file, or replaces it.</summary>
    public static void Make(string path, long length, ulong randomSeed)
    {
        using FileStream stream = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(buffer.AsSpan());
        ulong state = DeterministicRandom.Mix(randomSeed);
        for (long written = 0; written < length; written += buffer.Length)
        {
            for (int i = 0; i < words.Length; i++)
            {
                state += 0x9E3779B97F4A7C15;
                words[i] = DeterministicRandom.Mix(state);
            }

            stream.Write(buffer, 0, (int)Math.Min(buffer.Length, length - written));
        }
    }

    /// <summary>Whether two files have the same bytes.</summary>
    public static bool AreEqual(string one, string other)
    {
        using FileStream a = new(one, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using FileStream b = new(other, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (a.Length != b.Length)
        {
            return false;
        }

        byte[] left = new byte[BufferSize];
        byte[] right = new byte[BufferSize];
        int count;
        while ((count = a.ReadAtLeast(left, left.Length, throwOnEndOfStream: false)) > 0)
        {
            if (b.ReadAtLeast(right.AsSpan(0, count), count, throwOnEndOfStream: false) != count
                || !left.AsSpan(0, count).SequenceEqual(right.AsSpan(0, count)))
            {
                return false;
            }
        }

        return true;
    }
}
