using Shoal.Core.Content;
using Shoal.Storage.Files;

namespace Shoal.Storage.Records;

/// <summary>
/// Remembers what files hashed to, so that an unchanged one is not hashed again. Damage costs only time. Not
/// thread-safe.
/// </summary>
internal sealed class HashCache : IDisposable
{
    /// <summary>
    /// A file that was modified so shortly before it was hashed could be modified again within the same tick
    /// of the file system's clock; its hashes are used, but not remembered.
    /// </summary>
    private static readonly TimeSpan TickOfDisk = TimeSpan.FromMilliseconds(50);

    private readonly string? _path;
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly RecordWriter _record = new();
    private RecordLog? _log;
    private int _stale;

    private HashCache(string? path) => _path = path;

    private static ReadOnlySpan<byte> Magic => "shoalhs1"u8;

    /// <summary>One that remembers until it is disposed of, for where nothing can be written.</summary>
    public static HashCache InMemory() => new(null);

    /// <summary>Reads what is remembered, up to the first damaged record.</summary>
    public static HashCache Load(string path) => Read(path, new HashCache(path));

    /// <summary>Reads what is remembered, and writes nothing down.</summary>
    public static HashCache LoadInMemory(string path) => Read(path, InMemory());

    /// <summary>The manifest of a file in a layout, if it is known and the file is unchanged.</summary>
    public Manifest? Find(string name, FileStamp stamp, ChunkLayout layout)
    {
        if (_known.TryGetValue(name, out Known? known) && known.Stamp == stamp
            && known.Manifest.Layout == layout)
        {
            known.IsUsed = true;
            return known.Manifest;
        }

        return null;
    }

    /// <summary>
    /// Remembers a file. It is written down at once: hashing may take hours, and be killed.
    /// </summary>
    public void Add(string name, FileStamp stamp, Manifest manifest)
    {
        _log ??= _path is null ? null : Rewrite(_path, _known);
        _stale += _known.ContainsKey(name) ? 1 : 0;
        _known[name] = new Known(stamp, manifest) { IsUsed = true };
        if (_log is not null)
        {
            Append(_log, name, stamp, manifest);
        }
    }

    /// <summary>Remembers a file, unless it was modified too shortly before it was hashed.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="stamp">What it looked like.</param>
    /// <param name="manifest">What it hashed to.</param>
    /// <param name="begun">When the hashing began.</param>
    public void AddSettled(string name, FileStamp stamp, Manifest manifest, DateTime begun)
    {
        if (stamp.ModifiedAt < FileProbe.ToNanoseconds(begun - TickOfDisk))
        {
            Add(name, stamp, manifest);
        }
    }

    /// <summary>Forgets what was not asked for since it was loaded: files that are gone or changed.</summary>
    public void Trim()
    {
        foreach ((string name, Known known) in _known)
        {
            if (!known.IsUsed)
            {
                _known.Remove(name);
                _stale++;
            }
        }

        if (_stale > 0 && _path is not null)
        {
            _log?.Dispose();
            _log = Rewrite(_path, _known);
            _stale = 0;
        }
    }

    public void Dispose() => _log?.Dispose();

    private static HashCache Read(string path, HashCache cache)
    {
        RecordLog.Read(path, Magic, (ref RecordReader record) =>
        {
            string name = record.ReadText();
            var known = new Known(record.ReadStamp(), record.ReadManifest());
            cache._stale += cache._known.ContainsKey(name) ? 1 : 0;
            cache._known[name] = known;
        });
        return cache;
    }

    // Always to a new file: behind a damaged record nothing could be added.
    private RecordLog Rewrite(string path, Dictionary<string, Known> known)
    {
        string fresh = path + ".new";
        RecordLog log = RecordLog.Create(fresh, Magic);
        foreach ((string name, Known file) in known)
        {
            Append(log, name, file.Stamp, file.Manifest);
        }

        File.Move(fresh, path, overwrite: true);
        return log;
    }

    private void Append(RecordLog log, string name, FileStamp stamp, Manifest manifest)
    {
        _record.Clear();
        _record.Write(name);
        _record.Write(stamp);
        _record.Write(manifest.Layout, manifest.Digests.AsSpan());
        log.Append(_record.Bytes);
    }

    private sealed record Known(FileStamp Stamp, Manifest Manifest)
    {
        public bool IsUsed { get; set; }
    }
}
