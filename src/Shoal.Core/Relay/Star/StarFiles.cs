using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;

namespace Shoal.Core.Relay.Star;

/// <summary>A content of a run under the system clock.</summary>
/// <param name="Content">Which one.</param>
/// <param name="Name">Its name; of several the first.</param>
/// <param name="Owner">Who has all of it at the start, counted from 0; of several the first; -1: nobody.</param>
/// <param name="Chunks">How many chunks it has.</param>
internal sealed record StarContent(ContentId Content, string Name, int Owner, int Chunks);

/// <summary>
/// The files of a run and the numbers of their chunks. Files are counted by owner and name: never by who spoke first,
/// nor by what is in them, so that the same folders and costs always make the same star.
/// </summary>
internal sealed class StarFiles
{
    private readonly Dictionary<ContentId, int> _files = [];
    private readonly int[] _firstChunks;

    private StarFiles(ImmutableArray<StarContent> contents)
    {
        Contents = contents;
        Files = [.. contents.Select(content => new StarFile(content.Owner, content.Chunks))];
        _firstChunks = new int[contents.Length + 1];
        for (int file = 0; file < contents.Length; file++)
        {
            _files.Add(contents[file].Content, file);
            _firstChunks[file + 1] = _firstChunks[file] + contents[file].Chunks;
        }
    }

    public ImmutableArray<StarContent> Contents { get; }

    public ImmutableArray<StarFile> Files { get; }

    public int ChunkCount => _firstChunks[^1];

    /// <summary>The files of a swarm that is about to start.</summary>
    public static StarFiles Of(
        SwarmCatalog catalog, IReadOnlyList<TrackerMember> members, IReadOnlyDictionary<ContentId, string> names)
    {
        var contents = new List<StarContent>();
        foreach (CatalogContent content in catalog.Contents.Where(content => !content.IsWithdrawn))
        {
            int owner = -1;
            for (int i = members.Count - 1; i >= 0; i--)
            {
                owner = HasAll(members[i], content) ? i : owner;
            }

            string name = names.GetValueOrDefault(content.Id, "");
            contents.Add(new StarContent(content.Id, name, owner, content.ChunkCount));
        }

        return new StarFiles(
        [
            .. contents.OrderBy(content => content.Owner < 0 ? members.Count : content.Owner)
                .ThenBy(content => content.Name, StringComparer.Ordinal),
        ]);
    }

    public bool Has(ContentId content) => _files.ContainsKey(content);

    public int FileOf(int chunk) => StarSetup.FileOf(chunk, _firstChunks);

    public ChunkRef RefOf(int chunk)
    {
        int file = FileOf(chunk);
        return new ChunkRef(Contents[file].Content, new ChunkIndex(chunk - _firstChunks[file]));
    }

    /// <summary>Marks all chunks of a content; false: they were marked already, or there are none.</summary>
    public bool TryMark(ContentId content, Bitfield chunks)
    {
        if (!_files.TryGetValue(content, out int file) || Contents[file].Chunks == 0 || chunks[_firstChunks[file]])
        {
            return false;
        }

        for (int chunk = _firstChunks[file]; chunk < _firstChunks[file + 1]; chunk++)
        {
            chunks.Set(chunk);
        }

        return true;
    }

    /// <summary>What a member has, as the tracker knows it.</summary>
    public Bitfield HoldingsOf(TrackerMember member, SwarmCatalog catalog)
    {
        var has = new Bitfield(ChunkCount);
        for (int file = 0; file < Contents.Length; file++)
        {
            CatalogContent content = catalog.Find(Contents[file].Content)!;
            for (int i = 0; i < content.ChunkCount; i++)
            {
                if (member.Has.Contains(content.FirstChunk + i))
                {
                    has.Set(_firstChunks[file] + i);
                }
            }
        }

        return has;
    }

    private static bool HasAll(TrackerMember member, CatalogContent content)
    {
        for (int chunk = content.FirstChunk; chunk < content.FirstChunk + content.ChunkCount; chunk++)
        {
            if (!member.Has.Contains(chunk))
            {
                return false;
            }
        }

        return true;
    }
}
