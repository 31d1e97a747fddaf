using Shoal.Core.Wire.Handshake;
using Shoal.Net.Handshakes;

namespace Shoal.Tests.Net;

public sealed class SwarmKeyFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shoal-key-");

    private string FilePath => Path.Combine(_folder.FullName, "swarm.key");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void AKeyIsKeptForItsOwnerAlone()
    {
        SwarmKey key = SwarmKeyFile.Generate();
        Assert.Null(SwarmKeyFile.Write(FilePath, key));
        KeyResult.Found found = Assert.IsType<KeyResult.Found>(SwarmKeyFile.Read(FilePath));
        Assert.Equal(key.Reveal(), found.Key.Reveal());
        Assert.Null(found.Warning);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        }
    }

    [Fact]
    public void AnOldKeyIsNotOverwritten()
    {
        Assert.Null(SwarmKeyFile.Write(FilePath, SwarmKeyFile.Generate()));
        string before = File.ReadAllText(FilePath);
        Assert.StartsWith("cannot write the key to", SwarmKeyFile.Write(FilePath, SwarmKeyFile.Generate()));
        Assert.Equal(before, File.ReadAllText(FilePath));
    }

    [Fact]
    public void AKeyThatOthersCanReadIsUsedWithAWarning()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no permission bits");
        Assert.Null(SwarmKeyFile.Write(FilePath, SwarmKeyFile.Generate()));
#pragma warning disable CA1416 // Skipped on Windows.
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.GroupRead);
#pragma warning restore CA1416
        Assert.Contains("chmod 600", Assert.IsType<KeyResult.Found>(SwarmKeyFile.Read(FilePath)).Warning);
    }

    [Fact]
    public void WhatIsNoKeyFileIsExplainedWithoutShowingIt()
    {
        Assert.IsType<KeyResult.Failed>(SwarmKeyFile.Read(FilePath));
        Assert.IsType<KeyResult.Failed>(SwarmKeyFile.Read(_folder.FullName));
        string typo = SwarmKeyFile.Generate().Reveal()[..^1] + "*";
        File.WriteAllText(FilePath, typo);
        KeyResult.Failed failed = Assert.IsType<KeyResult.Failed>(SwarmKeyFile.Read(FilePath));
        Assert.DoesNotContain(typo[12..20], failed.Reason);
    }

    [Fact]
    public void AFileComesBeforeTheVariable()
    {
        SwarmKey inFile = SwarmKeyFile.Generate();
        SwarmKey inVariable = SwarmKeyFile.Generate();
        SwarmKeyFile.Write(FilePath, inFile);
        Assert.Equal(inFile.Reveal(), KeyOf(SwarmKeyFile.Find(FilePath, inVariable.Reveal())));
        Assert.Equal(inVariable.Reveal(), KeyOf(SwarmKeyFile.Find(null, inVariable.Reveal())));
        Assert.Null(SwarmKeyFile.Find(null, null));
        Assert.Null(SwarmKeyFile.Find(null, " "));
        Assert.IsType<KeyResult.Failed>(SwarmKeyFile.Find(null, "secret"));
    }

    [Fact]
    public void KeysDiffer() =>
        Assert.NotEqual(SwarmKeyFile.Generate().Reveal(), SwarmKeyFile.Generate().Reveal());

    private static string? KeyOf(KeyResult? result) => (result as KeyResult.Found)?.Key.Reveal();
}
