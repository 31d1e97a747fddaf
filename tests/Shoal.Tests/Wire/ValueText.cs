using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Shoal.Core.Content;

namespace Shoal.Tests.Wire;

/// <summary>
/// Writes out all that a message holds, lists included, so that two messages can be compared by value.
/// </summary>
internal static class ValueText
{
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case Manifest manifest:
                text.Append(manifest.Id).Append(' ').Append(manifest.Layout);
                break;
            case Bitfield bits:
                text.Append(bits.Count).Append(':').Append(Convert.ToHexString(bits.Bytes));
                break;
            case double number:
                text.Append(number.ToString("R", CultureInfo.InvariantCulture));
                break;
            case string or IFormattable or bool:
                text.Append('\'').Append(Convert.ToString(value, CultureInfo.InvariantCulture)).Append('\'');
                break;
            case IEnumerable list:
                text.Append('[');
                foreach (object? item in list)
                {
                    Append(text, item);
                    text.Append(", ");
                }

                text.Append(']');
                break;
            default:
                AppendProperties(text, value);
                break;
        }
    }

    private static void AppendProperties(StringBuilder text, object value)
    {
        text.Append(value.GetType().Name).Append('(');
        if (value is ContentId or OfferId or Core.Roster.PeerId or ChunkIndex or EntryName)
        {
            text.Append(value);
        }
        else
        {
            foreach (PropertyInfo property in value.GetType().GetProperties())
            {
                text.Append(property.Name).Append('=');
                Append(text, property.GetValue(value));
                text.Append("; ");
            }
        }

        text.Append(')');
    }
}
