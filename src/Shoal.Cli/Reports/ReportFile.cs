using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Shoal.Cli.Frame;

namespace Shoal.Cli.Reports;

/// <summary>The file of <c>--report</c>.</summary>
internal static class ReportFile
{
    // Names in any script stay readable; the file is never put into a web page as it is.
    private static readonly ReportJson s_json = new(new JsonSerializerOptions(ReportJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Writes a report whole or not at all.</summary>
    /// <exception cref="WorkFailedException">It cannot be written.</exception>
    public static void Write(string path, RunReport report)
    {
        using var file = WholeFile.Create("--report", path);
        file.Stream.Write(Encoding.UTF8.GetBytes(ToJson(report)));
        file.Complete();
    }

    /// <summary>Reads a report back.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="JsonException">It is no report.</exception>
    public static RunReport Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read);
        return JsonSerializer.Deserialize(stream, s_json.ReportDocument)?.ToReport()
            ?? throw new JsonException($"{path} is empty.");
    }

    /// <summary>A report as JSON, with a line end.</summary>
    public static string ToJson(RunReport report) =>
        JsonSerializer.Serialize(ReportDocument.Of(report), s_json.ReportDocument) + "\n";
}
