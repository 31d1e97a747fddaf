using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using Shoal.Core.Lottery;
using Shoal.Core.Wire.Lottery;
using Shoal.Hosts.Common;

namespace Shoal.Hosts.Agency;

/// <summary>Requests over HTTP, as many at once as the window has batches; answers come in any order.</summary>
internal sealed class HttpLink : IAgencyLink
{
    private readonly HttpClient _client;
    private readonly Func<AgencyEvent, ValueTask> _tell;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskScope _tasks;
    private int _isLost;

    public HttpLink(HttpClient client, Func<AgencyEvent, ValueTask> tell, Action<Exception> broken)
    {
        _client = client;
        _tell = tell;
        _tasks = new TaskScope(broken);
    }

    public ValueTask SendBatchAsync(long number, ImmutableArray<Bet> bets, CancellationToken cancellationToken)
    {
        byte[] rows = BetRows.Encode(bets.AsSpan());
        Ask(HttpMethod.Put, $"batches/{number}", () => ContentOf(rows, "text/csv"),
            _ => new AgencyEvent.BatchStored(number));
        return ValueTask.CompletedTask;
    }

    public void SendClose(BroughtCounts counts)
    {
        byte[] body = System.Text.Encoding.ASCII.GetBytes(
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{{\"batches\":{counts.Batches},\"bets\":{counts.Bets}}}"));
        Ask(HttpMethod.Post, "close", () => ContentOf(body, "application/json"), _ => new AgencyEvent.CloseNoted());
    }

    public void AskWinners() => Ask(HttpMethod.Get, "winners", () => null, answer =>
        answer.Status == HttpStatusCode.Accepted
            ? new AgencyEvent.NotYet()
            : answer.Texts("winners") is { } winners
                ? new AgencyEvent.WinnersTold([.. winners])
                : new AgencyEvent.Lost("the hub says something else than winners"));

    public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _tasks.WhenAllEndedAsync();
        _closing.Dispose();
    }

    private void Ask(
        HttpMethod method, string address, Func<HttpContent?> content, Func<HttpAnswer, AgencyEvent> eventOf) =>
        _tasks.Run(async () =>
        {
            HttpAnswer answer = await HttpAnswer.AskAsync(
                _client,
                () => new HttpRequestMessage(method, new Uri(address, UriKind.Relative)) { Content = content() },
                _closing.Token);
            using (answer.Body)
            {
                if (answer is { Status: >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices })
                {
                    await _tell(eventOf(answer));
                }
                else if (answer.IsFinal)
                {
                    await _tell(new AgencyEvent.Refused(answer.Reason));
                }
                else
                {
                    await LoseAsync(answer.Reason);
                }
            }
        });

    // The first failure is the link's; the others come from it.
    private ValueTask LoseAsync(string reason) => Interlocked.Exchange(ref _isLost, 1) == 0
        ? _tell(new AgencyEvent.Lost(reason))
        : ValueTask.CompletedTask;

    private static ByteArrayContent ContentOf(byte[] body, string form)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(form);
        return content;
    }
}
