using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>Whatever happens to the directory's process or comes over its connections: nothing is lost.</summary>
public sealed class DirectoryFaultTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_acknowledged_publication_of_1000_survives_kills_in_the_middle()
    {
        const int count = 1000, publishers = 8;
        await using ProcessDirectory directory = await ProcessDirectory.BeginAsync();
        await using ProcessDirectory.Machine anna = await directory.ConnectAsync("anna");
        var left = new ConcurrentQueue<string>(
            Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        var acknowledged = new ConcurrentBag<string>();
        foreach (int enough in new[] { 150, 400, 700 })
        {
            Task[] publishing =
            [
                .. Enumerable.Range(0, publishers).Select(_ => PublishAsync(directory, left, acknowledged)),
            ];
            await Limits.UntilAsync(() => acknowledged.Count >= enough, $"{enough} are published");
            await directory.Hub.KillAsync();
            await Task.WhenAll(publishing);
            await directory.StartAsync();
            Assert.Equal("0\0", await directory.AskAsync("CONNECT", "anna", anna.Port));
            string[] listed = await ListAsync(directory);
            Assert.Empty(acknowledged.Except(listed));
            Assert.Equal(listed.Length, listed.Distinct().Count());
        }

        await Task.WhenAll(Enumerable.Range(0, publishers).Select(_ => PublishAsync(directory, left, acknowledged)));
        Assert.Equal(count, (await ListAsync(directory)).Length);
    }

    [Fact]
    public async Task Five_thousand_silent_connections_disturb_nobody()
    {
        const int count = 5000;
        string limit = (await File.ReadAllLinesAsync("/proc/self/limits", Stop))
            .Single(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        Assert.SkipUnless(
            long.TryParse(limit.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], out long most)
                && most > count + 1000,
            $"this needs {count + 1000} open files a process; raise the limit (ulimit -Hn): {limit}");
        await using ProcessDirectory directory = await ProcessDirectory.BeginAsync();
        await using ProcessDirectory.Machine anna = await directory.ConnectAsync("anna");
        var idle = new ConcurrentBag<Socket>();
        try
        {
            Task opening = Parallel.ForAsync(0, count, Stop, async (_, stop) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(directory.Address.Host, directory.Address.Port, stop);
            });
            do
            {
                string user = $"user{idle.Count}";
                Assert.Equal("0\0", await directory.AskAsync("REGISTER", user));
                Assert.Equal("0\0", await directory.AskAsync("UNREGISTER", user));
            }
            while (!opening.IsCompleted);
            await opening;
            Assert.StartsWith(
                "0\0" + "1\0anna\0", await directory.AskAsync("LIST_USERS", "anna"), StringComparison.Ordinal);

            // They said nothing, so they are closed; and the hub does not keep them.
            await Parallel.ForEachAsync(idle, Stop, async (socket, stop) =>
                Assert.Equal(0, await socket.ReceiveAsync(new byte[1], stop)));
            await Limits.UntilAsync(() => directory.Hub.OpenFiles < 500, "the hub has closed them");
        }
        finally
        {
            foreach (Socket socket in idle)
            {
                socket.Dispose();
            }
        }
    }

    [Fact]
    public async Task Half_a_request_and_then_silence_is_answered_while_others_are_served()
    {
        await using ProcessDirectory directory = await ProcessDirectory.BeginAsync();
        using var half = new TcpClient();
        await half.ConnectAsync(directory.Address.Host, directory.Address.Port, Stop);
        await half.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"PUBLISH\0{Caller.Stamp}anna\0fil"), Stop);
        Assert.Equal("0\0", await directory.AskAsync("REGISTER", "anna"));
        using var reader = new StreamReader(half.GetStream());
        Assert.Equal("4\0", await reader.ReadToEndAsync(Stop));
    }

    [Fact]
    public async Task Connections_that_are_reset_before_in_and_behind_their_replies_disturb_nobody()
    {
        await using ProcessDirectory directory = await ProcessDirectory.BeginAsync();
        await using ProcessDirectory.Machine anna = await directory.ConnectAsync("anna");
        await Parallel.ForAsync(0, 200, Stop, async (i, stop) =>
        {
            using var client = new TcpClient();
            await client.ConnectAsync(directory.Address.Host, directory.Address.Port, stop);
            byte[] request = Encoding.UTF8.GetBytes($"PUBLISH\0{Caller.Stamp}anna\0file{i}\0about\0");
            int sent = i % 3 == 0 ? request.Length / 2 : request.Length;
            await client.GetStream().WriteAsync(request.AsMemory(0, sent), stop);
            if (i % 3 == 1)
            {
                await client.GetStream().ReadExactlyAsync(new byte[1], stop);
            }

            // A reset, whatever is under way.
            client.Client.LingerState = new LingerOption(true, 0);
        });
        Assert.Equal("0\0", await directory.AskAsync("PUBLISH", "anna", "last", ""));
        string[] listed = await ListAsync(directory);
        Assert.InRange(listed.Length, 67, 134);
        // A request whose connection was reset right behind it may still be at work.
        Assert.Contains("last", listed);
        Assert.False(directory.Hub.Output.Has("action: directory | result: fail"), directory.Hub.Output.ToString());
    }

    [Fact]
    public async Task A_full_disk_refuses_what_it_cannot_take_and_loses_nothing()
    {
        await using var directory = new ProcessDirectory();
        using Mount disk = Mount.RamDisk(directory.Scratch.Folder("data"), "size=768k");
        await directory.StartAsync();
        await using ProcessDirectory.Machine anna = await directory.ConnectAsync("anna");
        Assert.Equal("0\0", await directory.AskAsync("PUBLISH", "anna", "first", "kept"));
        string thief = directory.Scratch["data/thief"];
        Assert.Throws<IOException>(() => File.WriteAllBytes(thief, new byte[2_000_000]));

        // What the write-ahead log has room for already may still fit.
        var acknowledged = new List<string> { "first" };
        string reply = "";
        for (int i = 0; i < 500 && reply is "" or "0\0"; i++)
        {
            reply = await directory.AskAsync("PUBLISH", "anna", $"file{i}", new string('x', 250));
            if (reply == "0\0")
            {
                acknowledged.Add($"file{i}");
            }
        }

        Assert.Equal("4\0", reply);
        Assert.Equal("2\0", await directory.AskAsync("REGISTER", "bert"));
        Assert.Equal("2\0", await directory.AskAsync("UNREGISTER", "anna"));
        Assert.Equal(acknowledged, await ListAsync(directory));
        Assert.Equal("0\0", await directory.AskAsync("DISCONNECT", "anna"));
        Assert.Equal("0\0", await directory.AskAsync("CONNECT", "anna", anna.Port));
        await directory.Hub.Output.WaitForAsync("action: directory_store | result: fail", "full");

        File.Delete(thief);
        Assert.Equal("0\0", await directory.AskAsync("REGISTER", "bert"));
        await directory.Hub.KillAsync();
        await directory.StartAsync();
        Assert.Equal("0\0", await directory.AskAsync("CONNECT", "anna", anna.Port));
        Assert.Equal("1\0", await directory.AskAsync("REGISTER", "bert"));
        Assert.Equal(acknowledged, await ListAsync(directory));
        await directory.Hub.KillAsync();
    }

    private static async Task PublishAsync(
        ProcessDirectory directory, ConcurrentQueue<string> left, ConcurrentBag<string> acknowledged)
    {
        while (left.TryDequeue(out string? name))
        {
            try
            {
                string reply = await directory.AskAsync("PUBLISH", "anna", name, $"about {name}");
                if (reply == "0\0")
                {
                    acknowledged.Add(name);
                    continue;
                }

                // It was stored before the kill and not acknowledged any more.
                Assert.True(reply is "3\0" or "", $"'{reply}' for {name}");
                if (reply == "3\0")
                {
                    continue;
                }
            }
            catch (Exception e) when (e is IOException or SocketException or Xunit.Sdk.IsTypeException)
            {
                // The hub is gone.
            }

            left.Enqueue(name);
            return;
        }
    }

    private static async Task<string[]> ListAsync(ProcessDirectory directory)
    {
        string[] fields = (await directory.AskAsync("LIST_CONTENT", "anna", "anna")).Split('\0');
        Assert.Equal("0", fields[0]);
        int rows = int.Parse(fields[1], CultureInfo.InvariantCulture);
        Assert.Equal((2 * rows) + 3, fields.Length);
        return [.. Enumerable.Range(0, rows).Select(i => fields[2 + (2 * i)])];
    }
}
