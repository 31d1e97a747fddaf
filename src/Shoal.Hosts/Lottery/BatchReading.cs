using System.Collections.Immutable;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Shoal.Core.Lottery;
using Shoal.Core.Wire.Lottery;

namespace Shoal.Hosts.Lottery;

/// <summary>The batch in the body of a request, or what is wrong with it.</summary>
/// <param name="Bets">The bets.</param>
/// <param name="Hash">Their content, which is the same in whatever form they came.</param>
/// <param name="Problem">What is wrong; null: nothing.</param>
internal sealed record BatchReading(ImmutableArray<Bet> Bets, BatchHash Hash, LotteryProblem? Problem)
{
    /// <summary>Reads a body. Packed or not, no more is read of it than a batch may have.</summary>
    public static async Task<BatchReading> ReadAsync(
        HttpRequest request, AgencyId agency, DateOnly today, CancellationToken cancellationToken)
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

        byte[]? body;
        try
        {
            await using Stream unpacked = packing == "gzip"
                ? new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true)
                : request.Body;
            body = await ReadAllAsync(unpacked, BatchBody.LongestBody, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            return Bad(LotteryProblems.BadRequest($"the body is no gzip: {e.Message}"));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            body = null;
        }

        return body is null
            ? Bad(LotteryProblems.TooLarge($"a batch has at most {BatchBody.LongestBody} bytes, unpacked"))
            : Read(body, form, agency, today);
    }

    /// <summary>Reads a stream to its end; null: it has more bytes than it may.</summary>
    public static async Task<byte[]?> ReadAllAsync(Stream stream, int most, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (all.Length + read > most)
            {
                return null;
            }

            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    private static BatchReading Read(byte[] body, string form, AgencyId agency, DateOnly today)
    {
        bool isRead = form == "text/csv"
            ? BatchBody.TryReadRows(body, agency, today, out ImmutableArray<Bet> bets, out BodyFault? fault)
            : BatchBody.TryReadObjects(body, agency, today, out bets, out fault);
        return isRead
            ? new BatchReading(bets, BatchHash.Of(BetRows.Encode(bets.AsSpan())), Problem: null)
            : Bad(fault!.Bet is null ? LotteryProblems.BadRequest(fault.Reason) : LotteryProblems.BadBatch(fault));
    }

    private static BatchReading Bad(LotteryProblem problem) => new([], default, problem);
}
