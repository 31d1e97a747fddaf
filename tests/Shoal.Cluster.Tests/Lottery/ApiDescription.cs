using System.Text.Json.Nodes;
using Shoal.Hosts.Lottery;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>
/// What the lottery says that it answers over HTTP. Every answer that a test hears is held against it, so that the
/// description cannot promise less or more than what happens.
/// </summary>
internal static class ApiDescription
{
    private static readonly JsonObject s_document = Read();

    /// <summary>Every operation, as a method and a path.</summary>
    public static IEnumerable<string> Operations => Paths.SelectMany(path => path.Value!.AsObject()
        .Where(one => one.Key != "parameters").Select(one => $"{one.Key.ToUpperInvariant()} {path.Key}"));

    private static JsonObject Paths => s_document["paths"]!.AsObject();

    /// <summary>Checks that an answer is described, with its form and the fields of its body.</summary>
    public static void Check(HttpResponseMessage response, string body)
    {
        HttpRequestMessage request = response.RequestMessage!;
        string said = $"{request.Method} {request.RequestUri!.AbsolutePath}: {(int)response.StatusCode}";
        JsonNode? path = Paths.SingleOrDefault(one => IsAt(one.Key, request.RequestUri.AbsolutePath)).Value;
        JsonNode? answers = path?[request.Method.Method.ToLowerInvariant()]?["responses"];
        JsonNode? answer = answers?[$"{(int)response.StatusCode}"];
        Assert.True(answer is not null, $"{said} is not described");
        JsonNode? content = Follow(answer)["content"];
        if (response.Content.Headers.ContentType?.MediaType is not { } form)
        {
            Assert.True(content is null && body.Length == 0, $"{said} has no body, which is not described");
            return;
        }

        JsonNode? schema = content?[form]?["schema"];
        Assert.True(schema is not null, $"{said} is {form}, which is not described");
        CheckFields(said, JsonNode.Parse(body)!, Follow(schema));
    }

    // Every field is described; whether one may be left out only the tests of its meaning know.
    private static void CheckFields(string said, JsonNode value, JsonNode schema)
    {
        switch (value)
        {
            case JsonObject when schema["properties"] is null:
                break;
            case JsonObject fields:
                foreach ((string name, JsonNode? field) in fields)
                {
                    JsonNode? described = schema["properties"]?[name];
                    Assert.True(described is not null, $"{said} has the field '{name}', which is not described");
                    CheckFields(said, field!, Follow(described));
                }

                break;
            case JsonArray items:
                Assert.All(items, item => CheckFields(said, item!, Follow(schema["items"]!)));
                break;
            default:
                CheckValue(said, value, schema);
                break;
        }
    }

    private static void CheckValue(string said, JsonNode value, JsonNode schema)
    {
        if (schema["enum"] is JsonArray words)
        {
            Assert.Contains(value.ToString(), words.Select(word => word!.ToString()));
            return;
        }

        string type = schema["type"]!.GetValue<string>();
        Assert.True(
            value.GetValueKind() switch
            {
                System.Text.Json.JsonValueKind.String => type == "string",
                System.Text.Json.JsonValueKind.Number => type == "integer",
                _ => type == "boolean",
            },
            $"{said} says {value.ToJsonString()}, which is no {type}");
    }

    private static bool IsAt(string pattern, string path)
    {
        string[] expected = pattern.Split('/');
        string[] found = path.Split('/');
        return expected.Length == found.Length
            && expected.Zip(found).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second);
    }

    private static JsonNode Follow(JsonNode node) => node["$ref"]?.GetValue<string>() is { } place
        ? place.Split('/').Skip(1).Aggregate((JsonNode)s_document, (at, name) => at[name]!)
        : node;

    private static JsonObject Read()
    {
        using Stream stream = typeof(LotteryHost).Assembly.GetManifestResourceStream(
            "Shoal.Hosts.Lottery.openapi.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
