using System.Diagnostics.Metrics;

namespace Shoal.Hosts.Lottery;

/// <summary>What a lottery counts.</summary>
internal sealed class LotteryMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _batches;
    private readonly Counter<long> _bets;
    private readonly Counter<long> _refused;

    public LotteryMetrics(IMeterFactory? factory, Func<int> connections)
    {
        var options = new MeterOptions("Shoal.Lottery");
        _meter = factory?.Create(options) ?? new Meter(options);
        _batches = _meter.CreateCounter<long>("shoal.lottery.batches.stored", "{batch}");
        _bets = _meter.CreateCounter<long>("shoal.lottery.bets.stored", "{bet}");
        _refused = _meter.CreateCounter<long>("shoal.lottery.messages.refused", "{message}");
        _meter.CreateObservableUpDownCounter("shoal.lottery.connections", connections, "{connection}");
    }

    public void BatchStored(int bets)
    {
        _batches.Add(1);
        _bets.Add(bets);
    }

    public void MessageRefused() => _refused.Add(1);

    public void Dispose() => _meter.Dispose();
}
