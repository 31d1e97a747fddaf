namespace Shoal.Bench.Contest;

/// <summary>What is exchanged in an arena, and where.</summary>
/// <param name="BytesPerPeer">How many bytes each peer owns.</param>
/// <param name="NamespacePrefix">Network namespaces of the peers begin so; null: all over loopback.</param>
internal sealed record ArenaShape(long BytesPerPeer, string? NamespacePrefix);
