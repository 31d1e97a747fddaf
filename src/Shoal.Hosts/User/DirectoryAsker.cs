using System.Buffers;
using System.IO.Pipelines;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Directory;
using Shoal.Net;
using Shoal.Net.Transport;

namespace Shoal.Hosts.User;

/// <summary>Asks a directory, of whatever make: one connection a request, and replies in any style.</summary>
public sealed class DirectoryAsker(
    ITransport transport, EndpointText hub, TimeSpan replyLimit, IRequestClock clock, TimeProvider time)
{
    /// <summary>The directory.</summary>
    public EndpointText Hub => hub;

    /// <summary>Asks, and waits for the whole answer.</summary>
    public async ValueTask<DirectoryAnswer> AskAsync(DirectoryRequest request, CancellationToken cancellationToken)
    {
        string stamp = await clock.StampAsync(cancellationToken);
        DialResult dial = await transport.DialAsync(hub, cancellationToken);
        if (dial is not DialResult.Connected connected)
        {
            return DirectoryAnswer.Unanswered(((DialResult.Failed)dial).Reason);
        }

        using TransportConnection connection = connected.Connection;
        using var silence = new Deadline(replyLimit, time, cancellationToken);
        try
        {
            var output = new ArrayBufferWriter<byte>();
            RequestCodec.Encode(output, stamp, request);
            await connection.Stream.WriteAsync(output.WrittenMemory, silence.Token);
            return await ReadAsync(connection.Stream, request.Operation, silence);
        }
        catch (OperationCanceledException) when (silence.HasPassed)
        {
            return DirectoryAnswer.Unanswered(
                $"the directory at {hub} said nothing for {replyLimit.TotalSeconds:0.#} s");
        }
        catch (IOException e)
        {
            return DirectoryAnswer.Unanswered($"the directory at {hub} broke the connection: {e.Message}");
        }
    }

    private async Task<DirectoryAnswer> ReadAsync(
        Stream stream, DirectoryOperation operation, Deadline silence)
    {
        var decoder = new ReplyDecoder(operation);
        PipeReader reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                ReadResult read = await reader.ReadAsync(silence.Token);
                silence.Restart(replyLimit);
                ReadOnlySequence<byte> input = read.Buffer;
                DecodeStatus status = decoder.TryDecode(ref input, out ReceivedReply? reply);
                if (status == DecodeStatus.Done)
                {
                    return DirectoryAnswer.Of(reply!);
                }

                if (status == DecodeStatus.Invalid)
                {
                    return DirectoryAnswer.Unanswered($"what answers at {hub} is no directory");
                }

                if (read.IsCompleted)
                {
                    return DirectoryAnswer.Unanswered(
                        $"the directory at {hub} closed the connection before its reply was whole");
                }

                reader.AdvanceTo(input.Start, read.Buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }
}
