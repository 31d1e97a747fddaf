using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Shoal.Core.Content;

/// <summary>
/// Names what a user offers as a whole, a file or a folder: the SHA-256 over its entries in the order of their names.
/// Whoever offers the same has the same id, so all of them are sources of it; the swarm in which they exchange it is
/// named by it.
/// </summary>
/// <param name="Value">The digest.</param>
public readonly record struct OfferId(Digest Value)
{
    /// <summary>The name that a single file has in its swarm, whatever each user calls it.</summary>
    public const string FileName = "content";

    private const string SwarmPrefix = "offer:";

    /// <summary>The first 12 hexadecimal digits: enough for people and logs, never for a decision.</summary>
    public string Brief => Value.ToString()[..12];

    /// <summary>The name of the swarm in which it is exchanged, and nothing else is.</summary>
    public string Swarm => SwarmPrefix + Value;

    /// <summary>The entries of a single file: its bytes count, neither its time nor its executable bit.</summary>
    public static ImmutableArray<SharedEntry> FileOf(ContentId content) =>
        [new SharedEntry.File(EntryName.Parse(FileName), content, 0, false)];

    /// <summary>The id of entries, in whatever order they are.</summary>
    public static OfferId Of(ImmutableArray<SharedEntry> entries)
    {
        //  for each entry: kind u8 (0 folder, 1 file, 2 executable file) | name length u16 | name
        //                  | for files: content id (32) | modified i64
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[Digest.Size];
        foreach (SharedEntry entry in entries.OrderBy(entry => entry.Name.Value, StringComparer.Ordinal))
        {
            byte[] name = Encoding.UTF8.GetBytes(entry.Name.Value);
            bytes[0] = entry is SharedEntry.File kind ? (byte)(kind.IsExecutable ? 2 : 1) : (byte)0;
            BinaryPrimitives.WriteUInt16BigEndian(bytes[1..], (ushort)name.Length);
            hash.AppendData(bytes[..3]);
            hash.AppendData(name);
            if (entry is SharedEntry.File file)
            {
                file.Content.Value.CopyTo(bytes);
                hash.AppendData(bytes);
                BinaryPrimitives.WriteInt64BigEndian(bytes, file.ModifiedAt);
                hash.AppendData(bytes[..8]);
            }
        }

        hash.GetHashAndReset(bytes);
        return new OfferId(new Digest(bytes));
    }

    /// <summary>Whether a swarm is that of an offer, and of which.</summary>
    public static bool TryParseSwarm([NotNullWhen(true)] string? swarm, out OfferId offer)
    {
        bool isOne = Digest.TryParse(
            swarm?.StartsWith(SwarmPrefix, StringComparison.Ordinal) == true ? swarm[SwarmPrefix.Length..] : null,
            out Digest digest);
        offer = new OfferId(digest);
        return isOne;
    }

    /// <summary>The id as 64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString();
}
