using Shoal.Cli.Frame;
using Shoal.Cli.Key;

namespace Shoal.Tests.Cli;

public sealed class KeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private string KeyFile => Path.Combine(_folder.Path, "swarm.key");

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task A_new_key_is_printed_and_works_from_the_environment()
    {
        Assert.Equal(ExitCode.Done, await RunAsync("key", "new"));
        string text = _output.ToString();
        Assert.Equal(text.Trim(), KeySource.From(null, _ => text).Load()!.Reveal());
        Assert.Empty(_error.ToString());

        _output.GetStringBuilder().Clear();
        await RunAsync("key", "new");
        Assert.NotEqual(text, _output.ToString());
    }

    [Fact]
    public async Task A_new_key_file_is_for_its_owner_only_and_never_overwrites()
    {
        Assert.Equal(ExitCode.Done, await RunAsync("key", "new", KeyFile));
        Assert.Empty(_output.ToString());
        string text = await File.ReadAllTextAsync(KeyFile, TestContext.Current.CancellationToken);
        Assert.Equal(text.Trim(), new KeySource(KeyFile, null).Load()!.Reveal());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        }

        Assert.Equal(ExitCode.Failed, await RunAsync("key", "new", KeyFile));
        Assert.Contains("never overwritten", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(KeyFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void No_source_is_no_key() => Assert.Null(KeySource.From(null, _ => null).Load());

    [Fact]
    public void A_missing_or_wrong_file_is_told_with_its_flag()
    {
        var missing = Assert.Throws<WorkFailedException>(() => new KeySource(KeyFile, null).Load());
        Assert.Contains(
            $"--key: {KeyFile} cannot be read: there is no such file. Make a key", missing.Message,
            StringComparison.Ordinal);

        File.WriteAllText(KeyFile, "hunter2");
        var wrong = Assert.Throws<WorkFailedException>(() => new KeySource(KeyFile, null).Load());
        Assert.Contains($"--key: {KeyFile} holds no key", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", wrong.Message, StringComparison.Ordinal);

        var variable = Assert.Throws<WorkFailedException>(() => new KeySource(null, "hunter2").Load());
        Assert.Contains("SHOAL_KEY", variable.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", variable.Message, StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] args)
    {
        var screen = new CommandScreen(_output, _error, false, false, false, 110) { Variable = _ => null };
        return CommandFrame.RunAsync(CommandTree.Create(screen), args, screen, TestContext.Current.CancellationToken);
    }
}
