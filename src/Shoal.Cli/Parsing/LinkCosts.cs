using System.Diagnostics.CodeAnalysis;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;

namespace Shoal.Cli.Parsing;

/// <summary>What each peer's link takes, as people write it: <c>6:0.6,7:0.7</c>, in milliseconds.</summary>
/// <param name="Model">The costs.</param>
internal readonly record struct LinkCosts(CostModel Model)
{
    /// <summary>Reads costs of two or more peers.</summary>
    public static bool TryParse(string text, out LinkCosts costs, [NotNullWhen(false)] out string? reason)
    {
        costs = default;
        if (!CostModel.TryParse(text, out CostModel? model, out reason))
        {
            return false;
        }

        if (model.Links.Length is < 2 or > StarShape.MostPeers)
        {
            reason = $"{model.Links.Length} pairs CHUNK:MESSAGE are for as many peers; a star has 2 to "
                + $"{StarShape.MostPeers}";
            return false;
        }

        costs = new LinkCosts(model);
        reason = null;
        return true;
    }

    /// <summary>As people write it: help shows the default with this.</summary>
    public override string ToString() => Model.ToString();
}
