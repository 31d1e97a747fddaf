using Shoal.Cli.Frame;
using Shoal.Cli.Key;
using Shoal.Cli.Parsing;

namespace Shoal.Tests.Cli;

/// <summary>What a user is told whose file or folder cannot be written.</summary>
public sealed class WriteFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_missing_folder_is_named_in_our_words()
    {
        string file = Path.Join(_folder.Path, "none", "swarm.key");
        var failed = await Assert.ThrowsAsync<WorkFailedException>(() => KeyNewRun.RunAsync(
            new KeyNewArguments(file), new CommandScreen(TextWriter.Null, TextWriter.Null, false, false, false, 110),
            TestContext.Current.CancellationToken));
        Assert.Equal(
            $"{file} cannot be written: there is no folder above it. Name a file in a folder that you may write to.",
            failed.Message);
    }

    [Fact]
    public void Each_reason_has_its_sentence()
    {
        Assert.Equal(
            "x/y cannot be made: no folder can be made there. Name a folder that you may write to.",
            WriteFailure.OfFolder("x/y", new FileNotFoundException("Could not find file 'x'.")));
        Assert.Equal(
            "x/y cannot be made: you may not; check the owner and mode of the folder above it. "
            + "Name a folder that you may write to.",
            WriteFailure.OfFolder("x/y", new UnauthorizedAccessException()));
        Assert.Equal(
            $"{_folder.Path} cannot be written: it is a folder. Name a file in a folder that you may write to.",
            WriteFailure.OfFile(_folder.Path, new UnauthorizedAccessException()));
    }
}
