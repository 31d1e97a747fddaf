using System.Text;
using Microsoft.Extensions.Logging;
using Shoal.Core.Wire.Directory;
using Shoal.Net;

namespace Shoal.Hosts.User;

/// <summary>Where the date of a request comes from: this machine, or a service on the network.</summary>
public interface IRequestClock
{
    /// <summary>The date, <c>dd/mm/yyyy hh:mm:ss</c>.</summary>
    ValueTask<string> StampAsync(CancellationToken cancellationToken);
}

/// <summary>The clock of this machine.</summary>
public sealed class OwnClock(TimeProvider time) : IRequestClock
{
    /// <inheritdoc/>
    public ValueTask<string> StampAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(RequestStamp.Of(time.GetLocalNow()));
}

/// <summary>A time service; while it does not answer, the clock of this machine.</summary>
public sealed class TimeServiceClock(Uri address, TimeProvider time, Action<string> told, ILogger log)
    : IRequestClock, IDisposable
{
    /// <summary>What is asked of a service whose address names nothing more.</summary>
    public const string DefaultPath = "/get_time";

    private const int MostReplyBytes = 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new() { MaxResponseContentBufferSize = MostReplyBytes };
    private readonly OwnClock _own = new(time);
    private bool _isDown;

    /// <inheritdoc/>
    public async ValueTask<string> StampAsync(CancellationToken cancellationToken)
    {
        string reason;
        using var patience = new Deadline(s_patience, time, cancellationToken);
        try
        {
            byte[] reply = await _http.GetByteArrayAsync(address, patience.Token);
            if (RequestStamp.Is(reply))
            {
                _isDown = false;
                return Encoding.ASCII.GetString(reply);
            }

            reason = "what it says is no date";
        }
        catch (HttpRequestException e)
        {
            reason = e.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            reason = $"no answer within {s_patience.TotalSeconds:0.#} s";
        }

        Tell(reason);
        return await _own.StampAsync(cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    // Once for each time that it goes down: a person who goes on without it need not be told at every command.
    private void Tell(string reason)
    {
        if (!_isDown)
        {
            _isDown = true;
            log.TimeServiceFailed(address.ToString(), reason);
            told($"the time service at {address} is down ({reason}); dates come from this machine's own clock");
        }
    }
}
