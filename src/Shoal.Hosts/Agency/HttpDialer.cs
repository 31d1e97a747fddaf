using System.Net;
using System.Net.Http.Headers;
using Shoal.Core.Lottery;

namespace Shoal.Hosts.Agency;

/// <summary>Gets in touch with a hub over HTTP, and asks what it has.</summary>
internal sealed class HttpDialer : IAgencyDialer, IDisposable
{
    private readonly AgencyOptions _options;
    private readonly HttpClient _client;

    public HttpDialer(AgencyOptions options)
    {
        _options = options;
        var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = options.Policy.Window + 1, UseProxy = false, AllowAutoRedirect = false,
        };
        _client = new HttpClient(handler)
        {
            BaseAddress = new Uri($"http://{options.Hub}/draws/{options.Draw}/agencies/{options.Agency}/"),
            Timeout = options.AnswerLimit,
            MaxResponseContentBufferSize = Core.Wire.Lottery.LotteryAnswerCodec.LongestAnswer,
        };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
    }

    // Values are quoted where that is needed.
    public BetFault? FaultOf(Bet bet) => null;

    public async Task<AgencyDialResult> DialAsync(
        Func<AgencyEvent, ValueTask> tell, Action<Exception> broken, CancellationToken cancellationToken)
    {
        var address = new Uri($"../{_options.Agency}", UriKind.Relative);
        HttpAnswer answer = await HttpAnswer.AskAsync(
            _client, () => new HttpRequestMessage(HttpMethod.Get, address), cancellationToken);
        using (answer.Body)
        {
            return answer switch
            {
                { Status: HttpStatusCode.OK } when answer.Count("batches") is { } batches
                    && answer.Count("bets") is { } bets =>
                    new AgencyDialResult.Open(new HttpLink(_client, tell, broken), new BroughtCounts(batches, bets)),
                { IsFinal: true } => new AgencyDialResult.Refused(answer.Reason),
                { Reason: "" } => new AgencyDialResult.Failed("the hub says something else than what it has"),
                _ => new AgencyDialResult.Failed(answer.Reason),
            };
        }
    }

    public void Dispose() => _client.Dispose();
}
