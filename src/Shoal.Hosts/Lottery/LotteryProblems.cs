using Microsoft.AspNetCore.Http;
using Shoal.Core.Wire.Lottery;
using Shoal.Core.Lottery;

namespace Shoal.Hosts.Lottery;

/// <summary>The problems that a lottery tells over HTTP.</summary>
internal static class LotteryProblems
{
    /// <summary>The beginning of what names a problem.</summary>
    public const string Names = "urn:shoal:lottery:";

    public static LotteryProblem NoToken(string detail) =>
        new($"{Names}no-token", "Not known", StatusCodes.Status401Unauthorized, detail);

    public static LotteryProblem OtherAgency(AgencyId token, AgencyId asked) => new(
        $"{Names}other-agency", "Not this agency's", StatusCodes.Status403Forbidden,
        $"the token is agency {token}'s, not agency {asked}'s");

    public static LotteryProblem NotFound(string detail) =>
        new($"{Names}not-found", "Not found", StatusCodes.Status404NotFound, detail);

    public static LotteryProblem BadRequest(string detail) =>
        new($"{Names}bad-request", "Bad request", StatusCodes.Status400BadRequest, detail);

    public static LotteryProblem TooLarge(string detail) =>
        new($"{Names}too-large", "Too large", StatusCodes.Status413PayloadTooLarge, detail);

    public static LotteryProblem OtherForm(string detail) =>
        new($"{Names}other-form", "Not this form", StatusCodes.Status415UnsupportedMediaType, detail);

    public static LotteryProblem BadBatch(BodyFault fault) => new(
        $"{Names}bad-batch", "Bad batch", StatusCodes.Status422UnprocessableEntity,
        $"{fault}; nothing of the batch is stored", fault.Bet,
        fault.Field is { } field ? BetColumns.NameOf(field) : null);

    public static LotteryProblem TooMany() => new(
        $"{Names}too-many", "Too many at once", StatusCodes.Status429TooManyRequests,
        $"{BatchLanes.MostWaiting} batches of this agency wait already");

    public static LotteryProblem NoRoom() => new(
        $"{Names}too-many", "Too many at once", StatusCodes.Status429TooManyRequests,
        "the hub has no room for so much that is not complete");

    public static LotteryProblem StoreFailed() => new(
        $"{Names}store-failed", "Not stored", StatusCodes.Status503ServiceUnavailable,
        "the hub could not store it; nothing of it is stored");

    public static LotteryProblem Refused(string reason, RefusalCause cause, long? next) => cause switch
    {
        RefusalCause.OutOfOrder => Conflict("out-of-order", "Out of order", reason, next),
        RefusalCause.OtherContent => Conflict("other-content", "Other content", reason, next),
        RefusalCause.Sealed => Conflict("sealed", "Closed already", reason, next),
        RefusalCause.Counts => Conflict("counts", "Other counts", reason, next),
        _ => NotFound(reason),
    };

    private static LotteryProblem Conflict(string name, string title, string reason, long? next) =>
        new($"{Names}{name}", title, StatusCodes.Status409Conflict, reason, Next: next);
}
