namespace Shoal.Cli.Shell;

/// <summary>What the last listings said of whom, so that a name need not be written out again.</summary>
internal sealed class ShellMemory
{
    private readonly Dictionary<string, SortedSet<string>> _files = [];

    /// <summary>Users whose files were listed.</summary>
    public IEnumerable<string> Users => _files.Keys;

    /// <summary>The files of a user.</summary>
    public IEnumerable<string> FilesOf(string user) => _files.TryGetValue(user, out var files) ? files : [];

    public void Replace(string user, IEnumerable<string> files) =>
        _files[user] = new SortedSet<string>(files, StringComparer.Ordinal);

    public void Add(string user, string file)
    {
        if (!_files.TryGetValue(user, out SortedSet<string>? files))
        {
            _files[user] = files = new SortedSet<string>(StringComparer.Ordinal);
        }

        files.Add(file);
    }

    public void Remove(string user, string file)
    {
        if (_files.TryGetValue(user, out SortedSet<string>? files))
        {
            files.Remove(file);
        }
    }
}
