using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.Http;

namespace Shoal.Hosts.Time;

/// <summary>The time service: <c>GET /get_time</c> returns the 19 bytes of a date, without a line end.</summary>
public static class TimeRoutes
{
    /// <summary>Serves this machine's local time.</summary>
    public static HttpRoutes Of(TimeProvider time) => routes =>
        routes.MapGet("/get_time", (HttpContext context) =>
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync(RequestStamp.Of(time.GetLocalNow()), context.RequestAborted);
        });
}
