using System.Text;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Lottery;
using Shoal.Core.Wire.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>Where an agency has its bets from.</summary>
/// <param name="Name">How people call it.</param>
/// <param name="Open">Opens it at its beginning.</param>
internal sealed record BetSource(string Name, Func<Stream> Open)
{
    // By the order of the fields that a person fills in.
    private static readonly (BetField Field, string Variable)[] s_variables =
    [
        (BetField.FirstName, "NOMBRE"),
        (BetField.LastName, "APELLIDO"),
        (BetField.Document, "DOCUMENTO"),
        (BetField.BirthDate, "NACIMIENTO"),
        (BetField.Number, "NUMERO"),
    ];

    /// <summary>The names of the environment variables with the one bet.</summary>
    public static string Variables => string.Join(", ", s_variables.Select(one => one.Variable));

    /// <summary>The bets of a file.</summary>
    public static BetSource OfFile(string path) => new(path, () => OpenFile(path));

    /// <summary>The one bet in the environment.</summary>
    /// <exception cref="UsageException">It is none; the message names the variable.</exception>
    public static BetSource OfEnvironment(AgencyId agency, Func<string, string?> variable, DateOnly today)
    {
        string[] values = [.. s_variables.Select(one => variable(one.Variable) ?? "")];
        var fields = new BetFields(agency.ToString(), values[0], values[1], values[2], values[3], values[4]);
        if (!BetRules.TryRead(fields, today, out Bet? bet, out BetFault? fault))
        {
            string name = s_variables.Single(one => one.Field == fault.Field).Variable;
            throw new UsageException(
                $"--one: the environment variable {name} {fault.Reason}. Set {Variables} to the bet.");
        }

        // The agency's number is the first value of a row, and not in an agency's own file.
        string row = Encoding.UTF8.GetString(BetRows.Encode([bet]));
        byte[] line = Encoding.UTF8.GetBytes(row[(row.IndexOf(',', StringComparison.Ordinal) + 1)..]);
        return new BetSource("the environment", () => new MemoryStream(line, writable: false));
    }

    private static FileStream OpenFile(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"--bets: {ReadFailure.Of(path, e)}", e);
        }
    }
}
