using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Shoal.Core.Content;
using Shoal.Hosts.Http;

namespace Shoal.Hosts.Edge;

/// <summary>
/// An edge over HTTP: <c>GET</c> and <c>HEAD /NAME</c>, with ranges and conditional requests (RFC 9110); the entity tag
/// is the content id, and <c>Cache-Status</c> (RFC 9211) says where the file comes from. A body that cannot be brought
/// to its end is broken off, so that nobody takes it for whole.
/// </summary>
internal sealed class EdgeRoutes(EdgeDesk desk, EdgeMetrics metrics, ILogger log)
{
    private const string CacheStatus = "Cache-Status";
    private const string RetryAfterSeconds = "1";

    private long _sent;

    /// <summary>Bytes of files that were sent.</summary>
    public long SentBytes => Interlocked.Read(ref _sent);

    /// <summary>Maps what it serves.</summary>
    public HttpRoutes Map => routes =>
        routes.MapMethods("/{**name}", [HttpMethods.Get, HttpMethods.Head], AnswerAsync);

    private async Task AnswerAsync(HttpContext context)
    {
        CancellationToken aborted = context.RequestAborted;
        string asked = (context.Request.Path.Value ?? "").TrimStart('/');
        try
        {
            EdgeFile? file = EntryName.TryParse(asked, out EntryName name, out _)
                ? await desk.FindAsync(name, aborted) : null;
            if (file is null)
            {
                metrics.Answered("unknown");
                await RefuseAsync(
                    context, StatusCodes.Status404NotFound, $"the catalogue has no file of the name '{asked}'");
                return;
            }

            EdgeStanding standing = await desk.TouchAsync(file.Manifest, aborted);
            metrics.Answered(standing == EdgeStanding.Whole ? "hit" : "miss");
            context.Response.Headers[CacheStatus] = WordsOf(standing);
            await SendAsync(context, file);
        }
        catch (EdgeReadException e)
        {
            metrics.Answered("failed");
            log.Unserved(asked, e.Message);
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"'{asked}': {e.Message}");
        }
    }

    private async Task SendAsync(HttpContext context, EdgeFile file)
    {
        await using var stream = new EdgeStream(file.Manifest, desk);
        try
        {
            await TypedResults.Stream(
                stream,
                "application/octet-stream",
                lastModified: DateTimeOffset.FromUnixTimeMilliseconds(file.File.ModifiedAt),
                entityTag: new EntityTagHeaderValue($"\"{file.Manifest.Id}\""),
                enableRangeProcessing: true).ExecuteAsync(context);
        }
        finally
        {
            Interlocked.Add(ref _sent, stream.Taken);
            metrics.Sent(stream.Taken);
        }
    }

    private static string WordsOf(EdgeStanding standing) => standing switch
    {
        EdgeStanding.Whole => "shoal; hit",
        EdgeStanding.Coming => "shoal; fwd=uri-miss; collapsed",
        _ => "shoal; fwd=uri-miss",
    };

    private static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.Clear();
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        string text = string.Create(CultureInfo.InvariantCulture, $"{status}: {reason}\n");
        context.Response.ContentType = "text/plain; charset=utf-8";
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.WriteAsync(text, context.RequestAborted);
    }
}
