using System.Security.Cryptography;

namespace Shoal.Core.Wire.Handshake;

/// <summary>Who of the two ends of a connection proves something.</summary>
public enum Prover
{
    /// <summary>The end that dialled. It proves first.</summary>
    Initiator,

    /// <summary>The end that was dialled.</summary>
    Responder,
}

/// <summary>
/// Shows that an end knows the key without showing the key: HMAC-SHA256 (RFC 2104) over a label of the prover
/// and both hellos, as in challenge and response of ISO/IEC 9798-4.
/// </summary>
/// <remarks>
/// Both nonces are under the proof, so an old one never fits again; the labels differ, so neither end's proof
/// can be handed back as the other's; roles, versions and flags are under it too, so nobody in between can
/// have changed them.
/// </remarks>
public static class KeyProof
{
    /// <summary>The size of a proof in bytes.</summary>
    public const int Size = HMACSHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> InitiatorLabel => "shoal 1 initiator knows the key\0"u8;

    private static ReadOnlySpan<byte> ResponderLabel => "shoal 1 responder knows the key\0"u8;

    /// <summary>Computes a proof.</summary>
    /// <param name="key">The key.</param>
    /// <param name="prover">Whose proof.</param>
    /// <param name="initiator">The hello of the end that dialled.</param>
    /// <param name="responder">The hello of the end that was dialled.</param>
    /// <param name="proof">Gets the proof: its first <see cref="Size"/> bytes.</param>
    public static void Compute(
        SwarmKey key, Prover prover, Hello initiator, Hello responder, Span<byte> proof)
    {
        ReadOnlySpan<byte> label = prover == Prover.Initiator ? InitiatorLabel : ResponderLabel;
        Span<byte> text = stackalloc byte[InitiatorLabel.Length + (2 * Hello.Size)];
        label.CopyTo(text);
        initiator.Bytes.CopyTo(text[label.Length..]);
        responder.Bytes.CopyTo(text[(label.Length + Hello.Size)..]);
        HMACSHA256.HashData(key.Bytes, text, proof);
    }

    /// <summary>Checks a proof, in a time that does not depend on how wrong it is.</summary>
    public static bool Verify(
        SwarmKey key, Prover prover, Hello initiator, Hello responder, ReadOnlySpan<byte> proof)
    {
        Span<byte> expected = stackalloc byte[Size];
        Compute(key, prover, initiator, responder, expected);
        return CryptographicOperations.FixedTimeEquals(expected, proof);
    }
}
