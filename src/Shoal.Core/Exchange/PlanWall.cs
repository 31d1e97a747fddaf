using System.Collections.Immutable;

namespace Shoal.Core.Exchange;

/// <summary>Two peers of a plan who cannot reach each other.</summary>
/// <param name="One">The place of one of them among the shares, from 0.</param>
/// <param name="Other">The place of the other one, higher than that.</param>
public readonly record struct PlanWall(int One, int Other);

/// <summary>
/// How the bytes of one owner are dealt to distributors where not everybody can reach everybody: a row of the matrix
/// of owners and distributors, with zeros where a distributor would have to pass a wall.
/// </summary>
/// <param name="Owner">The owner's place among the shares, from 0.</param>
/// <param name="Shares">Bytes for each distributor, in the order of the shares; not all zero.</param>
public sealed record PlanRow(int Owner, ImmutableArray<double> Shares);
