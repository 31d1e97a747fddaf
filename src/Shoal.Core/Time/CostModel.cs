using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Shoal.Core.Time;

/// <summary>
/// The cost of everything that crosses a link, a pair a peer. Written as milliseconds, <c>6:0.6,7:0.7</c>, and kept
/// as whole nanoseconds: what is written in decimals is meant exactly.
/// </summary>
public sealed class CostModel
{
    /// <summary>No peer's chunk or message may take longer: sums of very many must fit into the clock.</summary>
    public static readonly VirtualTime MostCost = new(3_600_000_000_000);

    private const int NanosecondDigits = 6;

    private CostModel(ImmutableArray<LinkCost> links) => Links = links;

    /// <summary>The costs of the first peer, of the second, and so on.</summary>
    public ImmutableArray<LinkCost> Links { get; }

    /// <summary>A model of known costs.</summary>
    /// <param name="links">A pair a peer.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A cost is not positive, or more than <see cref="MostCost"/>.
    /// </exception>
    public static CostModel Of(ImmutableArray<LinkCost> links)
    {
        foreach (LinkCost link in links)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(link.Chunk, VirtualTime.Zero, nameof(links));
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(link.Message, VirtualTime.Zero, nameof(links));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(link.Chunk, MostCost, nameof(links));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(link.Message, MostCost, nameof(links));
        }

        return new CostModel(links);
    }

    /// <summary>Reads <c>CHUNK:MESSAGE,...</c> in milliseconds, a pair a peer.</summary>
    /// <param name="text">The text.</param>
    /// <param name="costs">The model, when the text is one.</param>
    /// <param name="reason">Else what is wrong with it.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out CostModel? costs, [NotNullWhen(false)] out string? reason)
    {
        costs = null;
        var links = ImmutableArray.CreateBuilder<LinkCost>();
        foreach (string pair in text.Split(',', StringSplitOptions.TrimEntries))
        {
            int colon = pair.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                reason = $"'{pair}' is not a pair CHUNK:MESSAGE of milliseconds, for example 6:0.6";
                return false;
            }

            if (!TryParseMilliseconds(pair[..colon], out VirtualTime chunk, out reason)
                || !TryParseMilliseconds(pair[(colon + 1)..], out VirtualTime message, out reason))
            {
                return false;
            }

            links.Add(new LinkCost(chunk, message));
        }

        costs = new CostModel(links.ToImmutable());
        reason = null;
        return true;
    }

    /// <summary>Reads one positive number of milliseconds, exactly.</summary>
    /// <param name="text">A decimal number, at most six digits behind the point.</param>
    /// <param name="cost">The cost.</param>
    /// <param name="reason">What is wrong with the text, when it is not one.</param>
    public static bool TryParseMilliseconds(
        string text, out VirtualTime cost, [NotNullWhen(false)] out string? reason)
    {
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign
            | NumberStyles.AllowExponent;
        cost = VirtualTime.Zero;
        if (!decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out decimal milliseconds))
        {
            reason = $"'{text}' is not a number of milliseconds";
        }
        else if (milliseconds <= 0)
        {
            reason = $"a cost of {text} ms is not positive; everything that crosses a link takes time";
        }
        else if (milliseconds > (decimal)MostCost.Milliseconds)
        {
            reason = $"a cost of {text} ms is more than the {MostCost.Milliseconds:0} ms that are allowed";
        }
        else if (decimal.Round(milliseconds, NanosecondDigits) != milliseconds)
        {
            reason = $"a cost of {text} ms is finer than a nanosecond; give at most six digits behind the point";
        }
        else
        {
            cost = new VirtualTime((long)(milliseconds * 1_000_000));
            reason = null;
            return true;
        }

        return false;
    }

    /// <summary>The model as <see cref="TryParse"/> reads it.</summary>
    public override string ToString() =>
        string.Join(',', Links.Select(link => $"{Text(link.Chunk)}:{Text(link.Message)}"));

    private static string Text(VirtualTime time) =>
        (time.Nanoseconds / 1_000_000m).ToString("0.######", CultureInfo.InvariantCulture);
}
