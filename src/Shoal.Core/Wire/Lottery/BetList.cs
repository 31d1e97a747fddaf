using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Shoal.Core.Lottery;

namespace Shoal.Core.Wire.Lottery;

/// <summary>The bets of a body while it is read: whole, or the first fault.</summary>
internal sealed class BetList(AgencyId agency, DateOnly today)
{
    private readonly ImmutableArray<Bet>.Builder _bets = ImmutableArray.CreateBuilder<Bet>();

    /// <summary>The number of an agency that a bet does not name.</summary>
    public string Agency { get; } = agency.ToString();

    /// <summary>What is wrong; null: nothing so far.</summary>
    public BodyFault? Fault { get; private set; }

    /// <summary>Adds a bet, or finds its fault.</summary>
    public void Add(in BetFields fields)
    {
        if (_bets.Count == BatchBody.MostBets)
        {
            Fault = new BodyFault(Bet: null, Field: null, $"a batch has more than {BatchBody.MostBets} bets");
        }
        else if (!BetRules.TryRead(fields, today, out Bet? bet, out BetFault? fault))
        {
            Refuse(fault.Field, fault.ToString());
        }
        else if (bet.Agency != agency)
        {
            Refuse(BetField.Agency, $"agency is {bet.Agency}, not {agency} as in the address");
        }
        else
        {
            _bets.Add(bet);
        }
    }

    /// <summary>Notes that the next bet cannot be taken apart.</summary>
    public void Refuse(string reason) => Fault ??= new BodyFault(_bets.Count + 1, Field: null, reason);

    /// <summary>Notes that a field of the next bet is bad.</summary>
    public void Refuse(BetField field, string reason) => Fault ??= new BodyFault(_bets.Count + 1, field, reason);

    /// <summary>Notes that the body cannot be taken apart.</summary>
    public void RefuseAll(string reason) => Fault ??= new BodyFault(Bet: null, Field: null, reason);

    /// <summary>Gives the bets, all or none.</summary>
    public bool TryEnd(out ImmutableArray<Bet> bets, [NotNullWhen(false)] out BodyFault? fault)
    {
        if (_bets.Count == 0)
        {
            RefuseAll("there is no bet in the batch");
        }

        fault = Fault;
        bets = fault is null ? _bets.DrainToImmutable() : [];
        return fault is null;
    }
}
