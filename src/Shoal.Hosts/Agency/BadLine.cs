namespace Shoal.Hosts.Agency;

/// <summary>A line of an agency's file that is no bet.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Reason">What is wrong with it, for people.</param>
/// <param name="Bytes">The line without its end; of one that is too long the beginning.</param>
internal sealed record BadLine(long Number, string Reason, ReadOnlyMemory<byte> Bytes);
