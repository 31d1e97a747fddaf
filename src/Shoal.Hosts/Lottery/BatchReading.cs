using System.Collections.Immutable;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Shoal.Core.Lottery;
using Shoal.Core.Wire.Lottery;

namespace Shoal.Hosts.Lottery;

/// <summary>The batch in the body of a request, or what is wrong with it.</summary>
/// <param name="Rows">The bets; null: there is a problem.</param>
/// <param name="Hash">Their content, which is the same in whatever form they came.</param>
/// <param name="Problem">What is wrong; null: nothing.</param>
internal sealed record BatchReading(BatchRows? Rows, BatchHash Hash, LotteryProblem? Problem)
{
    /// <summary>Reads a body. Packed or not, no more is read of it than a batch may have.</summary>
    public static async Task<BatchReading> ReadAsync(
        HttpRequest request, AgencyId agency, DateOnly today, ArrivalBudget budget,
        CancellationToken cancellationToken)
    {
        string form = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            ? type.MediaType.ToString().ToLowerInvariant()
            : "";
        if (form is not ("text/csv" or "application/json" or "application/x-ndjson"))
        {
            return Bad(LotteryProblems.OtherForm("a batch is text/csv, application/json or application/x-ndjson"));
        }

        string packing = request.Headers.ContentEncoding.ToString().ToLowerInvariant();
        if (packing is not ("" or "identity" or "gzip"))
        {
            return Bad(LotteryProblems.OtherForm("a batch is not packed, or with gzip"));
        }

        try
        {
            await using Stream unpacked = packing == "gzip"
                ? new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true)
                : request.Body;
            using var body = new ArrivingBody(budget, cancellationToken);
            return await body.ReadAsync(unpacked, BatchBody.LongestBody) switch
            {
                BodyEnd.TooLong => TooLarge(),
                BodyEnd.NoRoom => Bad(LotteryProblems.NoRoom()),
                _ => Read(body.Bytes.Span, form, agency, today),
            };
        }
        catch (InvalidDataException e)
        {
            return Bad(LotteryProblems.BadRequest($"the body is no gzip: {e.Message}"));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge();
        }
    }

    private static BatchReading Read(ReadOnlySpan<byte> body, string form, AgencyId agency, DateOnly today)
    {
        bool isRead = form == "text/csv"
            ? BatchBody.TryReadRows(body, agency, today, out ImmutableArray<Bet> bets, out BodyFault? fault)
            : BatchBody.TryReadObjects(body, agency, today, out bets, out fault);
        if (!isRead)
        {
            return Bad(fault!.Bet is null ? LotteryProblems.BadRequest(fault.Reason) : LotteryProblems.BadBatch(fault));
        }

        byte[] rows = BetRows.Encode(bets.AsSpan());
        return new BatchReading(new BatchRows(rows, bets.Length), BatchHash.Of(rows), Problem: null);
    }

    private static BatchReading TooLarge() =>
        Bad(LotteryProblems.TooLarge($"a batch has at most {BatchBody.LongestBody} bytes, unpacked"));

    private static BatchReading Bad(LotteryProblem problem) => new(Rows: null, default, problem);
}
