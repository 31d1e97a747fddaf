using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Shoal.Core.Lottery;
using Shoal.Hosts.Common;
using Shoal.Hosts.Http;
using Shoal.Net;
using Shoal.Storage.Lottery;

namespace Shoal.Hosts.Lottery;

/// <summary>
/// The lottery over HTTP, for agencies that have a token; it serves all draws of a store. From
/// <see cref="LotteryHost.OpenRoutes"/>.
/// </summary>
public sealed class LotteryRoutes : IAsyncDisposable
{
    private const string Agency = "/draws/{draw}/agencies/{agency}";
    private const string Bearer = "Bearer ";
    private const int MostCloseBytes = 1024;

    private readonly ILotteryStore _store;
    private readonly AgencyTokens _tokens;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly LotteryMetrics _metrics;
    private readonly ArrivalBudget _budget;
    private readonly DrawTeller _teller;
    private readonly TaskScope _tasks;
    private readonly BatchLanes _lanes;

    internal LotteryRoutes(
        ILotteryStore store, AgencyTokens tokens, LotteryMetrics metrics, ArrivalBudget budget, TimeProvider time,
        ILogger log)
    {
        _store = store;
        _tokens = tokens;
        _time = time;
        _log = log;
        _metrics = metrics;
        _budget = budget;
        _teller = new DrawTeller(_store, log);
        _tasks = new TaskScope(e => log.Failed(e.ToString()));
        _lanes = new BatchLanes(_store, time, _tasks);
    }

    /// <summary>Maps what it serves.</summary>
    public HttpRoutes Map => routes =>
    {
        routes.MapPut($"{Agency}/batches/{{number}}", context => AnswerAsync(context, PutBatchAsync));
        routes.MapPost($"{Agency}/close", context => AnswerAsync(context, CloseAsync));
        routes.MapGet($"{Agency}/winners", context => AnswerAsync(context, WinnersAsync));
        routes.MapGet(Agency, context => AnswerAsync(context, AgencyAsync));
        routes.MapGet("/draws/{draw}", context => AnswerAsync(context, DrawAsync));
        routes.MapGet("/openapi.json", LotteryApi.WriteAsync);
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _tasks.WhenAllEndedAsync();

    // Gives what was wrong; null: it has answered.
    private async Task AnswerAsync(
        HttpContext context, Func<HttpContext, DrawName, AgencyId, Task<LotteryProblem?>> act)
    {
        LotteryProblem? problem;
        try
        {
            problem = Check(context, out DrawName draw, out AgencyId agency) ?? await act(context, draw, agency);
        }
        catch (BadHttpRequestException e)
        {
            problem = LotteryProblems.BadRequest(e.Message) with { Status = e.StatusCode };
        }
        catch (IOException e) when (e is not ConnectionResetException)
        {
            _log.StoreFailed(e.Message);
            problem = LotteryProblems.StoreFailed();
        }

        if (problem is not null)
        {
            await TellAsync(context, problem);
        }
    }

    private LotteryProblem? Check(HttpContext context, out DrawName draw, out AgencyId agency)
    {
        agency = default;
        if (!DrawName.TryParse((string)context.Request.RouteValues["draw"]!, out draw))
        {
            return LotteryProblems.NotFound("that is no name of a draw");
        }

        string header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return LotteryProblems.NoToken(
                "send the header 'Authorization: Bearer TOKEN' with the token from 'shoal lottery token AGENCY'");
        }

        if (_tokens.Check(header[Bearer.Length..].Trim()) is not { } known)
        {
            return LotteryProblems.NoToken(
                "the token is none of this lottery's; 'shoal lottery token AGENCY', where the lottery is, says the "
                + "right one");
        }

        agency = known;
        if (context.Request.RouteValues["agency"] is not string named)
        {
            return null;
        }

        return !AgencyId.TryParse(named, out AgencyId asked)
            ? LotteryProblems.NotFound("that is no number of an agency")
            : asked == known ? null : LotteryProblems.OtherAgency(known, asked);
    }

    private async Task<LotteryProblem?> PutBatchAsync(HttpContext context, DrawName draw, AgencyId agency)
    {
        if (!long.TryParse(
            (string)context.Request.RouteValues["number"]!, NumberStyles.None, CultureInfo.InvariantCulture,
            out long number) || number == 0)
        {
            return LotteryProblems.BadRequest("the number of a batch is a whole number from 1");
        }

        BatchReading read = await BatchReading.ReadAsync(
            context.Request, agency, DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime), _budget,
            context.RequestAborted);
        if (read.Rows is not { } rows)
        {
            return read.Problem;
        }

        _log.BatchReceived(agency.Value, rows.Bets);
        var offer = new BatchOffer(agency, new BatchIdentity.Numbered(number), read.Hash, rows);
        switch (await _lanes.OfferAsync(draw, offer))
        {
            case null:
                return LotteryProblems.TooMany();
            case BatchDecision.Refuse refuse:
                return LotteryProblems.Refused(refuse.Reason, refuse.Cause, refuse.Next);
            case BatchDecision.Store:
                _metrics.BatchStored(rows.Bets);
                break;
        }

        _log.BetsStored(rows.Bets);
        await WriteAsync(
            context, StatusCodes.Status200OK, new BatchAck(draw.Value, agency.Value, number, rows.Bets),
            LotteryJson.Default.BatchAck);
        return null;
    }

    private async Task<LotteryProblem?> CloseAsync(HttpContext context, DrawName draw, AgencyId agency)
    {
        using var body = new ArrivingBody(_budget, context.RequestAborted);
        BodyEnd end = await body.ReadAsync(context.Request.Body, MostCloseBytes);
        if (end == BodyEnd.NoRoom)
        {
            return LotteryProblems.NoRoom();
        }

        BroughtCounts? counts = null;
        if (end == BodyEnd.TooLong || !LotteryRequest.TryReadCounts(body.Bytes.Span, out counts))
        {
            return LotteryProblems.BadRequest("the body, if any, is {\"batches\": N, \"bets\": N}");
        }

        CloseDecision decision = await _store.CloseAsync(draw, agency, counts, CancellationToken.None);
        if (decision is CloseDecision.Refuse refuse)
        {
            return LotteryProblems.Refused(refuse.Reason, refuse.Cause, next: null);
        }

        _log.CloseReceived(agency.Value);
        if (decision is CloseDecision.CloseAndHold)
        {
            await _teller.TellAsync(draw, CancellationToken.None);
        }

        return await AgencyAsync(context, draw, agency);
    }

    private async Task<LotteryProblem?> WinnersAsync(HttpContext context, DrawName draw, AgencyId agency)
    {
        if (!LotteryRequest.TryReadWait(context.Request, out TimeSpan wait))
        {
            return LotteryProblems.BadRequest(
                $"wait is a whole number of seconds from 0 to {LotteryRequest.LongestWait.TotalSeconds:0}");
        }

        _log.QueryReceived(agency.Value);
        WinnersAnswer answer = await _store.WinnersAsync(draw, agency, context.RequestAborted);
        if (answer is WinnersAnswer.NotYet && await IsHeldWithinAsync(draw, wait, context.RequestAborted))
        {
            answer = await _store.WinnersAsync(draw, agency, context.RequestAborted);
        }

        switch (answer)
        {
            case WinnersAnswer.Refuse refuse:
                return LotteryProblems.NotFound(refuse.Reason);
            case WinnersAnswer.Held held:
                await WriteAsync(
                    context, StatusCodes.Status200OK,
                    new WinnersDocument(draw.Value, agency.Value, held.Documents),
                    LotteryJson.Default.WinnersDocument);
                return null;
            default:
                context.Response.Headers.RetryAfter = "1";
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                return null;
        }
    }

    private async Task<LotteryProblem?> AgencyAsync(HttpContext context, DrawName draw, AgencyId agency)
    {
        if (await _store.AgencyAsync(draw, agency, context.RequestAborted) is not { } snapshot)
        {
            bool isDraw = await _store.StandingAsync(draw, context.RequestAborted) is not null;
            return LotteryProblems.NotFound(isDraw ? LotteryRules.NotOnRoster(agency) : $"there is no draw {draw}");
        }

        await WriteAsync(
            context, StatusCodes.Status200OK, DocumentOf(snapshot), LotteryJson.Default.AgencyDocument);
        return null;
    }

    private async Task<LotteryProblem?> DrawAsync(HttpContext context, DrawName draw, AgencyId agency)
    {
        if (await _store.StandingAsync(draw, context.RequestAborted) is not { } standing)
        {
            return LotteryProblems.NotFound($"there is no draw {draw}");
        }

        var document = new DrawDocument(
            draw.Value, standing.State == DrawState.Held ? "held" : "open", standing.Revision,
            standing.Terms.WinningNumber, [.. standing.Agencies.Select(DocumentOf)]);
        await WriteAsync(context, StatusCodes.Status200OK, document, LotteryJson.Default.DrawDocument);
        return null;
    }

    private async Task<bool> IsHeldWithinAsync(DrawName draw, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var limit = new Deadline(wait, _time, cancellationToken);
        try
        {
            return await _store.UntilHeldAsync(draw, after: 0, limit.Token) is not null;
        }
        catch (OperationCanceledException) when (limit.HasPassed)
        {
            return false;
        }
    }

    private async Task TellAsync(HttpContext context, LotteryProblem problem)
    {
        _metrics.MessageRefused();
        _log.Refused(context.Connection.RemoteIpAddress?.ToString() ?? "", problem.Detail);
        switch (problem.Status)
        {
            case StatusCodes.Status401Unauthorized:
                context.Response.Headers.WWWAuthenticate = "Bearer";
                break;
            case StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable:
                context.Response.Headers.RetryAfter = "1";
                break;
        }

        await WriteAsync(
            context, problem.Status, problem, LotteryJson.Default.LotteryProblem, "application/problem+json");
    }

    private static AgencyDocument DocumentOf(AgencySnapshot one) =>
        new(one.Agency.Value, one.IsClosed, one.Batches, one.Bets);

    private static Task WriteAsync<T>(
        HttpContext context, int status, T document, JsonTypeInfo<T> type, string form = "application/json")
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(document, type);
        context.Response.StatusCode = status;
        context.Response.ContentType = form;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
