using System.Buffers;
using Microsoft.Extensions.Logging;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Directory;
using Shoal.Net;
using Shoal.Net.Transport;
using Shoal.Storage;
using Shoal.Storage.Offers;

namespace Shoal.Hosts.User;

/// <summary>What came of a request for another user's file.</summary>
/// <param name="Result">Found: the whole file is here.</param>
/// <param name="Bytes">How many bytes came.</param>
/// <param name="Reason">Why it failed, for people; null: it did not.</param>
public sealed record FetchAnswer(FetchResult Result, long Bytes, string? Reason)
{
    /// <summary>
    /// From whom how many bytes came that were not here before, the most first, where it came in verified chunks; null
    /// by default: it did not.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, long>>? Sources { get; init; }

    /// <summary>Whether what came is kept, so that another attempt goes on with it; false by default.</summary>
    public bool IsKept { get; init; }

    /// <summary>
    /// Whether those who had it gave it no longer before all was here, so that it may be something else now; false by
    /// default.
    /// </summary>
    public bool IsInterrupted { get; init; }

    /// <summary>Whether another file has the name, which is kept; false by default.</summary>
    public bool IsTaken { get; init; }

    /// <summary>The answer where another file has the name, which is kept.</summary>
    internal static FetchAnswer Taken(string target) =>
        new(FetchResult.Refused, 0, $"{target} is there already, and is another file") { IsTaken = true };
}

/// <summary>Fetches a file from another user's machine, of whatever make.</summary>
internal sealed class FileFetch(UserOptions options, ITransport transport, TimeProvider time, ILogger log)
{
    private const int BufferBytes = 256 * 1024;

    /// <summary>Fetches a file to a path, under which it appears when it is complete.</summary>
    public async Task<FetchAnswer> FetchAsync(
        EndpointText address, PublicationName file, string target, CancellationToken cancellationToken)
    {
        DialResult dial = await transport.DialAsync(address, cancellationToken);
        FetchAnswer answer = dial is DialResult.Connected connected
            ? await FetchAsync(connected.Connection, file, target, cancellationToken)
            : new FetchAnswer(FetchResult.Refused, 0, ((DialResult.Failed)dial).Reason);
        log.FileFetched(
            answer.Result == FetchResult.Found ? "success" : "fail", address.ToString(), file.Value, answer.Bytes,
            answer.Reason ?? "");
        return answer;
    }

    private async Task<FetchAnswer> FetchAsync(
        TransportConnection owned, PublicationName file, string target, CancellationToken cancellationToken)
    {
        using TransportConnection connection = owned;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        using var silence = new Deadline(options.FileSilenceLimit, time, cancellationToken);
        var incoming = new Incoming(connection.Stream, buffer, silence, options.FileSilenceLimit);
        try
        {
            var request = new ArrayBufferWriter<byte>();
            FetchRequestCodec.Encode(request, file);
            await connection.Stream.WriteAsync(request.WrittenMemory, silence.Token);
            return await incoming.ReadReplyAsync() is { } reply
                ? reply.Result == FetchResult.Found
                    ? await StoreAsync(incoming, reply.Size, target, connection.Remote)
                    : Explain(reply.Result, file, connection.Remote)
                : Failed(connection.Remote, "closed the connection without a reply, or said what is none");
        }
        catch (OperationCanceledException) when (silence.HasPassed)
        {
            return Failed(connection.Remote, $"sent nothing for {options.FileSilenceLimit.TotalSeconds:0.#} s");
        }
        catch (FolderException e)
        {
            return new FetchAnswer(FetchResult.Refused, 0, e.Message);
        }
        catch (IOException e)
        {
            return Failed(connection.Remote, $"broke the connection: {e.Message}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<FetchAnswer> StoreAsync(
        Incoming incoming, long? size, string target, EndpointText remote)
    {
        using KeptFile? kept = options.Taken == TakenName.Keep ? KeptFile.TryOpen(target) : null;
        if (kept is not null)
        {
            return await CompareAsync(incoming, size, kept, target);
        }

        using ArrivingFile file = ArrivingFile.Create(target);
        long left = size ?? long.MaxValue;
        while (left > 0 && await incoming.ReadContentAsync() is { IsEmpty: false } content)
        {
            ReadOnlyMemory<byte> own = content[..(int)Math.Min(content.Length, left)];
            file.Write(own.Span);
            left -= own.Length;
        }

        if (size is { } whole && left > 0)
        {
            return Failed(remote, $"sent {file.Length} of {whole} bytes");
        }

        file.Complete(options.Taken);
        return new FetchAnswer(FetchResult.Found, file.Length, null);
    }

    // Nobody knows what it is before it has come, so it is taken as far as it is the same.
    private static async Task<FetchAnswer> CompareAsync(Incoming incoming, long? size, KeptFile kept, string target)
    {
        bool isSame = size is null || size == kept.Length;
        while (isSame && kept.SameBytes < (size ?? long.MaxValue)
            && await incoming.ReadContentAsync() is { IsEmpty: false } content)
        {
            int own = (int)Math.Min(content.Length, (size ?? long.MaxValue) - kept.SameBytes);
            isSame = kept.GoesOnWith(content.Span[..own]);
        }

        return isSame && kept.IsSame
            ? new FetchAnswer(FetchResult.Found, kept.Length, null)
            : FetchAnswer.Taken(target);
    }

    private static FetchAnswer Explain(FetchResult result, PublicationName file, EndpointText remote) =>
        result == FetchResult.NoSuchFile
            ? new FetchAnswer(result, 0, $"{remote} offers no file '{file}'")
            : Failed(remote, $"will not send '{file}'");

    private static FetchAnswer Failed(EndpointText remote, string what) =>
        new(FetchResult.Refused, 0, $"{remote} {what}");

    /// <summary>What comes from the other machine, first a reply and then content.</summary>
    private sealed class Incoming(
        Stream stream, byte[] buffer, Deadline silence, TimeSpan silenceLimit)
    {
        private ReadOnlyMemory<byte> _rest;

        /// <summary>Null: there is none, or it is something else.</summary>
        public async ValueTask<FetchReply?> ReadReplyAsync()
        {
            int filled = 0;
            while (filled < buffer.Length)
            {
                int read = await ReadAsync(buffer.AsMemory(filled));
                filled += read;
                var input = new ReadOnlySequence<byte>(buffer, 0, filled);
                DecodeStatus status = FetchReplyCodec.TryDecode(ref input, out FetchReply? reply);
                if (status == DecodeStatus.Done)
                {
                    _rest = buffer.AsMemory(filled - (int)input.Length, (int)input.Length);
                    return reply;
                }

                if (status == DecodeStatus.Invalid || read == 0)
                {
                    // A digit and then nothing is what a program without zero bytes says of an empty file.
                    return read == 0 && buffer.AsSpan(0, filled).SequenceEqual("0"u8)
                        ? new FetchReply(FetchResult.Found, null)
                        : null;
                }
            }

            return null;
        }

        /// <summary>The next bytes; none: that was the last.</summary>
        public async ValueTask<ReadOnlyMemory<byte>> ReadContentAsync()
        {
            if (!_rest.IsEmpty)
            {
                ReadOnlyMemory<byte> rest = _rest;
                _rest = default;
                return rest;
            }

            return buffer.AsMemory(0, await ReadAsync(buffer));
        }

        private async ValueTask<int> ReadAsync(Memory<byte> into)
        {
            silence.Restart(silenceLimit);
            return await stream.ReadAsync(into, silence.Token);
        }
    }
}
