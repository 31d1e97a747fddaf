using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// Programs that Debian's rpcgen makes of a description, so that what is said over ONC RPC is judged by others.
/// </summary>
internal static class OncPrograms
{
    /// <summary>Makes them in a folder, or skips the test, saying so, where the tools are missing.</summary>
    public static void Make(string folder)
    {
        foreach (string needed in (string[])["/usr/bin/rpcgen", "/usr/bin/gcc", "/usr/include/tirpc/rpc/rpc.h"])
        {
            Assert.SkipUnless(
                File.Exists(needed),
                $"{needed} is not installed; on Debian: apt-get install rpcsvc-proto gcc libc6-dev libtirpc-dev");
        }

        foreach (string source in Directory.EnumerateFiles(PathOf("")))
        {
            File.Copy(source, Path.Join(folder, Path.GetFileName(source)));
        }

        (string Flag, string File)[] parts =
        [
            ("-h", "operations.h"), ("-c", "operations_xdr.c"), ("-l", "operations_clnt.c"), ("-m", "operations_svc.c"),
        ];
        foreach ((string flag, string file) in parts)
        {
            Assert.Equal(0, Run(folder, "rpcgen", flag, "-o", file, "operations.x").Code);
        }

        Compile(folder, "teller", "operations_clnt.c");
        Compile(folder, "taker", "operations_svc.c");
    }

    /// <summary>Where a source of theirs is.</summary>
    public static string PathOf(string name, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Join(Path.GetDirectoryName(here), "..", "Audit", "Onc", name));

    /// <summary>Runs a program to its end.</summary>
    public static (int Code, string Output) Run(string folder, string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    private static void Compile(string folder, string program, string stubs)
    {
        (int code, string output) = Run(
            folder, "gcc", "-I/usr/include/tirpc", "-o", program, $"{program}.c", stubs, "operations_xdr.c", "-ltirpc");
        Assert.True(code == 0, output);
    }
}
