namespace Shoal.Core.Edge;

/// <summary>From where to where a file goes.</summary>
public enum TransferKind
{
    /// <summary>Straight from the origin to a client.</summary>
    Direct,

    /// <summary>From the origin to an edge.</summary>
    Fill,

    /// <summary>From an edge to a client.</summary>
    Delivery,
}

/// <summary>A file on its way over one connection.</summary>
/// <param name="Kind">From where to where.</param>
/// <param name="Edge">Which edge takes part, from 0; -1: none.</param>
/// <param name="Client">Which client takes part, from 0; -1: none.</param>
/// <param name="File">The file, as <see cref="EdgeDemand"/> counts.</param>
public readonly record struct EdgeTransfer(TransferKind Kind, int Edge, int Client, int File)
{
    /// <summary>Straight from the origin to a client.</summary>
    public static EdgeTransfer Direct(int client, int file) => new(TransferKind.Direct, -1, client, file);

    /// <summary>From the origin to an edge.</summary>
    public static EdgeTransfer Fill(int edge, int file) => new(TransferKind.Fill, edge, -1, file);

    /// <summary>From an edge to a client.</summary>
    public static EdgeTransfer Delivery(int edge, int client, int file) =>
        new(TransferKind.Delivery, edge, client, file);
}
