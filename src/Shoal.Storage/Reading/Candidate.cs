using Shoal.Core.Content;
using Shoal.Storage.Files;
using Shoal.Storage.Records;

namespace Shoal.Storage.Reading;

/// <summary>What a file in a target folder turned out to be.</summary>
internal enum FileOrigin
{
    /// <summary>Not known yet.</summary>
    Open,

    /// <summary>This peer's own.</summary>
    Own,

    /// <summary>It came from another peer and has the content that came.</summary>
    Received,

    /// <summary>It came from another peer, and the disk lost some of its bytes.</summary>
    Damaged,

    /// <summary>It cannot be read, or does not stay as it is.</summary>
    Skipped,
}

/// <summary>A file whose content is to be found out.</summary>
internal sealed class Candidate(ScannedFile file, IReadOnlyList<Placement> placements)
{
    private readonly Queue<ChunkLayout> _layouts = [];
    private readonly List<Manifest> _learned = [];

    public ScannedFile File { get; private set; } = file;

    /// <summary>What the journal says came under this name.</summary>
    public IReadOnlyList<Placement> Placements => placements;

    public FileOrigin Origin { get; private set; }

    /// <summary>What is in it, once that is known.</summary>
    public Manifest? Manifest { get; private set; }

    /// <summary>How often it was another file after hashing than before.</summary>
    public int Changes { get; private set; }

    /// <summary>The layout to hash it by next.</summary>
    public ChunkLayout Layout => _layouts.Peek();

    /// <summary>
    /// Plans the hashing: by the layouts of what may have come under this name, and at last by that of an own
    /// file.
    /// </summary>
    /// <returns>False if the file is too long for any.</returns>
    public bool Plan(int? chunkSize, Func<ContentId, Manifest?> manifestOf)
    {
        _layouts.Clear();
        _learned.Clear();
        foreach (Placement placement in placements)
        {
            if (manifestOf(ContentOf(placement)) is { } manifest && manifest.Length == File.Stamp.Length
                && !_layouts.Contains(manifest.Layout))
            {
                _layouts.Enqueue(manifest.Layout);
            }
        }

        long length = File.Stamp.Length;
        int size = chunkSize is { } chosen && ChunkLayout.IsValid(length, chosen)
            ? chosen
            : ChunkLayout.DefaultChunkSize(length);
        if (!ChunkLayout.IsValid(length, size))
        {
            return false;
        }

        _layouts.Enqueue(new ChunkLayout(length, size));
        return true;
    }

    /// <summary>The journal vouches for it: nothing is hashed.</summary>
    public void Trust(Manifest manifest) => (Origin, Manifest) = (FileOrigin.Received, manifest);

    /// <summary>Its bytes are known in the layout that was asked for.</summary>
    public void Learn(Manifest manifest)
    {
        _layouts.Dequeue();
        _learned.Add(manifest);
        if (placements.Any(p => ContentOf(p) == manifest.Id))
        {
            (Origin, Manifest) = (FileOrigin.Received, manifest);
        }
        else if (_layouts.Count == 0)
        {
            (Origin, Manifest) = (FileOrigin.Own, manifest);
        }
    }

    /// <summary>It is the very file that came, untouched, but its bytes are not what came.</summary>
    /// <returns>The chunks that are still right.</returns>
    public Bitfield Condemn(Manifest expected)
    {
        (Origin, Manifest) = (FileOrigin.Damaged, expected);
        var right = new Bitfield(expected.ChunkCount);
        Manifest? found = _learned.Find(m => m.Layout == expected.Layout);
        for (int i = 0; i < expected.ChunkCount && found is not null; i++)
        {
            if (found.Digests[i] == expected.Digests[i])
            {
                right.Set(i);
            }
        }

        return right;
    }

    /// <summary>What it looked like when it was hashed.</summary>
    public void See(FileStamp stamp) => File = File with { Stamp = stamp };

    /// <summary>It is another file now.</summary>
    public void Change(FileStatus status)
    {
        Changes++;
        File = File with { Stamp = status.Stamp, IsExecutable = status.IsExecutable };
    }

    public void Skip() => Origin = FileOrigin.Skipped;

    public static ContentId ContentOf(Placement placement) => ((SharedEntry.File)placement.Entry).Content;
}
