using System.Text;
using Shoal.Core.Lottery;

namespace Shoal.Tests.Lottery;

/// <summary>What a lottery keeps, said with lists and nothing else: slow and obvious.</summary>
internal sealed class PlainLottery(int agencies)
{
    private readonly List<BatchOffer> _stored = [];
    private readonly HashSet<int> _closed = [];
    private bool _isHeld;

    public DrawTerms Terms { get; } = new(
        DrawName.Default, [.. Enumerable.Range(1, agencies).Select(one => new AgencyId(one))],
        DrawTerms.DefaultWinningNumber);

    public string Offer(BatchOffer offer)
    {
        if (offer.Agency.Value > agencies)
        {
            return "refused";
        }

        List<BatchOffer> own = [.. _stored.Where(one => one.Agency == offer.Agency)];
        int repeated = offer.Identity switch
        {
            BatchIdentity.Numbered numbered => Same(own, (int)numbered.Number, offer),
            BatchIdentity.InReplay replay => Same(own, (int)replay.Number, offer),
            BatchIdentity.First => 1 + own.FindIndex(one => IsSame(one, offer)),
            _ => 0,
        };
        if (repeated > 0)
        {
            return $"repeated {repeated}";
        }

        bool isInOrder = offer.Identity is not BatchIdentity.Numbered { Number: var number } || number == own.Count + 1;
        bool isOvertaken = offer.Identity is BatchIdentity.New { After: { } after } && after != own.Count;
        if (!isInOrder || isOvertaken || _closed.Contains(offer.Agency.Value))
        {
            return "refused";
        }

        _stored.Add(offer);
        return $"stored {own.Count + 1}";
    }

    public string Close(int agency)
    {
        if (agency > agencies)
        {
            return "refused";
        }

        if (!_closed.Add(agency))
        {
            return "repeated";
        }

        _isHeld = _closed.Count == agencies;
        return _isHeld ? "held" : "closed";
    }

    public string Winners(int agency)
    {
        if (agency > agencies)
        {
            return "refused";
        }

        return _isHeld
            ? string.Join(' ', Rows().Split("\r\n").Select(row => row.Split(','))
                .Where(row => row[0] == $"{agency}" && row[^1] == "7574").Select(row => row[3]))
            : "wait";
    }

    public bool Reopen()
    {
        bool wasHeld = _isHeld;
        if (wasHeld)
        {
            _closed.Clear();
            _isHeld = false;
        }

        return wasHeld;
    }

    public BroughtCounts CountsOf(int agency)
    {
        BatchOffer[] own = [.. _stored.Where(one => one.Agency.Value == agency)];
        return new BroughtCounts(own.Length, own.Sum(one => one.Rows.Bets));
    }

    public string Rows() => string.Concat(_stored.Select(one => Encoding.UTF8.GetString(one.Rows.Bytes)));

    private static int Same(List<BatchOffer> own, int number, BatchOffer offer) =>
        number <= own.Count && IsSame(own[number - 1], offer) ? number : 0;

    private static bool IsSame(BatchOffer one, BatchOffer other) =>
        one.Rows.Bytes.AsSpan().SequenceEqual(other.Rows.Bytes);
}
