using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Shoal.Bench.Aria2;

/// <summary>
/// Makes metainfo files (BEP 3) of single files, so that BitTorrent programs can take part.
/// </summary>
internal static class Metainfo
{
    private const int PieceLength = 256 * 1024;

    //  d 8:announce <url> 4:info d 6:length i<n>e 4:name <name> 12:piece length i<n>e 6:pieces <20 bytes each> e e
    /// <summary>Describes a file and returns the metainfo file's bytes.</summary>
    public static byte[] Of(string file, string announce)
    {
        using SafeFileHandle handle = File.OpenHandle(file);
        long length = RandomAccess.GetLength(handle);
        byte[] digests = Digests(handle, length);
        using var output = new MemoryStream();
        Write(output, $"d{Text("announce")}{Text(announce)}{Text("info")}d");
        Write(output, $"{Text("length")}i{length}e{Text("name")}{Text(Path.GetFileName(file))}");
        Write(output, $"{Text("piece length")}i{PieceLength}e{Text("pieces")}{digests.Length}:");
        output.Write(digests);
        Write(output, "ee");
        return output.ToArray();
    }

    private static byte[] Digests(SafeFileHandle file, long length)
    {
        int count = (int)((length + PieceLength - 1) / PieceLength);
        byte[] digests = new byte[count * SHA1.HashSizeInBytes];
        Parallel.For(0, count, () => new byte[PieceLength], (piece, _, buffer) =>
        {
            long offset = (long)piece * PieceLength;
            int read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(PieceLength, length - offset)), offset);
#pragma warning disable CA5350 // The protocol asks for SHA-1.
            SHA1.HashData(buffer.AsSpan(0, read), digests.AsSpan(piece * SHA1.HashSizeInBytes));
#pragma warning restore CA5350
            return buffer;
        }, _ => { });
        return digests;
    }

    private static string Text(string text) => $"{Encoding.UTF8.GetByteCount(text)}:{text}";

    private static void Write(Stream output, string text) => output.Write(Encoding.UTF8.GetBytes(text));
}
