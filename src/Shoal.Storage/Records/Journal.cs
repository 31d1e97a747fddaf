using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Storage.Records;

/// <summary>
/// The memory of a target folder over the death of its process: which contents are on their way, which of
/// their chunks are verified, and which files came from whom. Read once, then begun anew, so that it never
/// grows without end.
/// </summary>
/// <remarks>
/// Nothing is forced to the disk for it. A killed process loses nothing; after a start of the machine what
/// the journal vouches for is hashed again. Thread-safe.
/// </remarks>
internal sealed class Journal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly RecordLog _log;
    private readonly RecordWriter _record = new();
    private readonly Dictionary<ContentId, int> _numbers = [];
    private int _nextNumber;

    private Journal(RecordLog log) => _log = log;

    private static ReadOnlySpan<byte> Magic => "shoaljr1"u8;

    private enum Kind : byte
    {
        Begun = 1,
        Prepared = 2,
        Stored = 3,
        StoredMany = 4,
        Dropped = 5,
        PlacedFile = 6,
        PlacedFolder = 7,
        MadeFolder = 8,
    }

    /// <summary>How long it is, in bytes.</summary>
    public long Length => _log.Length;

    /// <summary>What a journal says, up to its first damaged record.</summary>
    public static JournalState Read(string path)
    {
        var state = new JournalState();
        RecordLog.Read(path, Magic, (ref RecordReader record) => Apply(ref record, state));
        return state;
    }

    /// <summary>Begins a journal that says what is given, in place of the one that is there.</summary>
    public static Journal Begin(string path, string bootId, IEnumerable<JournalContent> contents,
        IEnumerable<Placement> placements, IEnumerable<EntryName> madeFolders)
    {
        string fresh = path + ".new";
        var journal = new Journal(RecordLog.Create(fresh, Magic));
        journal.Append(Kind.Begun, record => record.Write(bootId));
        foreach (JournalContent content in contents)
        {
            journal.Prepared(content.Manifest);
            journal.Append(Kind.StoredMany, record =>
            {
                record.Write(journal._numbers[content.Manifest.Id]);
                record.Write(content.Chunks.Bytes);
            });
        }

        foreach (Placement placement in placements)
        {
            journal.Append(placement);
        }

        foreach (EntryName folder in madeFolders)
        {
            journal.MadeFolder(folder);
        }

        File.Move(fresh, path, overwrite: true);
        return journal;
    }

    /// <summary>A chunk is verified, and its bytes were written before.</summary>
    public void Stored(Manifest manifest, ChunkIndex chunk)
    {
        lock (_gate)
        {
            if (!_numbers.ContainsKey(manifest.Id))
            {
                Prepared(manifest);
            }

            Append(Kind.Stored, record =>
            {
                record.Write(_numbers[manifest.Id]);
                record.Write(chunk.Value);
            });
        }
    }

    /// <summary>All chunks of a content that is here count as not stored.</summary>
    public void Dropped(ContentId content)
    {
        lock (_gate)
        {
            if (_numbers.Remove(content, out int number))
            {
                Append(Kind.Dropped, record => record.Write(number));
            }
        }
    }

    /// <summary>
    /// An entry is about to get its name here. Said before it has it: the stamp tells whether it came so far.
    /// </summary>
    public void Placed(Placement placement, Manifest? manifest)
    {
        lock (_gate)
        {
            if (manifest is not null && !_numbers.ContainsKey(manifest.Id))
            {
                Prepared(manifest);
            }

            Append(placement);
        }
    }

    /// <summary>A folder is about to be made, for an entry from elsewhere.</summary>
    public void MadeFolder(EntryName folder) => Append(Kind.MadeFolder, record => record.Write(folder.Value));

    public void Dispose() => _log.Dispose();

    private void Append(Placement placement) =>
        Append(placement.Entry is SharedEntry.File ? Kind.PlacedFile : Kind.PlacedFolder, record =>
        {
            record.Write(placement.Origin);
            record.Write(placement.OriginName);
            record.Write(placement.Entry.Name.Value);
            record.Write(placement.Local.Value);
            if (placement.Entry is SharedEntry.File file)
            {
                record.Write(file.Content.Value);
                record.Write(file.ModifiedAt);
                record.Write(file.IsExecutable ? (byte)1 : (byte)0);
                record.Write(placement.Stamp);
            }
        });

    private void Prepared(Manifest manifest)
    {
        Append(Kind.Prepared, record => record.Write(manifest.Layout, manifest.Digests.AsSpan()));
        _numbers[manifest.Id] = _nextNumber++;
    }

    private void Append(Kind kind, Action<RecordWriter> fill)
    {
        lock (_gate)
        {
            _record.Clear();
            _record.Write((byte)kind);
            fill(_record);
            _log.Append(_record.Bytes);
        }
    }

    private static void Apply(ref RecordReader record, JournalState state)
    {
        switch ((Kind)record.ReadByte())
        {
            case Kind.Begun:
                state.BootId = record.ReadText();
                break;
            case Kind.Prepared:
                Manifest manifest = record.ReadManifest();
                state.Contents.Add(new JournalContent(manifest, new Bitfield(manifest.ChunkCount)));
                break;
            case Kind.Stored:
                JournalContent content = ContentAt(state, record.ReadInt32());
                var chunk = new ChunkIndex(record.ReadInt32());
                content.Chunks.Set(content.Manifest.Layout.Contains(chunk)
                    ? chunk.Value
                    : throw new InvalidDataException("A chunk that does not exist."));
                break;
            case Kind.StoredMany:
                int many = record.ReadInt32();
                Manifest of = ContentAt(state, many).Manifest;
                state.Contents[many] = Bitfield.TryCreate(
                    of.ChunkCount, record.ReadBytes(), out Bitfield bits)
                    ? new JournalContent(of, bits)
                    : throw new InvalidDataException("A bitfield of the wrong length.");
                break;
            case Kind.Dropped:
                int dropped = record.ReadInt32();
                _ = ContentAt(state, dropped);
                state.Contents[dropped] = null;
                break;
            case Kind.PlacedFile:
                Placement file = ReadPlacement(ref record, isFile: true);
                state.Placements[(file.Origin, file.Entry)] = file;
                break;
            case Kind.PlacedFolder:
                Placement folder = ReadPlacement(ref record, isFile: false);
                state.Placements[(folder.Origin, folder.Entry)] = folder;
                break;
            case Kind.MadeFolder:
                state.MadeFolders.Add(record.ReadName());
                break;
            default:
                throw new InvalidDataException("A record of an unknown kind.");
        }
    }

    private static JournalContent ContentAt(JournalState state, int number) =>
        (uint)number < (uint)state.Contents.Count && state.Contents[number] is { } content
            ? content
            : throw new InvalidDataException("A record of an unknown content.");

    private static Placement ReadPlacement(ref RecordReader record, bool isFile)
    {
        PeerId origin = record.ReadPeer();
        string originName = record.ReadText();
        EntryName name = record.ReadName();
        EntryName local = record.ReadName();
        if (!isFile)
        {
            return new Placement(origin, originName, new SharedEntry.Folder(name), local, default);
        }

        var content = new ContentId(record.ReadDigest());
        long modifiedAt = record.ReadInt64();
        var file = new SharedEntry.File(name, content, modifiedAt, record.ReadByte() != 0);
        return new Placement(origin, originName, file, local, record.ReadStamp());
    }
}
