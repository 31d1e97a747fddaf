namespace Shoal.Net.Frames;

/// <summary>
/// What has passed a connection so far, in bytes. Each figure is written by one task and read by any.
/// </summary>
public sealed class ConnectionCounters
{
    private long _bytesSent, _payloadSent, _bytesReceived, _payloadReceived;

    /// <summary>All bytes that were handed to the link.</summary>
    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>Those of them that were bytes of chunks.</summary>
    public long PayloadSent => Volatile.Read(ref _payloadSent);

    /// <summary>All bytes that came.</summary>
    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    /// <summary>Those of them that were bytes of chunks and have been read.</summary>
    public long PayloadReceived => Volatile.Read(ref _payloadReceived);

    internal void Sent(int bytes, int payload)
    {
        Volatile.Write(ref _bytesSent, _bytesSent + bytes);
        Volatile.Write(ref _payloadSent, _payloadSent + payload);
    }

    internal void Received(int bytes) => Volatile.Write(ref _bytesReceived, _bytesReceived + bytes);

    internal void ReceivedPayload(int bytes) =>
        Volatile.Write(ref _payloadReceived, _payloadReceived + bytes);
}
