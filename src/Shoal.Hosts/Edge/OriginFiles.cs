using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Exchange;
using Shoal.Storage;

namespace Shoal.Hosts.Edge;

/// <summary>
/// The files behind the numbers of the tier's machine: what they are, what they become, and who asks for them.
/// </summary>
internal sealed class OriginFiles(
    OriginCatalog catalog, OriginRoster roster, TierShell shell, EdgeTier tier, TimeSpan settle,
    Action<TierEvent> apply)
{
    /// <summary>
    /// A file that goes on changing is looked at again so often, then it counts as gone; an empty one counts as empty.
    /// </summary>
    public const int MostLooks = 20;

    private readonly HashSet<ContentId> _changing = [];

    /// <summary>The number of a content, which the machine gets to know by that.</summary>
    public int NumberOf(ContentId content)
    {
        int number = catalog.NumberOf(content, out bool isNew);
        if (isNew)
        {
            apply(new TierEvent.Named(number, OriginCatalog.KbOf(catalog.ManifestOf(content))));
        }

        return number;
    }

    /// <summary>
    /// Somebody without a list asks for a chunk at an edge: the edge fills the file, or has it already, or is sent this
    /// chunk and no more.
    /// </summary>
    public void Ask(OriginMember edge, ChunkRef chunk)
    {
        if (catalog.NamesOf(chunk.Content).IsEmpty || _changing.Contains(chunk.Content))
        {
            edge.Link.Send(new PeerMessage.Decline([chunk]));
            return;
        }

        int file = NumberOf(chunk.Content);
        Manifest manifest = catalog.ManifestOf(chunk.Content);
        apply(new TierEvent.Asked(edge.Id, file));
        if (tier.Has(edge.Id, file))
        {
            edge.Link.Uploads.Advance(chunk.Content, chunk.Index);
        }
        else if (manifest.Layout.Contains(chunk.Index) && edge.Link.Uploads.TrySend(manifest, chunk.Index))
        {
            apply(new TierEvent.Passed(OriginCatalog.KbOf(manifest.LengthOf(chunk.Index))));
        }
    }

    /// <summary>
    /// A file that was being sent is not what it was: it is sent no more, and read again. Whoever asks for it meanwhile
    /// waits for what it is then.
    /// </summary>
    public void Lose(ContentId content)
    {
        ImmutableArray<SharedEntry.File> names = catalog.NamesOf(content);
        if (!names.IsEmpty && _changing.Add(content))
        {
            roster.Stop(content);
            shell.Tasks.Run(() => ReadAgainAsync(content, names));
        }
    }

    private async Task ReadAgainAsync(ContentId content, ImmutableArray<SharedEntry.File> names)
    {
        foreach (SharedEntry.File name in names)
        {
            OwnFile? now = await ReadSettledAsync(name.Name);
            await shell.Loop.PostAsync(
                TierHostEvent.Work.Of(() => Replace(content, name, now)), shell.Stopping);
        }
    }

    // Whoever changes a file may still be writing it, and most make it empty first.
    private async Task<OwnFile?> ReadSettledAsync(EntryName name)
    {
        shell.Log.Changing(name.Value);
        var file = new FileInfo(Path.Join(shell.Folder.Path, name.Value));
        for (int look = 1; look <= MostLooks && file.Exists; look++)
        {
            (long Length, DateTime ModifiedAt) before = (file.Length, file.LastWriteTimeUtc);
            await Task.Delay(settle, shell.Time, shell.Stopping);
            file.Refresh();
            if (file.Exists && before == (file.Length, file.LastWriteTimeUtc)
                && (before.Length > 0 || look == MostLooks)
                && await shell.Folder.ReadAgainAsync(name, shell.Stopping) is { } now)
            {
                return now;
            }

            file.Refresh();
        }

        return null;
    }

    /// <summary>Whoever waits for a file that has changed gets what it is now, and nobody a mixture.</summary>
    private void Replace(ContentId content, SharedEntry.File name, OwnFile? now)
    {
        shell.Log.Changed(name.Name.Value, content.Brief, now?.Manifest.Id.Brief ?? "nothing");
        _changing.Remove(content);
        roster.Stop(content);
        catalog.Remove([name]);
        int successor = 0;
        if (now is not null)
        {
            catalog.Add(now.Entry, now.Manifest);
            successor = now.Manifest.ChunkCount > 0 ? NumberOf(now.Manifest.Id) : 0;
        }

        foreach (OriginMember member in roster.All)
        {
            member.Link.Send(new TierMessage.GiveUp(content, null));
            if (tier.Lacks(member.Id, NumberOf(content)))
            {
                OriginLists.Replace(member, name, now);
            }
        }

        apply(new TierEvent.Replaced(NumberOf(content), successor));
    }
}
