using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Shoal.Hosts.Lottery;

/// <summary>The description of what the lottery serves over HTTP, in OpenAPI 3.1.</summary>
internal static class LotteryApi
{
    private const string Resource = "Shoal.Hosts.Lottery.openapi.json";

    /// <summary>Answers with the description.</summary>
    public static async Task WriteAsync(HttpContext context)
    {
        await using Stream document = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = document.Length;
        await document.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
