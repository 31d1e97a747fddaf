namespace Shoal.Hosts.Agency;

/// <summary>Sets lines aside that are no bets, as they were, to be mended and sent later.</summary>
internal sealed class RejectFile(string path) : IDisposable
{
    private readonly FileStream _file = new(path, FileMode.Create, FileAccess.Write);

    /// <summary>Adds a line.</summary>
    public void Add(BadLine line)
    {
        _file.Write(line.Bytes.Span);
        _file.Write("\r\n"u8);
    }

    public void Dispose() => _file.Dispose();
}
