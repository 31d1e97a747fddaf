using System.Collections.Immutable;

namespace Shoal.Core.Members;

/// <summary>One user and what it offers, in the order of publication.</summary>
internal sealed class OfferingUser(UserName name)
{
    private readonly Dictionary<PublicationName, Publication> _byName = [];
    private readonly SortedDictionary<long, Publication> _byNumber = [];
    private ImmutableArray<Publication> _list = [];

    public UserName Name { get; } = name;

    public int Count => _byName.Count;

    /// <summary>The list of publications; made once for many who ask.</summary>
    public ImmutableArray<Publication> Publications
    {
        get
        {
            if (_list.IsDefault)
            {
                _list = [.. _byNumber.Values];
            }

            return _list;
        }
    }

    public Publication? Find(PublicationName name) => _byName.GetValueOrDefault(name);

    public void Add(Publication publication)
    {
        _byName.Add(publication.Name, publication);
        _byNumber.Add(publication.Number, publication);
        _list = default;
    }

    public void Remove(Publication publication)
    {
        _byName.Remove(publication.Name);
        _byNumber.Remove(publication.Number);
        _list = default;
    }
}
