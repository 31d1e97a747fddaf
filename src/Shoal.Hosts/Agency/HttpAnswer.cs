using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Shoal.Hosts.Agency;

/// <summary>What a hub answered over HTTP.</summary>
/// <param name="Status">The status; null: there was no answer.</param>
/// <param name="Reason">What was wrong, if anything, for people.</param>
/// <param name="Problem">Which problem it tells, for programs; null: none.</param>
/// <param name="Body">The body, if it is JSON; the caller's to dispose of.</param>
internal sealed record HttpAnswer(HttpStatusCode? Status, string Reason, string? Problem, JsonDocument? Body)
{
    // A gap before a batch, or another content under its number, is mended by asking what the hub has.
    private static readonly string[] s_passing = ["urn:shoal:lottery:out-of-order", "urn:shoal:lottery:other-content"];

    /// <summary>Whether the hub would answer the same again.</summary>
    public bool IsFinal => Status is { } status && (int)status / 100 == 4
        && status is not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout)
        && !s_passing.Contains(Problem);

    /// <summary>A count in the body; null: there is none of this name.</summary>
    public long? Count(string name) =>
        TryGet(Body, name, JsonValueKind.Number, out JsonElement value)
        && value.TryGetInt64(out long count) && count >= 0
            ? count
            : null;

    /// <summary>Texts in the body; null: there are none of this name.</summary>
    public IReadOnlyList<string>? Texts(string name) =>
        TryGet(Body, name, JsonValueKind.Array, out JsonElement value)
        && value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(one => one.GetString()!)]
            : null;

    /// <summary>Asks; every failure is an answer too.</summary>
    public static async Task<HttpAnswer> AskAsync(
        HttpClient client, Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage request = make();
            using HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            JsonDocument? document = body.Length > 0 ? JsonDocument.Parse(body) : null;
            if (response.IsSuccessStatusCode)
            {
                return new HttpAnswer(response.StatusCode, "", null, document);
            }

            using (document)
            {
                return new HttpAnswer(
                    response.StatusCode, TextOf(document, "detail") ?? $"the hub answered {(int)response.StatusCode}",
                    TextOf(document, "type"), null);
            }
        }
        // The last comes as it is from a connection that breaks between its opening and its first use.
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return new HttpAnswer(null, e.Message, null, null);
        }
        catch (JsonException)
        {
            return new HttpAnswer(null, "the hub says something else than JSON", null, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new HttpAnswer(null, $"the hub has not answered for {client.Timeout.TotalSeconds:0} s", null, null);
        }
    }

    private static string? TextOf(JsonDocument? document, string name) =>
        TryGet(document, name, JsonValueKind.String, out JsonElement value) ? value.GetString() : null;

    private static bool TryGet(JsonDocument? document, string name, JsonValueKind kind, out JsonElement value)
    {
        value = default;
        return document?.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(name, out value)
            && value.ValueKind == kind;
    }
}
