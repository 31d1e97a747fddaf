using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Shoal.Core.Wire.Handshake;

/// <summary>
/// The secret that a hub and its members share: 32 random bytes. As text it is <c>shoal-key-</c> and 48
/// characters of base64url (RFC 4648): the bytes and the first four of their SHA-256, so that a slip of the
/// pen is found.
/// </summary>
public sealed class SwarmKey
{
    /// <summary>The size of a key in bytes.</summary>
    public const int Size = 32;

    private const string Prefix = "shoal-key-";
    private const int CheckSize = 4;

    private readonly byte[] _bytes;

    /// <summary>A key of given bytes, from a good source of randomness.</summary>
    /// <exception cref="ArgumentException">There are not <see cref="Size"/> of them.</exception>
    public SwarmKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"A key has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        }

        _bytes = bytes.ToArray();
    }

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads a key's text; white space around it does not matter.</summary>
    /// <param name="text">The text.</param>
    /// <param name="key">The key, if it is one.</param>
    /// <param name="reason">Else what is wrong with the text, for people. Never a part of it.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out SwarmKey? key, [NotNullWhen(false)] out string? reason)
    {
        key = null;
        reason = null;
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        if (!rest.StartsWith(Prefix, StringComparison.Ordinal))
        {
            reason = $"a key begins with {Prefix}";
            return false;
        }

        Span<byte> bytes = stackalloc byte[Size + CheckSize];
        rest = rest[Prefix.Length..];
        if (rest.Length != Base64Url.GetEncodedLength(bytes.Length)
            || Base64Url.DecodeFromChars(rest, bytes, out _, out int written) != OperationStatus.Done
            || written != bytes.Length)
        {
            reason = "the key is cut off, too long, or has a character that no key has";
            return false;
        }

        Span<byte> check = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Size], check);
        if (!check[..CheckSize].SequenceEqual(bytes[Size..]))
        {
            reason = "the key has a typing error";
            return false;
        }

        key = new SwarmKey(bytes[..Size]);
        return true;
    }

    /// <summary>The key's text: the secret itself.</summary>
    public string Reveal()
    {
        Span<byte> bytes = stackalloc byte[Size + CheckSize];
        Span<byte> check = stackalloc byte[SHA256.HashSizeInBytes];
        _bytes.CopyTo(bytes);
        SHA256.HashData(_bytes, check);
        check[..CheckSize].CopyTo(bytes[Size..]);
        return Prefix + Base64Url.EncodeToString(bytes);
    }

    /// <summary>Not the key: logs and exceptions may show this.</summary>
    public override string ToString() => $"{Prefix}(secret)";
}
