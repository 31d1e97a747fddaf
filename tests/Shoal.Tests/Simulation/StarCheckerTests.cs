using Shoal.Core.Relay.Star;
using Shoal.Core.Time;
using Shoal.Simulation.Exchange;
using Shoal.Simulation.Relay;
using Shoal.Tests.Relay;

namespace Shoal.Tests.Simulation;

/// <summary>The checker finds what is wrong with a trace that somebody has tampered with.</summary>
public sealed class StarCheckerTests
{
    private const OccupationKind Request = OccupationKind.Request;
    private const OccupationKind Forward = OccupationKind.Forward;
    private const OccupationKind Upload = OccupationKind.Upload;
    private const OccupationKind Deliver = OccupationKind.Deliver;
    private const OccupationKind Finished = OccupationKind.Finished;

    private static readonly StarShape s_two = new() { Costs = Stars.Costs("6:1,7:2"), Chunks = [0, 2] };

    // Peer 1 gets chunk 0 from peer 2, in the least time.
    private static readonly Occupation[] s_right =
    [
        Of(Request, 0, 0, 1), Of(Forward, 1, 1, 3), Of(Upload, 1, 3, 10), Of(Deliver, 0, 10, 16),
        Of(Finished, 0, 16, 17),
    ];

    [Fact]
    public void A_right_trace_is_right_but_not_over() =>
        Assert.Contains("lacks 1 chunks", EndOf(s_two, s_right, 17).Message, StringComparison.Ordinal);

    [Fact]
    public void A_right_trace_that_is_over_is_right()
    {
        StarShape shape = s_two with { Chunks = [0, 1] };
        var checker = new StarChecker(shape);
        Array.ForEach(s_right, checker.Take);
        checker.CheckEnd(Ms(17));
        Assert.Contains("was 17 ms", EndOf(shape, s_right, 16).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0.0, 0.5, "does not take as long")]
    [InlineData(1, 0.5, 2.5, "has not arrived")]
    [InlineData(2, 2.5, 9.5, "carries something else")]
    [InlineData(3, 9.5, 15.5, "has not been uploaded")]
    [InlineData(4, 15.5, 16.5, "carries something else")]
    public void What_comes_too_early_or_ends_too_early_is_found(int at, double start, double end, string error) =>
        Expect(error, Tampered(at, s_right[at] with { Start = Ms(start), End = Ms(end) }));

    [Fact]
    public void What_nobody_can_do_is_found()
    {
        Expect("what the peer has", Tampered(0, Of(Request, 1, 0, 2) with { Requester = 1 }));
        Expect("requester's link", Tampered(0, Of(Request, 1, 0, 2)));
        Expect("cannot serve", Tampered(1, Of(Forward, 0, 1, 2) with { Holder = 0 }));
        Expect("holder's link", Tampered(1, Of(Forward, 0, 1, 2)));
        Expect("was not asked for", Tampered(1, Of(Upload, 1, 1, 8)));
        Expect("not been uploaded", Tampered(2, Of(Deliver, 0, 3, 9)));
        Expect("was not delivered", Tampered(2, Of(Finished, 0, 3, 4)));
        Expect("second time", Tampered(1, Of(Request, 0, 1, 2)));
        Expect("another holder", Tampered(3, s_right[3] with { Holder = 0 }));
        Expect("does not exist", Tampered(0, s_right[0] with { Chunk = 2 }));
        Expect("came earlier", Tampered(3, Of(Deliver, 0, 2, 8)));
        Expect("second time", Tampered(4, Of(Deliver, 0, 16, 22)));
    }

    [Fact]
    public void What_is_free_occupies_nothing() => Assert.Contains(
        "although it is free",
        TakeAll(s_two with { Finished = FinishedCost.Free }, s_right).Message, StringComparison.Ordinal);

    [Fact]
    public void A_seventeenth_request_is_one_too_many() => Assert.Contains(
        "more than may be out",
        TakeAll(
            s_two with { Chunks = [0, 20] },
            [.. Enumerable.Range(0, 17).Select(i => Of(Request, 0, i, i + 1) with { Chunk = i })]).Message,
        StringComparison.Ordinal);

    [Fact]
    public void In_strict_mode_an_upload_is_good_for_one_delivery_and_in_fan_out_for_all_who_asked_in_time()
    {
        var shape = new StarShape { Costs = Stars.Costs("6:1,7:2,6:1"), Chunks = [0, 1, 0] };
        Occupation[] shared =
        [
            Of(Request, 0, 0, 1), Of(Request, 2, 0, 1) with { Requester = 2 }, Of(Forward, 1, 1, 3),
            Of(Upload, 1, 3, 10), Of(Deliver, 0, 10, 16), Of(Deliver, 2, 10, 16) with { Requester = 2 },
            Of(Finished, 0, 16, 17), Of(Finished, 2, 16, 17) with { Requester = 2 },
        ];

        Assert.Contains("not been uploaded for it", TakeAll(shape, shared).Message, StringComparison.Ordinal);
        var checker = new StarChecker(shape with { Mode = StarMode.FanOut });
        Array.ForEach(shared, checker.Take);
        checker.CheckEnd(Ms(17));
    }

    private static void Expect(string error, string message) =>
        Assert.Contains(error, message, StringComparison.Ordinal);

    private static string Tampered(int at, Occupation wrong) =>
        TakeAll(s_two, [.. s_right[..at], wrong, .. s_right[(at + 1)..]]).Message;

    private static BrokenRuleException TakeAll(StarShape shape, Occupation[] trace)
    {
        var checker = new StarChecker(shape);
        return Assert.Throws<BrokenRuleException>(() => Array.ForEach(trace, checker.Take));
    }

    private static BrokenRuleException EndOf(StarShape shape, Occupation[] trace, double makespan)
    {
        var checker = new StarChecker(shape);
        Array.ForEach(trace, checker.Take);
        return Assert.Throws<BrokenRuleException>(() => checker.CheckEnd(Ms(makespan)));
    }

    private static Occupation Of(OccupationKind kind, int link, double start, double end) =>
        new(kind, link, 0, 0, 1, Ms(start), Ms(end));

    private static VirtualTime Ms(double milliseconds) => new((long)(milliseconds * 1_000_000));
}
