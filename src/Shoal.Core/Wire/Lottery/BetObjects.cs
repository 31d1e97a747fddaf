using System.Text.Json;
using Shoal.Core.Lottery;

namespace Shoal.Core.Wire.Lottery;

/// <summary>Reads bets from JSON: the objects of one array, or objects one after the other.</summary>
internal ref struct BetObjects
{
    private static readonly JsonReaderOptions s_options = new() { AllowMultipleValues = true, MaxDepth = 3 };

    private readonly BetList _list;
    private Utf8JsonReader _reader;

    private BetObjects(ReadOnlySpan<byte> body, BetList list)
    {
        _reader = new Utf8JsonReader(body, s_options);
        _list = list;
    }

    /// <summary>Reads until the end or the first fault.</summary>
    public static void Read(ReadOnlySpan<byte> body, BetList list)
    {
        try
        {
            new BetObjects(body, list).Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The framework's reader knows no other way to say that it is no JSON, or a text in it no UTF-8.
            list.RefuseAll($"it is not JSON: {e.Message.Split('.')[0]}");
        }
    }

    private void Read()
    {
        bool isArray = false;
        while (_list.Fault is null && _reader.Read())
        {
            switch (_reader.TokenType)
            {
                case JsonTokenType.StartArray when !isArray && _reader.CurrentDepth == 0:
                    isArray = true;
                    break;
                case JsonTokenType.EndArray:
                    break;
                case JsonTokenType.StartObject:
                    ReadBet();
                    break;
                default:
                    _list.Refuse("is not an object");
                    break;
            }
        }
    }

    private void ReadBet()
    {
        Span<string?> values = new string?[6];
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = _reader.GetString()!;
            _reader.Read();
            if (BetColumns.FieldOf(name) is not { } field)
            {
                _list.Refuse("has something else than agency, first_name, last_name, document, birthdate and number");
                return;
            }

            if (values[(int)field] is not null)
            {
                _list.Refuse(field, $"{name} is there twice");
                return;
            }

            values[(int)field] = _reader.TokenType switch
            {
                JsonTokenType.String => _reader.GetString(),
                JsonTokenType.Number when field is BetField.Agency or BetField.Document or BetField.Number =>
                    System.Text.Encoding.UTF8.GetString(_reader.ValueSpan),
                _ => null,
            };
            if (values[(int)field] is null)
            {
                _list.Refuse(field, $"{name} is not a text{(field is BetField.Number ? " or a number" : "")}");
                return;
            }
        }

        values[(int)BetField.Agency] ??= _list.Agency;
        int missing = values.IndexOf((string?)null);
        if (missing >= 0)
        {
            _list.Refuse((BetField)missing, $"{BetColumns.NameOf((BetField)missing)} is missing");
            return;
        }

        _list.Add(new BetFields(values[0]!, values[1]!, values[2]!, values[3]!, values[4]!, values[5]!));
    }
}
