using System.Text;
using Shoal.Core.Roster;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>A directory of another make, which answers by a request's first word alone.</summary>
internal sealed class OtherDirectory : IAsyncDisposable
{
    public static readonly EndpointText Address = new("other", 9998);

    private ITransportListener _listener = null!;
    private Task _serving = Task.CompletedTask;

    public InMemoryTransport Network { get; } = new();

    public static async Task<OtherDirectory> BeginAsync(Func<string, string> answer)
    {
        var directory = new OtherDirectory();
        directory._listener = await directory.Network.ListenAsync(Address, TestContext.Current.CancellationToken);
        directory._serving = directory.ServeAsync(answer);
        return directory;
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _serving;
    }

    private async Task ServeAsync(Func<string, string> answer)
    {
        byte[] buffer = new byte[4096];
        while (await _listener.AcceptAsync(CancellationToken.None) is { } connection)
        {
            using (connection)
            {
                try
                {
                    if (await connection.Stream.ReadAsync(buffer) is var read && read > 0)
                    {
                        string word = Encoding.UTF8.GetString(buffer, 0, read).Split('\0')[0];
                        await connection.Stream.WriteAsync(Encoding.UTF8.GetBytes(answer(word)));
                    }
                }
                catch (IOException)
                {
                    // Whoever only looked whether it is there is gone.
                }
            }
        }
    }
}
