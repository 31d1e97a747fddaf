using System.Collections.Immutable;
using Shoal.Core.Edge;
using Shoal.Core.Time;
using Shoal.Simulation.Edge;
using Shoal.Simulation.Exchange;
using Shoal.Tests.Edge;

namespace Shoal.Tests.Simulation;

/// <summary>The checker finds what is wrong with a trace that somebody has tampered with.</summary>
public sealed class EdgeCheckerTests
{
    private static readonly EdgeShape s_shape = new() { CapacityKb = 100 };
    private static readonly EdgeDemand s_demand = Demands.Of([60, 30], [60]);

    // File 60 by the first edge to both; 30 straight to the first client.
    private static readonly EdgeTraceEntry[] s_right =
    [
        Move(EdgeTransfer.Fill(0, 0), 0, 30),
        Move(EdgeTransfer.Delivery(0, 0, 0), 30, 50),
        Move(EdgeTransfer.Delivery(0, 1, 0), 30, 50),
        Move(EdgeTransfer.Direct(0, 1), 30, 60),
        new EdgeTraceEntry.Evicted(Ms(50), 0, 0),
    ];

    [Fact]
    public void A_right_trace_is_right_in_any_order()
    {
        Check(s_right);
        Check([.. s_right.Reverse()]);
    }

    [Theory]
    [InlineData(0, 0, 29, "takes no time to fill|as long as its share")]
    [InlineData(1, 29, 49, "sent before it is there")]
    [InlineData(1, 30, 51, "as long as its share")]
    [InlineData(3, 29, 59, "before its predecessor")]
    [InlineData(3, -1, 29, "ends before it starts")]
    public void What_comes_too_early_or_takes_another_time_is_found(int at, double start, double end, string error)
    {
        var one = (EdgeTraceEntry.Moved)s_right[at];
        Expect(error, s_right, at, one with { Start = Ms(start), End = Ms(end) });
    }

    [Fact]
    public void What_nobody_can_do_is_found()
    {
        Expect("from or to nobody", s_right, 3, Move(EdgeTransfer.Direct(2, 1), 30, 60));
        Expect("from or to nobody", s_right, 0, Move(EdgeTransfer.Fill(2, 0), 0, 30));
        Expect("from or to nobody", s_right, 3, Move(EdgeTransfer.Direct(0, 7), 30, 60));
        Expect("client 1 never gets file 30", s_right, 3, Move(EdgeTransfer.Fill(1, 1), 0, 15));
        Expect("is not wanted", [.. s_right, Move(EdgeTransfer.Direct(1, 1), 30, 60)]);
        Expect("is a second one", [.. s_right, Move(EdgeTransfer.Delivery(1, 0, 0), 60, 80)]);
        Expect("although it is there", [.. s_right, Move(EdgeTransfer.Fill(0, 0), 31, 61)]);
        Expect("while it is sent", s_right, 4, new EdgeTraceEntry.Evicted(Ms(49), 0, 0));
        Expect("although it is not there", s_right, 4, new EdgeTraceEntry.Evicted(Ms(50), 1, 0));
        Expect("does not exist", s_right, 4, new EdgeTraceEntry.Evicted(Ms(50), 0, 9));
    }

    [Fact]
    public void Two_on_one_connection_have_half_of_it_each()
    {
        EdgeDemand demand = Demands.Of([60, 30]);
        EdgeTraceEntry[] shared = [Move(EdgeTransfer.Direct(0, 0), 0, 90), Move(EdgeTransfer.Direct(0, 1), 0, 60)];
        Check(shared, demand);
        Assert.Contains("second direct transfer", Error(shared, demand, new() { Limit = DirectLimit.One }),
            StringComparison.Ordinal);
        EdgeTraceEntry[] greedy = [Move(EdgeTransfer.Direct(0, 0), 0, 60), Move(EdgeTransfer.Direct(0, 1), 0, 30)];
        Assert.Contains("its share", Error(greedy, demand, new()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fill_counts_from_its_start_until_it_is_given_up()
    {
        EdgeDemand demand = Demands.Of([60, 50]);
        EdgeTraceEntry[] trace =
        [
            Move(EdgeTransfer.Fill(0, 0), 0, 30), Move(EdgeTransfer.Delivery(0, 0, 0), 30, 50),
            Move(EdgeTransfer.Fill(0, 1), 30, 55), Move(EdgeTransfer.Delivery(0, 0, 1), 55, 55 + (50.0 / 3)),
        ];
        Assert.Contains("only 100 kb have room", Error(trace, demand, new()), StringComparison.Ordinal);
        Check(trace, demand, s_shape with { CapacityKb = 110 });
        EdgeTraceEntry[] before = [.. trace[1..2], new EdgeTraceEntry.Evicted(Ms(50), 0, 0),
            Move(EdgeTransfer.Fill(0, 1), 50, 75), Move(EdgeTransfer.Delivery(0, 0, 1), 75, 75 + (50.0 / 3))];
        new EdgeChecker(s_shape, demand, new() { Prefilled = [0, -1] }).Check([.. before]);
    }

    [Fact]
    public void A_free_order_may_start_as_it_likes()
    {
        EdgeDemand demand = Demands.Of([60, 30]);
        EdgeTraceEntry[] trace = [Move(EdgeTransfer.Direct(0, 1), 0, 30), Move(EdgeTransfer.Direct(0, 0), 30, 90)];
        Assert.Contains("before its predecessor", Error(trace, demand, new()), StringComparison.Ordinal);
        new EdgeChecker(s_shape, demand, new() { Order = ListOrder.Free }).Check([.. trace]);
    }

    private static void Check(EdgeTraceEntry[] trace, EdgeDemand? demand = null, EdgeShape? shape = null) =>
        new EdgeChecker(shape ?? s_shape, demand ?? s_demand, new()).Check([.. trace]);

    private static string Error(EdgeTraceEntry[] trace, EdgeDemand demand, EdgePlanOptions options)
    {
        ImmutableArray<EdgeTraceEntry> all = [.. trace];
        return Assert.Throws<BrokenRuleException>(() => new EdgeChecker(s_shape, demand, options).Check(all)).Message;
    }

    private static void Expect(string errors, EdgeTraceEntry[] trace)
    {
        string message = Error(trace, s_demand, new());
        Assert.True(errors.Split('|').Any(error => message.Contains(error, StringComparison.Ordinal)), message);
    }

    private static void Expect(string errors, EdgeTraceEntry[] right, int at, EdgeTraceEntry wrong) =>
        Expect(errors, [.. right[..at], wrong, .. right[(at + 1)..]]);

    private static EdgeTraceEntry.Moved Move(EdgeTransfer transfer, double start, double end) =>
        new(Ms(start), Ms(end), transfer);

    private static VirtualTime Ms(double milliseconds) => new((long)Math.Ceiling(milliseconds * 1_000_000));
}
