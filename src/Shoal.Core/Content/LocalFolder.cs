using Shoal.Core.Roster;

namespace Shoal.Core.Content;

/// <summary>A file as <see cref="LocalNames"/> knows it.</summary>
internal sealed record LocalFile(string Name, ContentId? Content)
{
    /// <summary>Whose entry it is, under which name there.</summary>
    public Dictionary<PeerId, EntryName> Sharers { get; } = [];
}

/// <summary>A folder as <see cref="LocalNames"/> knows it: what is in it, by clash key.</summary>
internal sealed class LocalFolder
{
    private readonly Dictionary<ClashKey, List<LocalFile>> _files = [];
    private readonly Dictionary<ClashKey, SortedDictionary<string, LocalFolder>> _folders = [];

    /// <summary>
    /// For names that had to be numbered: the number to try first, so that many of one key cost no square.
    /// </summary>
    public Dictionary<(PeerId Origin, ClashKey Key, bool IsFile), int> NextNumbers { get; } = [];

    /// <summary>The files whose names meet a name.</summary>
    public IReadOnlyList<LocalFile> FilesLike(string name) =>
        _files.GetValueOrDefault(ClashKey.Of(name)) ?? [];

    /// <summary>The folder whose name meets a name: of several the very same, else the first.</summary>
    public (string Name, LocalFolder Folder)? FolderLike(string name)
    {
        if (!_folders.TryGetValue(ClashKey.Of(name), out SortedDictionary<string, LocalFolder>? like))
        {
            return null;
        }

        if (like.TryGetValue(name, out LocalFolder? same))
        {
            return (name, same);
        }

        (string first, LocalFolder folder) = like.First();
        return (first, folder);
    }

    /// <summary>Whether nothing here meets a name.</summary>
    public bool IsFree(string name)
    {
        ClashKey key = ClashKey.Of(name);
        return !_files.ContainsKey(key) && !_folders.ContainsKey(key);
    }

    /// <summary>The folder of exactly this name, made if it is not there.</summary>
    public LocalFolder Open(string name)
    {
        ClashKey key = ClashKey.Of(name);
        if (!_folders.TryGetValue(key, out SortedDictionary<string, LocalFolder>? like))
        {
            _folders[key] = like = new(StringComparer.Ordinal);
        }

        if (!like.TryGetValue(name, out LocalFolder? folder))
        {
            like[name] = folder = new LocalFolder();
        }

        return folder;
    }

    /// <summary>The file of exactly this name, made if it is not there.</summary>
    public LocalFile Hold(string name, ContentId? content)
    {
        ClashKey key = ClashKey.Of(name);
        if (!_files.TryGetValue(key, out List<LocalFile>? like))
        {
            _files[key] = like = [];
        }

        LocalFile? file = like.Find(f => string.Equals(f.Name, name, StringComparison.Ordinal));
        if (file is null)
        {
            like.Add(file = new LocalFile(name, content));
        }

        return file;
    }
}
