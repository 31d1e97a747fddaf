using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shoal.Core.Roster;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Http;

/// <summary>A door for HTTP, on Kestrel, that serves what the features map on it.</summary>
public sealed class HttpHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ILogger _log;
    private int _isStopped;

    private HttpHost(WebApplication application, ILogger log)
    {
        _application = application;
        _log = log;
        string address = application.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.Single();
        Address = EndpointText.TryParse(address[(address.LastIndexOf('/') + 1)..], null, out EndpointText local)
            ? local
            : default;
    }

    /// <summary>Where it listens, with the port that was chosen.</summary>
    public EndpointText Address { get; }

    /// <summary>Opens a door.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="routes">What it serves; anything else gets status 404.</param>
    /// <param name="log">Its log.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">It cannot be listened there; the message says why.</exception>
    public static async Task<HttpHost> OpenAsync(
        HttpOptions options, IReadOnlyList<HttpRoutes> routes, ILogger log, CancellationToken cancellationToken)
    {
        WebApplication? application = null;
        try
        {
            application = Build(options, await ListenAddress.FindAsync(options.Listen, cancellationToken), log);
            foreach (HttpRoutes map in routes)
            {
                map(application);
            }

            await application.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException or ArgumentException)
        {
            if (application is not null)
            {
                await application.DisposeAsync();
            }

            throw ListenAddress.Explain(options.Listen, e);
        }

        var host = new HttpHost(application, log);
        log.Listening(host.Address.ToString());
        return host;
    }

    /// <summary>Serves until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StopAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _application.DisposeAsync();
    }

    private async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) == 0)
        {
            _log.Stopping("in_progress");
            await _application.StopAsync();
            _log.Stopping("success");
        }
    }

    // Of what the framework would read and do by itself, nothing: no configuration, no logs of its own, no signals.
    private static WebApplication Build(HttpOptions options, IPEndPoint address, ILogger log)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = options.MostConnections;
            kestrel.Limits.MaxRequestBodySize = options.MostBodyBytes;
            kestrel.Limits.MaxRequestBufferSize = options.MostUnreadBytes;
            kestrel.Limits.RequestHeadersTimeout = options.HeadersLimit;
            kestrel.Limits.KeepAliveTimeout = options.IdleLimit;
            kestrel.Listen(address, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.CloseLimit);
        WebApplication application = builder.Build();
        application.Use((context, next) => TellAsync(context, next, log));
        application.UseRouting();
        return application;
    }

    // Whatever a handler cannot handle ends here: the client gets status 500, the log the reason.
    private static async Task TellAsync(HttpContext context, RequestDelegate next, ILogger log)
    {
        string? address = context.Connection.RemoteIpAddress?.ToString();
        try
        {
            await next(context);
            log.Answered(
                address, context.Request.Method, context.Request.Path.Value, context.Response.StatusCode);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone, or the door closes.
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException e)
        {
            context.Response.StatusCode = e.StatusCode;
            log.Answered(address, context.Request.Method, context.Request.Path.Value, e.StatusCode);
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            log.Failed(address, context.Request.Method, context.Request.Path.Value, e.ToString());
        }
    }

    /// <summary>Leaves beginning and end to whoever has the door.</summary>
    private sealed class OwnersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
