using Shoal.Core.Content;

namespace Shoal.Core.Exchange;

/// <summary>
/// What earlier runs began to fetch. A journal keeps the chunks and not the names, and the file may have been replaced
/// at its owner's since: so nobody wants these contents until somebody names them, and the hub says so.
/// </summary>
internal sealed class PeerLeftovers
{
    private readonly Dictionary<ContentId, (Manifest Manifest, Holding Holding)> _contents = [];

    public IEnumerable<Manifest> Manifests => _contents.Values.Select(content => content.Manifest);

    public IEnumerable<Holding> Holdings => _contents.Values.Select(content => content.Holding);

    public void Add(Manifest manifest, Holding holding) => _contents[manifest.Id] = (manifest, holding);

    /// <summary>Somebody wants a content: what is here of it; null if nothing is.</summary>
    public Holding? Take(ContentId content) =>
        _contents.Remove(content, out (Manifest Manifest, Holding Holding) found) ? found.Holding : null;
}
