namespace Shoal.Core.Edge.Tier;

/// <summary>An edge or a client, as the origin counts its connections, from 1; 0: nobody.</summary>
/// <param name="Value">The number.</param>
public readonly record struct TierMember(int Value);

/// <summary>A file on its way in a live tier, between members that may come and go.</summary>
/// <param name="Kind">From where to where.</param>
/// <param name="Edge">Which edge takes part; default: none.</param>
/// <param name="Client">Which client takes part; default: none.</param>
/// <param name="File">The file's number in the origin's catalogue.</param>
public readonly record struct TierTransfer(TransferKind Kind, TierMember Edge, TierMember Client, int File)
{
    /// <summary>Straight from the origin to a client.</summary>
    public static TierTransfer Direct(TierMember client, int file) =>
        new(TransferKind.Direct, default, client, file);

    /// <summary>From the origin to an edge.</summary>
    public static TierTransfer Fill(TierMember edge, int file) => new(TransferKind.Fill, edge, default, file);

    /// <summary>From an edge to a client.</summary>
    public static TierTransfer Delivery(TierMember edge, TierMember client, int file) =>
        new(TransferKind.Delivery, edge, client, file);

    /// <summary>Whether somebody sends or receives it.</summary>
    /// <param name="member">Who.</param>
    public bool Involves(TierMember member) => Edge == member || Client == member;
}
