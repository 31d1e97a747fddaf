using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Shoal.Core.Wire.Directory;

namespace Shoal.Cli.User;

/// <summary>Prints listings for people, a line at a time as it comes, or for programs, whole.</summary>
internal static class Listing
{
    public static async Task PrintAsync(IAsyncEnumerable<OfferedRow> rows, bool isJson, TextWriter output)
    {
        var all = new List<OfferedRow>();
        await foreach (OfferedRow row in rows)
        {
            if (isJson)
            {
                all.Add(row);
            }
            else
            {
                output.WriteLine(row.ToText());
            }
        }

        if (isJson)
        {
            var document = new PublicationsDocument(all);
            output.WriteLine(JsonSerializer.Serialize(document, ListingJson.Default.PublicationsDocument));
        }
    }

    public static void Print(IEnumerable<UserRow> users, bool isJson, TextWriter output)
    {
        if (isJson)
        {
            var document = new UsersDocument([.. users.Select(UserEntry.Of)]);
            output.WriteLine(JsonSerializer.Serialize(document, ListingJson.Default.UsersDocument));
            return;
        }

        foreach (UserRow row in users)
        {
            output.WriteLine(TextRow.Of(row.User, row.Address, row.Port));
        }
    }
}

/// <summary>
/// Publications, for programs: every name to the byte, where rows for people lose what moves a cursor.
/// </summary>
internal sealed record PublicationsDocument(IReadOnlyList<OfferedRow> Publications);

/// <summary>Connected users, for programs.</summary>
internal sealed record UsersDocument(IReadOnlyList<UserEntry> Users);

/// <summary>A connected user.</summary>
/// <param name="User">Who.</param>
/// <param name="Address">Where others fetch.</param>
/// <param name="Port">At which port; null: the directory named none that there is.</param>
internal sealed record UserEntry(string User, string Address, ushort? Port)
{
    public static UserEntry Of(UserRow row) => new(
        row.User, row.Address,
        ushort.TryParse(row.Port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) ? port : null);
}

/// <summary>Writes them.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PublicationsDocument))]
[JsonSerializable(typeof(UsersDocument))]
internal sealed partial class ListingJson : JsonSerializerContext;
