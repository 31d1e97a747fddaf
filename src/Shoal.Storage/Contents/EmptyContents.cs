using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Shoal.Core.Content;

namespace Shoal.Storage.Contents;

/// <summary>The contents without bytes: one for each chunk size. They are always here.</summary>
internal static class EmptyContents
{
    private static readonly FrozenDictionary<ContentId, Manifest> Manifests =
        Make().ToFrozenDictionary(m => m.Id);

    public static bool TryFind(ContentId id, [NotNullWhen(true)] out Manifest? manifest) =>
        Manifests.TryGetValue(id, out manifest);

    private static IEnumerable<Manifest> Make()
    {
        for (int size = ChunkLayout.SmallestSize; size <= ChunkLayout.LargestSize; size *= 2)
        {
            yield return new Manifest(new ChunkLayout(0, size), []);
        }
    }
}
