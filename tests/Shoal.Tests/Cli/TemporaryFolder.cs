namespace Shoal.Tests.Cli;

/// <summary>A folder that is gone when its test is over.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("shoal-tests-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
