using System.Text;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// A hub with a directory that a command of the system's shell starts again: a program of the test's own, as
/// <c>systemctl</c> or a script of its owner would.
/// </summary>
internal sealed class RestartedHub : IAsyncDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly HeldPort _port = new();
    private readonly string _program;

    private RestartedHub(string program) => _program = program;

    /// <summary>How long a check may take that starts it again ten times.</summary>
    public static TimeSpan Patience => 4 * Limits.Run;

    /// <summary>Where its directory listens, each time.</summary>
    public string Address => _port.Address;

    /// <summary>Writes the program under this name and starts the hub by it; the hub's log is <c>log</c>.</summary>
    public static async Task<RestartedHub> BeginAsync(Scratch scratch, string name)
    {
        var hub = new RestartedHub(scratch[name]);
        scratch.Write(name, Encoding.UTF8.GetBytes(Script(scratch.Root, hub.Address)));
        File.SetUnixFileMode(hub._program, Executable);
        await hub.RunAsync("start");
        return hub;
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("end");
        _port.Dispose();
    }

    private async Task RunAsync(string verb)
    {
        await using ShoalProcess process = ShoalProcess.StartOther(verb, "/bin/sh", _program, verb);
        await process.ExpectAsync(0);
    }

    // A hub that is gone may stay as a zombie, where nobody waits for orphans. The command ends when the next one
    // listens, so that no limit of the check has to be longer than a busy machine takes for it.
    private static string Script(string folder, string address) => $$"""
        #!/bin/sh
        cd '{{folder}}'
        touch log
        before=$(grep -c 'action: directory_listen' log)
        if [ -f pid ]; then
            pid=$(cat pid)
            kill "$pid"
            while grep -q '^State:.[^Z]' "/proc/$pid/status" 2>/dev/null; do sleep 0.1; done
        fi
        [ "$1" = end ] && exit 0
        '{{ShoalProcess.Program}}' hub --listen 127.0.0.1:0 --directory {{address}} --data data >>log 2>&1 &
        echo $! >pid
        while [ "$(grep -c 'action: directory_listen' log)" -eq "$before" ]; do
            kill -0 "$(cat pid)" || exit 1
            sleep 0.1
        done
        """;
}
