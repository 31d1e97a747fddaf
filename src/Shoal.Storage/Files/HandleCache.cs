using Microsoft.Win32.SafeHandles;

namespace Shoal.Storage.Files;

/// <summary>
/// Keeps files open between uses, up to a limit: those not used for longest are closed first, and none while
/// in use. Thread-safe.
/// </summary>
internal sealed class HandleCache(int limit) : IDisposable
{
    // On Linux it changes nothing but what the framework takes to send from.
    private static readonly FileOptions s_options =
        OperatingSystem.IsLinux() ? FileOptions.Asynchronous : FileOptions.None;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byPath = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = [];

    /// <summary>How many files are open.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byPath.Count;
            }
        }
    }

    /// <summary>Rents the open file of a path; opens it if it is not open.</summary>
    public Rental Rent(string path, FileMode mode, FileAccess access)
    {
        lock (_gate)
        {
            if (_byPath.TryGetValue(path, out LinkedListNode<Entry>? node))
            {
                _byUse.Remove(node);
            }
            else
            {
                SafeFileHandle file = File.OpenHandle(
                    path, mode, access, FileShare.ReadWrite | FileShare.Delete, s_options);
                node = new LinkedListNode<Entry>(new Entry(path, file));
                _byPath[path] = node;
            }

            _byUse.AddFirst(node);
            node.Value.Rentals++;
            CloseSurplus();
            return new Rental(this, node.Value);
        }
    }

    /// <summary>Forgets a path: whoever rents it next opens it anew.</summary>
    public void Drop(string path)
    {
        lock (_gate)
        {
            if (_byPath.TryGetValue(path, out LinkedListNode<Entry>? node))
            {
                Remove(node);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            while (_byUse.First is { } node)
            {
                Remove(node);
            }
        }
    }

    private void Return(Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Rentals == 0 && entry.IsDropped)
            {
                entry.File.Dispose();
            }

            CloseSurplus();
        }
    }

    private void CloseSurplus()
    {
        LinkedListNode<Entry>? node = _byUse.Last;
        while (_byPath.Count > limit && node is not null)
        {
            LinkedListNode<Entry>? earlier = node.Previous;
            if (node.Value.Rentals == 0)
            {
                Remove(node);
            }

            node = earlier;
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _byPath.Remove(node.Value.Path);
        node.Value.IsDropped = true;
        if (node.Value.Rentals == 0)
        {
            node.Value.File.Dispose();
        }
    }

    /// <summary>The use of an open file; disposed by whoever rented it.</summary>
    internal readonly struct Rental(HandleCache cache, Entry entry) : IDisposable
    {
        public SafeFileHandle File => entry.File;

        /// <summary>
        /// The same file, for asynchronous reading on Linux; its position means nothing. Not to be disposed of.
        /// </summary>
        public FileStream Stream => entry.Stream;

        public void Dispose() => cache.Return(entry);
    }

    internal sealed class Entry(string path, SafeFileHandle file)
    {
        private FileStream? _stream;

        public string Path { get; } = path;

        public SafeFileHandle File { get; } = file;

        /// <summary>Made when it is first asked for; two threads may both make one.</summary>
        public FileStream Stream => _stream ??= new FileStream(File, FileAccess.Read, bufferSize: 0, File.IsAsync);

        public int Rentals { get; set; }

        public bool IsDropped { get; set; }
    }
}
