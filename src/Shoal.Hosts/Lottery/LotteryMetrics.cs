using System.Diagnostics.Metrics;
using Shoal.Hosts.Common;

namespace Shoal.Hosts.Lottery;

/// <summary>What a lottery measures.</summary>
internal sealed class LotteryMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Shoal.Lottery";

    private readonly Meter _meter;
    private readonly Counter<long> _batches;
    private readonly Counter<long> _bets;
    private readonly Counter<long> _refused;

    /// <param name="factory">Makes and owns the meter; null: it is made here.</param>
    /// <param name="connections">How many connections are open now.</param>
    public LotteryMetrics(IMeterFactory? factory, Func<int> connections)
    {
        _meter = OpenMeter.Of(factory, MeterName);
        _batches = _meter.CreateCounter<long>("shoal.lottery.batches.stored", "{batch}", "Batches that were stored");
        _bets = _meter.CreateCounter<long>("shoal.lottery.bets.stored", "{bet}", "Bets of stored batches");
        _refused = _meter.CreateCounter<long>(
            "shoal.lottery.messages.refused", "{message}", "Messages and requests that were refused");
        _meter.CreateObservableUpDownCounter(
            "shoal.lottery.connections", connections, "{connection}", "Connections that are open");
    }

    public void BatchStored(int bets)
    {
        _batches.Add(1);
        _bets.Add(bets);
    }

    public void MessageRefused() => _refused.Add(1);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
