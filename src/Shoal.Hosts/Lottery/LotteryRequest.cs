using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Shoal.Core.Lottery;

namespace Shoal.Hosts.Lottery;

/// <summary>What agencies say in a request beside their bets.</summary>
internal static class LotteryRequest
{
    /// <summary>How long an agency waits for the draw in one request, unless it names another time.</summary>
    public static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(30);

    /// <summary>How long an agency may wait for the draw in one request.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>Reads how long an agency wants to wait for the draw.</summary>
    public static bool TryReadWait(HttpRequest request, out TimeSpan wait)
    {
        wait = DefaultWait;
        string? text = request.Query["wait"];
        if (text is null)
        {
            return true;
        }

        bool isRead = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            && seconds <= LongestWait.TotalSeconds;
        wait = TimeSpan.FromSeconds(isRead ? seconds : 0);
        return isRead;
    }

    /// <summary>Reads what an agency says at its close that it has brought.</summary>
    /// <param name="body">The body.</param>
    /// <param name="counts">The counts; null: it does not say.</param>
    public static bool TryReadCounts(ReadOnlySpan<byte> body, out BroughtCounts? counts)
    {
        counts = null;
        if (body.IsEmpty)
        {
            return true;
        }

        try
        {
            CloseCounts? said = JsonSerializer.Deserialize(body, LotteryJson.Default.CloseCounts);
            if (said is { Batches: { } batches, Bets: { } bets })
            {
                counts = new BroughtCounts(batches, bets);
            }
        }
        catch (JsonException)
        {
            // The framework's reader knows no other way to say that it is no JSON.
        }

        return counts is not null;
    }
}
