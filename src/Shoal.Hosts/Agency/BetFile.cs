using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using Shoal.Core.Lottery;
using Shoal.Core.Wire.Lottery;

namespace Shoal.Hosts.Agency;

/// <summary>
/// Reads an agency's bets from its file, batch by batch: a row a bet, with first name, last name, document, birth date
/// and number. However often it is read from the beginning, a bad line is told once.
/// </summary>
internal sealed class BetFile(BetFileOptions options, Func<DateOnly> today, Action<BadLine> tell) : IAsyncDisposable
{
    private const int Fields = 5;

    // What surrounds the values of a bet in the wordiest protocol, with the longest document and number.
    private const int BytesAround = 160;

    private readonly string _agency = options.Agency.ToString();
    private readonly char[] _text = new char[LineReader.LongestLine];
    private LineReader? _lines;
    private Bet? _leftOver;
    private long _toSkip;
    private long _lastTold;

    /// <summary>The part of the file that is behind us, in bytes.</summary>
    public long Position => _lines?.Position ?? 0;

    /// <summary>Lines that are no bets, of those read so far.</summary>
    public long BadLines { get; private set; }

    /// <summary>Goes back to the beginning.</summary>
    /// <param name="bets">Good bets to skip from there.</param>
    public async ValueTask RewindAsync(long bets)
    {
        await DisposeAsync();
        _lines = new LineReader(options.Open());
        _leftOver = null;
        _toSkip = bets;
    }

    /// <summary>Reads the next batch; empty: there is no further bet.</summary>
    public async ValueTask<ImmutableArray<Bet>> ReadAsync(CancellationToken cancellationToken)
    {
        for (; _toSkip > 0; _toSkip--)
        {
            if (await ReadBetAsync(cancellationToken) is null)
            {
                return [];
            }
        }

        ImmutableArray<Bet>.Builder batch = ImmutableArray.CreateBuilder<Bet>(options.Batch);
        int bytes = 0;
        while (batch.Count < options.Batch && await ReadBetAsync(cancellationToken) is { } bet)
        {
            bytes += BytesAround + Encoding.UTF8.GetByteCount(bet.FirstName) + Encoding.UTF8.GetByteCount(bet.LastName);
            if (bytes > AgencyTextCodec.LongestMessage)
            {
                _leftOver = bet;
                break;
            }

            batch.Add(bet);
        }

        return batch.DrainToImmutable();
    }

    public async ValueTask DisposeAsync()
    {
        if (_lines is not null)
        {
            await _lines.DisposeAsync();
            _lines = null;
        }
    }

    // Null: the file has ended.
    private async ValueTask<Bet?> ReadBetAsync(CancellationToken cancellationToken)
    {
        if (_leftOver is { } left)
        {
            _leftOver = null;
            return left;
        }

        while (await _lines!.ReadAsync(cancellationToken))
        {
            if (TryRead(_lines.Line.Span, out Bet? bet, out string reason))
            {
                return bet;
            }

            if (_lines.Number > _lastTold)
            {
                _lastTold = _lines.Number;
                BadLines++;
                tell(new BadLine(_lines.Number, reason, _lines.Line));
            }
        }

        return null;
    }

    private bool TryRead(ReadOnlySpan<byte> line, out Bet? bet, out string reason)
    {
        bet = null;
        if (_lines!.IsTooLong)
        {
            reason = $"is longer than {LineReader.LongestLine} bytes";
            return false;
        }

        if (Utf8.ToUtf16(line, _text, out _, out int length, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            reason = "is not UTF-8";
            return false;
        }

        Span<char> text = _text.AsSpan(0, length);
        Span<Range> values = stackalloc Range[Fields];
        switch (BetRows.Split(text, values))
        {
            case null:
                reason = "has a quotation mark that is not where one may be";
                return false;
            case > Fields:
                reason = $"has more than {Fields} values";
                return false;
            case < Fields and var count:
                reason = $"has {count} of {Fields} values";
                return false;
        }

        var fields = new BetFields(
            _agency, text[values[0]], text[values[1]], text[values[2]], text[values[3]], text[values[4]]);
        BetFault? fault = BetRules.TryRead(fields, today(), out bet, out BetFault? broken)
            ? options.FaultOf(bet)
            : broken;
        reason = fault?.ToString() ?? "";
        return fault is null;
    }
}
