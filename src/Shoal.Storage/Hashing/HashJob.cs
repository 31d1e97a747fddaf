using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Shoal.Core.Content;
using Shoal.Storage.Files;
using Shoal.Storage.Records;

namespace Shoal.Storage.Hashing;

/// <summary>How the hashing of a file ended.</summary>
internal enum HashResult
{
    /// <summary>All wanted chunks are hashed, and the file was the same from beginning to end.</summary>
    Done,

    /// <summary>The file became another while it was read.</summary>
    Changed,

    /// <summary>The file cannot be opened or read.</summary>
    Unreadable,
}

/// <summary>
/// One file to hash. Its chunks are hashed by several threads; what they share is guarded by the job.
/// </summary>
internal sealed class HashJob : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Digest[] _digests;
    private SafeFileHandle? _file;
    private FileStamp _opened;
    private int _open;
    private Exception? _failure;

    /// <param name="path">The file.</param>
    /// <param name="name">Its name for people.</param>
    /// <param name="layout">How it is cut.</param>
    /// <param name="wanted">The chunks to hash; null: all.</param>
    public HashJob(string path, string name, ChunkLayout layout, Bitfield? wanted = null)
    {
        Path = path;
        Name = name;
        Layout = layout;
        Wanted = wanted;
        _digests = new Digest[layout.ChunkCount];
        _open = wanted?.SetCount ?? layout.ChunkCount;
    }

    public string Path { get; }

    public string Name { get; }

    public ChunkLayout Layout { get; }

    public Bitfield? Wanted { get; }

    /// <summary>Whose chunks are checked, where it is not about a file with a name.</summary>
    public JournalContent? Incoming { get; init; }

    /// <summary>How the hashing ended; meaningless before.</summary>
    public HashResult Result { get; private set; }

    /// <summary>What the file looked like while it was hashed.</summary>
    public FileStamp Stamp => _opened;

    /// <summary>What went wrong, for people; null if nothing did.</summary>
    public string? Failure => _failure?.Message;

    /// <summary>How many bytes there are to hash.</summary>
    public long WantedBytes
    {
        get
        {
            long bytes = 0;
            for (int i = 0; i < Layout.ChunkCount && Wanted is not null; i++)
            {
                bytes += Wanted[i] ? Layout.RangeOf(new ChunkIndex(i)).Length : 0;
            }

            return Wanted is null ? Layout.Length : bytes;
        }
    }

    public bool Wants(int chunk) => Wanted is null || Wanted[chunk];

    /// <summary>The digest of a chunk that was hashed.</summary>
    public Digest DigestOf(int chunk) => _digests[chunk];

    /// <summary>The whole as a content. Only where all chunks were wanted; gives the digests away.</summary>
    public Manifest ToManifest() => new(Layout, ImmutableCollectionsMarshal.AsImmutableArray(_digests));

    /// <summary>Hashes one chunk; true if it was the last one and the job has its result.</summary>
    public bool HashChunk(int chunk, ChunkReader reader)
    {
        try
        {
            SafeFileHandle? file = Open();
            if (file is not null)
            {
                _digests[chunk] = reader.Hash(file, Layout.RangeOf(new ChunkIndex(chunk)));
            }
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            lock (_gate)
            {
                _failure ??= e;
            }
        }

        lock (_gate)
        {
            return --_open == 0 && Close();
        }
    }

    /// <summary>Closes the file of a job that was given up.</summary>
    public void Dispose() => _file?.Dispose();

    // The first thread opens the file for all. After a failure nobody reads on.
    private SafeFileHandle? Open()
    {
        lock (_gate)
        {
            if (_file is null && _failure is null)
            {
                _file = File.OpenHandle(
                    Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                _opened = FileProbe.StampOf(_file);
            }

            return _failure is null ? _file : null;
        }
    }

    private bool Close()
    {
        FileStamp end = _file is null ? _opened : FileProbe.StampOf(_file);
        bool isChanged = _failure is EndOfStreamException || end != _opened
            || (Wanted is null && end.Length != Layout.Length);
        Result = isChanged ? HashResult.Changed
            : _failure is null ? HashResult.Done
            : HashResult.Unreadable;
        _file?.Dispose();
        return true;
    }
}
