using Shoal.Core.Content;
using Shoal.Storage.Files;

namespace Shoal.Storage.Records;

/// <summary>
/// Remembers what files hashed to, so that an unchanged one is not hashed again. Damage costs only time. Not
/// thread-safe.
/// </summary>
internal sealed class HashCache : IDisposable
{
    private readonly string _path;
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly RecordWriter _record = new();
    private RecordLog? _log;
    private int _stale;

    private HashCache(string path) => _path = path;

    private static ReadOnlySpan<byte> Magic => "shoalhs1"u8;

    /// <summary>Reads what is remembered, up to the first damaged record.</summary>
    public static HashCache Load(string path)
    {
        var cache = new HashCache(path);
        RecordLog.Read(path, Magic, (ref RecordReader record) =>
        {
            string name = record.ReadText();
            var known = new Known(record.ReadStamp(), record.ReadManifest());
            cache._stale += cache._known.ContainsKey(name) ? 1 : 0;
            cache._known[name] = known;
        });
        return cache;
    }

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
        _log ??= Rewrite(_known);
        _stale += _known.ContainsKey(name) ? 1 : 0;
        _known[name] = new Known(stamp, manifest) { IsUsed = true };
        Append(_log, name, stamp, manifest);
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

        if (_stale > 0)
        {
            _log?.Dispose();
            _log = Rewrite(_known);
            _stale = 0;
        }
    }

    public void Dispose() => _log?.Dispose();

    // Always to a new file: behind a damaged record nothing could be added.
    private RecordLog Rewrite(Dictionary<string, Known> known)
    {
        string fresh = _path + ".new";
        RecordLog log = RecordLog.Create(fresh, Magic);
        foreach ((string name, Known file) in known)
        {
            Append(log, name, file.Stamp, file.Manifest);
        }

        File.Move(fresh, _path, overwrite: true);
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
