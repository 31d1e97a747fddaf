namespace Shoal.Core.Exchange;

/// <summary>How many of the members present have each chunk, and how many chunks are with anybody.</summary>
internal sealed class SwarmHoldings(SwarmCatalog catalog)
{
    private ushort[] _availability = [];

    /// <summary>Wanted chunks that at least one member present has.</summary>
    public int CoveredChunks { get; private set; }

    public int AvailabilityOf(int chunk) => chunk < _availability.Length ? _availability[chunk] : 0;

    /// <summary>A member present has a chunk from now on; true if that is news.</summary>
    public bool Add(TrackerMember member, int chunk)
    {
        if (catalog.ContentOf(chunk).IsWithdrawn || !member.Has.Add(chunk))
        {
            return false;
        }

        if (chunk >= _availability.Length)
        {
            Array.Resize(ref _availability, Math.Max(catalog.ChunkCount, _availability.Length * 2));
        }

        member.HeldBytes += catalog.LengthOf(chunk);
        if (_availability[chunk]++ == 0)
        {
            CoveredChunks++;
        }

        return true;
    }

    /// <summary>A member has a chunk no longer.</summary>
    public void Remove(TrackerMember member, int chunk)
    {
        if (!member.Has.Remove(chunk))
        {
            return;
        }

        member.HeldBytes -= catalog.LengthOf(chunk);
        if (--_availability[chunk] == 0)
        {
            CoveredChunks--;
        }
    }

    /// <summary>A member has nothing any longer: it is gone, or about to say anew what it has.</summary>
    public void RemoveAll(TrackerMember member)
    {
        for (int chunk = member.Has.NextFrom(0); chunk >= 0; chunk = member.Has.NextFrom(chunk + 1))
        {
            Remove(member, chunk);
        }
    }

    /// <summary>Bytes that only this member has.</summary>
    public double SoleBytesOf(TrackerMember member)
    {
        double bytes = 0;
        for (int chunk = member.Has.NextFrom(0); chunk >= 0; chunk = member.Has.NextFrom(chunk + 1))
        {
            if (_availability[chunk] == 1)
            {
                bytes += catalog.LengthOf(chunk);
            }
        }

        return bytes;
    }
}
