using Shoal.Core.Content;
using Shoal.Storage;
using Shoal.Storage.Hashing;
using Shoal.Storage.Offers;

namespace Shoal.Tests.Storage;

public sealed class KeptFileTests : IDisposable, IProgress<FolderProgress>
{
    private readonly TempFolder _folder = new();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private long _heard;

    public void Dispose() => _folder.Dispose();

    void IProgress<FolderProgress>.Report(FolderProgress value) => _heard = Math.Max(_heard, value.DoneBytes);

    [Theory]
    [InlineData(0, ChunkLayout.SmallestSize)]
    [InlineData(300_000, ChunkLayout.SmallestDefaultSize)]
    [InlineData(300_000, ChunkLayout.SmallestSize)]
    [InlineData(300_000, ChunkLayout.LargestSize)]
    public async Task The_same_bytes_are_known_in_chunks_of_any_size(int length, int chunkSize)
    {
        string path = Write(length, 1);
        using KeptFile kept = KeptFile.TryOpen(path)!;
        Assert.True(await kept.IsAsync(await OfferAsync(path, chunkSize), length, this, _cancellation));
        Assert.Equal(length, _heard);
    }

    [Fact]
    public async Task Other_bytes_are_another_file()
    {
        OfferId offer = await OfferAsync(Write(300_000, 1), ChunkLayout.SmallestSize);
        using KeptFile kept = KeptFile.TryOpen(Write(300_000, 2))!;
        Assert.False(await kept.IsAsync(offer, 300_000, this, _cancellation));
        Assert.False(await kept.IsAsync(offer, 299_999, this, _cancellation));
    }

    private string Write(int length, byte value)
    {
        string name = $"file-{value}";
        _folder.Write(name, TempFolder.RandomBytes(value, length));
        return _folder[name];
    }

    private static async Task<OfferId> OfferAsync(string path, int chunkSize)
    {
        var layout = new ChunkLayout(new FileInfo(path).Length, chunkSize);
        Manifest? manifest = layout.ChunkCount == 0 ? new Manifest(layout, []) : null;
        if (manifest is null)
        {
            await ChunkHasher.RunAsync(
                [new HashJob(path, path, layout)], 1, job => manifest = job.ToManifest(), null, default);
        }

        return OfferId.Of(OfferId.FileOf(manifest!.Id));
    }
}
