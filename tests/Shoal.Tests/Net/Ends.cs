using Shoal.Core.Roster;
using Shoal.Net.Transport;

namespace Shoal.Tests.Net;

/// <summary>Both ends of connections within the process.</summary>
internal static class Ends
{
    public static readonly EndpointText Here = new("here", 1);
    public static readonly EndpointText There = new("there", 2);

    public static (TransportConnection Near, TransportConnection Far) Connect(int bufferBytes = 64 * 1024) =>
        InMemoryStream.Connect(Here, There, bufferBytes);

    /// <summary>Reads until the other end says no more.</summary>
    public static async Task<byte[]> ReadAllAsync(this TransportConnection connection)
    {
        using var all = new MemoryStream();
        await connection.Stream.CopyToAsync(all, TestContext.Current.CancellationToken);
        return all.ToArray();
    }

    public static ValueTask SayAsync(this TransportConnection connection, byte[] bytes) =>
        connection.Stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
}
