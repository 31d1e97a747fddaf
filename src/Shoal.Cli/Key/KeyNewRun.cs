using System.Security.Cryptography;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Wire.Handshake;

namespace Shoal.Cli.Key;

/// <summary>Does <c>shoal key new</c>.</summary>
internal static class KeyNewRun
{
    public static async Task<int> RunAsync(
        KeyNewArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        string key = new SwarmKey(RandomNumberGenerator.GetBytes(SwarmKey.Size)).Reveal();
        if (arguments.File is not { } file)
        {
            await screen.Output.WriteLineAsync(key.AsMemory(), cancellation);
            return ExitCode.Done;
        }

        try
        {
            await using var stream = new FileStream(file, OptionsOfSecret());
            await using var writer = new StreamWriter(stream);
            await writer.WriteLineAsync(key.AsMemory(), cancellation);
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new WorkFailedException(
                $"{file} is there already and is never overwritten: its key may be in use. Name another file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException(WriteFailure.OfFile(file, e), e);
        }

        await screen.Error.WriteLineAsync(
            $"made {file}; copy it to the hub and to every peer, and start them with --key {file}".AsMemory(),
            cancellation);
        return ExitCode.Done;
    }

    private static FileStreamOptions OptionsOfSecret()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
