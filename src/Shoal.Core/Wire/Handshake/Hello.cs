namespace Shoal.Core.Wire.Handshake;

/// <summary>What an end of a connection is.</summary>
public enum EndRole
{
    /// <summary>The hub; it only answers.</summary>
    Hub = 1,

    /// <summary>A member that talks to its hub.</summary>
    Member = 2,

    /// <summary>A peer that talks to another peer.</summary>
    Peer = 3,
}

/// <summary>
/// The first bytes on every connection, in both directions: which protocol, which role, with or without a
/// key, and a nonce that has never been used before.
/// </summary>
public sealed class Hello
{
    //  0               5           6         7          8                       40
    //  +---------------+-----------+---------+----------+-----------------------+
    //  | "SHOAL"       | version u8| role u8 | flags u8 | nonce (32)            |   flags 1: keyed
    //  +---------------+-----------+---------+----------+-----------------------+

    /// <summary>The size of a hello in bytes.</summary>
    public const int Size = 40;

    /// <summary>The size of a nonce in bytes.</summary>
    public const int NonceSize = 32;

    /// <summary>The version of the protocol that is spoken here.</summary>
    public const int Version = 4;

    private const int KeyedFlag = 1;

    private readonly byte[] _bytes;

    private Hello(byte[] bytes) => _bytes = bytes;

    /// <summary>A hello of this program.</summary>
    /// <param name="role">What the speaker is.</param>
    /// <param name="isKeyed">Whether it has a key and wants the other end to have the same.</param>
    /// <param name="nonce">Fresh random bytes, <see cref="NonceSize"/> of them.</param>
    /// <exception cref="ArgumentException">The nonce has another length.</exception>
    public Hello(EndRole role, bool isKeyed, ReadOnlySpan<byte> nonce)
    {
        if (nonce.Length != NonceSize)
        {
            throw new ArgumentException($"A nonce has {NonceSize} bytes.", nameof(nonce));
        }

        _bytes = [.. Magic, Version, (byte)role, (byte)(isKeyed ? KeyedFlag : 0), .. nonce];
    }

    /// <summary>Whether the first bytes of a connection, as many as have come, are those of a hello.</summary>
    public static bool IsBegun(ReadOnlySpan<byte> bytes) =>
        !bytes.IsEmpty && Magic.StartsWith(bytes[..Math.Min(bytes.Length, Magic.Length)]);

    /// <summary>The bytes that travel.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>What the speaker is.</summary>
    public EndRole Role => (EndRole)_bytes[6];

    /// <summary>Whether the speaker has a key and wants the other end to have the same.</summary>
    public bool IsKeyed => (_bytes[7] & KeyedFlag) != 0;

    private static ReadOnlySpan<byte> Magic => "SHOAL"u8;

    /// <summary>
    /// Reads a hello. What is wrong is found at the first wrong byte: nobody waits for the rest of something
    /// else.
    /// </summary>
    /// <param name="input">The first bytes of the connection, so far.</param>
    /// <param name="hello">The hello, when done.</param>
    /// <param name="refusal">What is wrong, when invalid.</param>
    public static DecodeStatus TryRead(
        ReadOnlySpan<byte> input, out Hello? hello, out HandshakeRefusal refusal)
    {
        hello = null;
        refusal = default;
        int magic = Math.Min(input.Length, Magic.Length);
        if (!input[..magic].SequenceEqual(Magic[..magic]))
        {
            refusal = HandshakeRefusal.NotShoal;
        }
        else if (input.Length > 5 && input[5] != Version)
        {
            refusal = HandshakeRefusal.OtherVersion;
        }
        else if ((input.Length > 6 && input[6] is < (byte)EndRole.Hub or > (byte)EndRole.Peer)
            || (input.Length > 7 && (input[7] & ~KeyedFlag) != 0))
        {
            refusal = HandshakeRefusal.Malformed;
        }
        else if (input.Length < Size)
        {
            return DecodeStatus.NeedMore;
        }
        else
        {
            hello = new Hello(input[..Size].ToArray());
            return DecodeStatus.Done;
        }

        return DecodeStatus.Invalid;
    }

    /// <summary>Whether two ends can go on to prove themselves to each other; null: they can.</summary>
    /// <param name="mine">What this end said.</param>
    /// <param name="theirs">What the other end said.</param>
    /// <param name="expected">The role that the other end must have.</param>
    public static HandshakeRefusal? Judge(Hello mine, Hello theirs, EndRole expected)
    {
        // An end that only repeats what it hears has no nonce of its own. Nonces are public: no need for
        // constant time.
        if (theirs.Bytes[^NonceSize..].SequenceEqual(mine.Bytes[^NonceSize..]))
        {
            return HandshakeRefusal.Reflected;
        }

        if (theirs.Role != expected)
        {
            return HandshakeRefusal.OtherRole;
        }

        if (mine.IsKeyed != theirs.IsKeyed)
        {
            return mine.IsKeyed ? HandshakeRefusal.OtherHasNoKey : HandshakeRefusal.OtherWantsKey;
        }

        return null;
    }
}
