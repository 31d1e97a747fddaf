using System.Collections.Immutable;

namespace Shoal.Core.Edge.Tier;

/// <summary>A fact that an <see cref="EdgeTier"/> is told.</summary>
public abstract record TierEvent
{
    private TierEvent()
    {
    }

    /// <summary>A file of the catalogue has a number from now on.</summary>
    /// <param name="File">Its number.</param>
    /// <param name="Kb">Its size in kb, from 1 to <see cref="EdgeDemand.MostKb"/>.</param>
    public sealed record Named(int File, int Kb) : TierEvent;

    /// <summary>An edge is here.</summary>
    /// <param name="Edge">The edge.</param>
    /// <param name="Name">Its name: members are planned for in the order of their names.</param>
    /// <param name="CapacityKb">What it holds at most.</param>
    /// <param name="Copies">The files of the catalogue that it holds; all that it holds is within its capacity.</param>
    /// <param name="Rests">Those that it began to fill and holds in part.</param>
    public sealed record EdgeJoined(
        TierMember Edge, string Name, long CapacityKb, ImmutableArray<int> Copies, ImmutableArray<int> Rests)
        : TierEvent;

    /// <summary>A client is here; what it wants follows.</summary>
    /// <param name="Client">The client.</param>
    /// <param name="Name">Its name, as with edges.</param>
    /// <param name="Order">Whether its files start in the order of its list.</param>
    public sealed record ClientJoined(TierMember Client, string Name, ListOrder Order) : TierEvent;

    /// <summary>A client wants files, behind those that it wanted before; what it wanted already is left out.</summary>
    /// <param name="Client">The client.</param>
    /// <param name="Files">The files, in order.</param>
    public sealed record Wants(TierMember Client, ImmutableArray<int> Files) : TierEvent;

    /// <summary>A client has said all that it wants for now.</summary>
    /// <param name="Client">The client.</param>
    public sealed record Ready(TierMember Client) : TierEvent;

    /// <summary>A member is gone, with all that was on its way to it or from it.</summary>
    /// <param name="Member">The member.</param>
    public sealed record Left(TierMember Member) : TierEvent;

    /// <summary>Somebody who has no list asks for a file at an edge.</summary>
    /// <param name="Edge">The edge.</param>
    /// <param name="File">The file.</param>
    public sealed record Asked(TierMember Edge, int File) : TierEvent;

    /// <summary>A part of a file that an edge has no room for was sent to it, for whoever asked there.</summary>
    /// <param name="Kb">How much, in kb.</param>
    public sealed record Passed(int Kb) : TierEvent;

    /// <summary>All of a transfer has arrived, and is right.</summary>
    /// <param name="Transfer">The transfer.</param>
    public sealed record Ended(TierTransfer Transfer) : TierEvent;

    /// <summary>A transfer cannot be ended.</summary>
    /// <param name="Transfer">The transfer.</param>
    /// <param name="Fault">Why.</param>
    public sealed record Failed(TierTransfer Transfer, TierFault Fault) : TierEvent;

    /// <summary>The origin no longer has a file as it was.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Successor">What has its name now; 0: nothing.</param>
    public sealed record Replaced(int File, int Successor) : TierEvent;

    /// <summary>The answer to <see cref="TierEffect.Plan"/>.</summary>
    /// <param name="Draft">What was planned.</param>
    /// <param name="Setup">With the plan.</param>
    public sealed record Planned(TierDraft Draft, EdgeSetup Setup) : TierEvent;

    /// <summary>Some time has passed; said several times a second.</summary>
    public sealed record Tick : TierEvent;
}

/// <summary>Why a transfer cannot be ended.</summary>
public enum TierFault
{
    /// <summary>The two ends do not reach each other, or the sender has lost the file.</summary>
    Lost,

    /// <summary>The sender sent a chunk whose hash was wrong.</summary>
    Corrupt,

    /// <summary>The receiver's disk is full or fails.</summary>
    Full,
}
