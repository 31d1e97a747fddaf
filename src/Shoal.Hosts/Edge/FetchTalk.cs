using System.Diagnostics;
using Shoal.Core.Content;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Exchange;

namespace Shoal.Hosts.Edge;

/// <summary>
/// A client's talk with the origin about its list: it says what it wants, hears what that is, and says what of it is
/// here already. An origin that comes again is told everything again.
/// </summary>
internal sealed class FetchTalk(IAsyncEnumerable<FetchWish> list, TierShell shell)
{
    private readonly List<FetchWish> _said = [];
    private readonly List<ContentId> _answered = [];
    private TierLink? _origin;
    private bool _isReading;
    private int _open;

    /// <summary>Whether all of the list has been read.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Whether all of the list has been read, said and answered.</summary>
    public bool IsReady { get; private set; }

    /// <summary>An origin is there.</summary>
    public void Begin(TierLink origin)
    {
        _origin = origin;
        _open = 0;
        foreach (FetchWish wish in _said)
        {
            Say(origin, wish);
        }

        if (_isReading)
        {
            SayListed(origin);
        }
        else
        {
            _isReading = true;
            shell.Tasks.Run(ReadAsync);
        }
    }

    /// <summary>The origin is gone.</summary>
    public void End()
    {
        _origin = null;
        IsReady = false;
    }

    /// <summary>Something that was named is behind a name that the origin has.</summary>
    public void Note(ContentId content) => _answered.Add(content);

    /// <summary>The origin has answered: it is told what of its answer is here already.</summary>
    public void Answer(TierLink origin)
    {
        _open--;
        origin.Send(new PeerMessage.Hold([.. _answered.Distinct()
            .Select(content => (Content: content, Chunks: shell.Folder.ChunksOf(content)))
            .Where(held => held.Chunks is { SetCount: > 0 })
            .Select(held => new Holding(held.Content, held.Chunks!))]));
        _answered.Clear();
        if (IsRead && _open == 0 && !IsReady)
        {
            IsReady = true;
            origin.Send(new TierMessage.Ready());
        }
    }

    private async Task ReadAsync()
    {
        await foreach (FetchWish wish in list.WithCancellation(shell.Stopping))
        {
            await shell.Loop.PostAsync(TierHostEvent.Work.Of(() => Take(wish)), shell.Stopping);
        }

        await shell.Loop.PostAsync(TierHostEvent.Work.Of(() => Take(null)), shell.Stopping);
    }

    /// <summary>Something more of the list; null: that was all.</summary>
    private void Take(FetchWish? wish)
    {
        IsRead |= wish is null;
        if (wish is not null)
        {
            _said.Add(wish);
        }

        if (_origin is { } origin)
        {
            if (wish is not null)
            {
                Say(origin, wish);
            }

            SayListed(origin);
        }
    }

    private static void Say(TierLink origin, FetchWish wish) => origin.Send(wish switch
    {
        FetchWish.Names names => new TierMessage.Want(names.Entries),
        FetchWish.Like like => new TierMessage.Match(like.Glob),
        _ => throw new UnreachableException(),
    });

    private void SayListed(TierLink origin)
    {
        _open++;
        origin.Send(new TierMessage.Listed());
    }
}
