using System.Text;
using Shoal.Core.Roster;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>A client of some directory that says exactly what a test wants it to say.</summary>
internal sealed class Caller(ITransport network, EndpointText address)
{
    /// <summary>A date as clients write it, with its end.</summary>
    public const string Stamp = "25/11/2026 17:30:05\0";

    /// <summary>Sends a text as it is and returns everything that comes back, until the other end closes.</summary>
    public Task<string> AskAsync(string text) => AskAsync(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="AskAsync(string)"/>
    public async Task<string> AskAsync(byte[] bytes)
    {
        using TransportConnection connection = await DialAsync();
        await connection.Stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        return await ReadAsync(connection);
    }

    /// <summary>The same, byte by byte.</summary>
    public async Task<string> DripAsync(string text)
    {
        using TransportConnection connection = await DialAsync();
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            await connection.Stream.WriteAsync(new[] { b }, TestContext.Current.CancellationToken);
            await Task.Yield();
        }

        return await ReadAsync(connection);
    }

    /// <summary>Opens a connection; the test's to dispose of.</summary>
    public async Task<TransportConnection> DialAsync()
    {
        DialResult result = await network.DialAsync(address, TestContext.Current.CancellationToken);
        return Assert.IsType<DialResult.Connected>(result).Connection;
    }

    /// <summary>Everything that comes until the other end closes.</summary>
    public static async Task<string> ReadAsync(TransportConnection connection)
    {
        using var all = new MemoryStream();
        await connection.Stream.CopyToAsync(all, TestContext.Current.CancellationToken)
            .WaitAsync(Limits.Wait, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(all.ToArray());
    }
}
