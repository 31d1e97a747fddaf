namespace Shoal.Core.Relay;

/// <summary>A chunk that somebody waits for.</summary>
internal sealed class RelayChunk(int number, int bytes)
{
    public int Number { get; } = number;

    public int Bytes { get; } = bytes;

    /// <summary>Who wants it and is not being served.</summary>
    public List<RelayMember> Waiting { get; } = [];

    /// <summary>Whose turn it is to send it; null: nobody's yet.</summary>
    public RelayMember? Holder { get; set; }

    /// <summary>How many of those to whom it goes have not got it yet.</summary>
    public int Pending { get; set; }

    /// <summary>Who has got it, though it may not have said so yet.</summary>
    public HashSet<RelayMember> Served { get; } = [];

    public bool IsHere { get; set; }

    /// <summary>Whether it is asked of a holder that is late.</summary>
    public bool IsDelayed { get; set; }

    /// <summary>
    /// While it is on its way here, or here and nobody has got it yet: those for whom it was asked, who owe its bytes
    /// together.
    /// </summary>
    public RelayMember[] Debtors { get; set; } = [];
}
