namespace Shoal.Cli.Shell.Editing;

/// <summary>Lines that were written before, and the one that is being written while one looks through them.</summary>
internal sealed class LineHistory
{
    /// <summary>Lines that are kept; the oldest goes for one more.</summary>
    public const int Most = 500;

    private readonly List<string> _lines = [];
    private string _draft = "";
    private int _place;

    public void Add(string line)
    {
        if (line.Length > 0 && (_lines.Count == 0 || _lines[^1] != line))
        {
            _lines.Add(line);
            if (_lines.Count > Most)
            {
                _lines.RemoveAt(0);
            }
        }

        _place = _lines.Count;
    }

    /// <summary>The line before; null: there is none.</summary>
    public string? Earlier(string current)
    {
        if (_place == 0)
        {
            return null;
        }

        if (_place == _lines.Count)
        {
            _draft = current;
        }

        return _lines[--_place];
    }

    /// <summary>The line after, at last the one that was being written; null: that is it.</summary>
    public string? Later() => _place == _lines.Count ? null
        : ++_place == _lines.Count ? _draft
        : _lines[_place];
}
