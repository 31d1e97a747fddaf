using System.Diagnostics.CodeAnalysis;

namespace Shoal.Core.Edge.Tier;

/// <summary>
/// What edges hold or fill although no list says so, because somebody asked for it there. It has the room that lists
/// leave: what was asked for longest ago makes way, and what is still on a list needs its room first.
/// </summary>
internal sealed class TierSpares(TierCast cast)
{
    /// <summary>Somebody asked for a file; whether its edge has it or fills it already.</summary>
    public bool TryTouch(TierEdge edge, int file)
    {
        if (edge.Spares.Remove(file))
        {
            edge.Spares.Add(file);
            return true;
        }

        return edge.Asked.Contains(file) || edge.Copies.Contains(file)
            || cast.Flights.Contains(TierTransfer.Fill(edge.Member, file));
    }

    /// <summary>
    /// Makes room for a file that somebody asked for; false: there is none for it, and nothing is given up.
    /// </summary>
    public bool TryAdmit(TierEdge edge, int file, IList<TierEffect> effects)
    {
        long missing = cast.SizeOf(file) + cast.NeedKb(file) - FreeKb(edge);
        int[] givable = [.. edge.Rests.Where(rest => rest != file), .. edge.Spares];
        long own = edge.Rests.Contains(file) ? cast.SizeOf(file) : 0;
        if (cast.PassesBy.Contains(file) || cast.IsOnEdge(file)
            || missing - own > givable.Sum(each => (long)cast.SizeOf(each)))
        {
            return false;
        }

        edge.Rests.Remove(file);
        GiveUp(edge, givable, missing - own, effects);
        edge.Asked.Add(file);
        return true;
    }

    /// <summary>What is on a list by now is the plan's.</summary>
    public void Adopt()
    {
        HashSet<int> waiting = cast.Waiting();
        foreach (TierEdge edge in cast.Edges)
        {
            foreach (int file in edge.Spares.Where(waiting.Contains).ToArray())
            {
                if (!cast.IsOnEdge(file))
                {
                    edge.Spares.Remove(file);
                    edge.Copies.Add(file);
                }
            }

            foreach (int file in edge.Asked.Where(waiting.Contains).ToArray())
            {
                if (!cast.IsOnEdge(file))
                {
                    edge.Asked.Remove(file);
                    cast.Flights.Add(TierTransfer.Fill(edge.Member, file));
                }
            }
        }
    }

    /// <summary>Gives up what takes the room that lists need.</summary>
    public void MakeWay(IList<TierEffect> effects)
    {
        long need = cast.NeedKb(except: 0);
        foreach (TierEdge edge in cast.Edges)
        {
            GiveUp(edge, [.. edge.Spares], need - FreeKb(edge), effects);
        }
    }

    /// <summary>A fill has ended; false: it was for a list.</summary>
    public bool TryEnd(TierTransfer transfer)
    {
        if (!TryTakeAsked(transfer, out TierEdge? edge))
        {
            return false;
        }

        edge.Spares.Add(transfer.File);
        return true;
    }

    /// <summary>A fill cannot be ended; false: it was for a list.</summary>
    public bool TryFail(TierTransfer transfer, TierFault fault)
    {
        if (!TryTakeAsked(transfer, out TierEdge? edge))
        {
            return false;
        }

        if (fault == TierFault.Full)
        {
            edge.CapacityKb = cast.HeldKb(edge);
        }
        else
        {
            cast.PassesBy.Add(transfer.File);
        }

        return true;
    }

    /// <summary>A file is not what it was; whether an edge held it whole.</summary>
    public static bool Drop(TierEdge edge, int file)
    {
        edge.Asked.Remove(file);
        edge.Rests.Remove(file);
        return edge.Spares.Remove(file);
    }

    private long FreeKb(TierEdge edge) => edge.CapacityKb - cast.HeldKb(edge);

    private bool TryTakeAsked(TierTransfer transfer, [NotNullWhen(true)] out TierEdge? edge)
    {
        edge = cast.FindEdge(transfer.Edge);
        return transfer.Kind == TransferKind.Fill && edge?.Asked.Remove(transfer.File) == true;
    }

    private void GiveUp(TierEdge edge, int[] files, long kb, IList<TierEffect> effects)
    {
        foreach (int file in files.TakeWhile(_ => kb > 0))
        {
            kb -= cast.SizeOf(file);
            edge.Spares.Remove(file);
            edge.Rests.Remove(file);
            effects.Add(new TierEffect.GiveUp(edge.Member, file, null));
        }
    }
}
