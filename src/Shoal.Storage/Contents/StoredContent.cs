using Shoal.Core.Content;
using Shoal.Storage.Files;

namespace Shoal.Storage.Contents;

/// <summary>A file in the target folder that holds a whole content.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Stamp">What it looked like when its bytes were known.</param>
internal sealed record ContentFile(EntryName Name, FileStamp Stamp);

/// <summary>
/// One content, and where its bytes are. All but the manifest is guarded by <see cref="Gate"/>.
/// </summary>
internal sealed class StoredContent(Manifest manifest)
{
    public object Gate { get; } = new();

    /// <summary>
    /// Held while files of this content are made or moved, which may take long; taken before the gate.
    /// </summary>
    public Lock Placing { get; } = new();

    public Manifest Manifest { get; } = manifest;

    public ContentId Id => Manifest.Id;

    /// <summary>The chunks that are here.</summary>
    public Bitfield Chunks { get; set; } = new(manifest.ChunkCount);

    /// <summary>Whether it will come in this run.</summary>
    public bool IsExpected { get; set; }

    /// <summary>How many of its bytes are still to come.</summary>
    public long MissingBytes
    {
        get
        {
            int last = Manifest.ChunkCount - 1;
            long held = (long)Chunks.SetCount * Manifest.Layout.ChunkSize;
            long shortage = last >= 0 && Chunks[last]
                ? Manifest.Layout.ChunkSize - Manifest.LengthOf(new ChunkIndex(last))
                : 0;
            return Manifest.Length - (held - shortage);
        }
    }

    /// <summary>Chunks that a thread is writing.</summary>
    public HashSet<int> BeingWritten { get; } = [];

    /// <summary>Whether the bytes are in the file where the content is put together.</summary>
    public bool HasIncoming { get; set; }

    /// <summary>The files that hold all of it.</summary>
    public List<ContentFile> Files { get; } = [];

    /// <summary>Whether all of it is here. An empty content always is.</summary>
    public bool IsComplete => Chunks.IsComplete && (HasIncoming || Files.Count > 0 || Manifest.Length == 0);

    /// <summary>Whether all chunks of a range are here.</summary>
    public bool Covers(long offset, int length)
    {
        if (offset < 0 || length < 0 || offset > Manifest.Length - length)
        {
            return false;
        }

        int size = Manifest.Layout.ChunkSize;
        for (int chunk = (int)(offset / size); (long)chunk * size < offset + length; chunk++)
        {
            if (!Chunks[chunk])
            {
                return false;
            }
        }

        return true;
    }
}
