namespace Shoal.Core.Content;

/// <summary>
/// Names a content for everybody: the SHA-256 over its length, its chunk size and the digests of all its chunks,
/// as <see cref="Manifest"/> computes it. Equal ids mean equal bytes.
/// </summary>
/// <param name="Value">The digest.</param>
public readonly record struct ContentId(Digest Value)
{
    /// <summary>The first 12 hexadecimal digits: enough for people and logs, never for a decision.</summary>
    public string Brief => Value.ToString()[..12];

    /// <summary>The id as 64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString();
}
