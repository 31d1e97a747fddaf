using System.Collections.Immutable;
using Shoal.Core.Content;

namespace Shoal.Tests.Content;

public sealed class OfferIdTests
{
    private static readonly ContentId s_one = IdOf(1);

    [Fact]
    public void The_order_in_which_entries_come_does_not_count()
    {
        ImmutableArray<SharedEntry> entries =
        [
            new SharedEntry.Folder(EntryName.Parse("b")), new SharedEntry.File(EntryName.Parse("a"), s_one, 5, false),
        ];
        Assert.Equal(OfferId.Of(entries), OfferId.Of([entries[1], entries[0]]));
    }

    [Fact]
    public void Everything_of_an_entry_counts()
    {
        var file = new SharedEntry.File(EntryName.Parse("a"), s_one, 5, false);
        SharedEntry[] all =
        [
            file, file with { ModifiedAt = 6 }, file with { IsExecutable = true },
            new SharedEntry.File(EntryName.Parse("a"), IdOf(2), 5, false),
            new SharedEntry.File(EntryName.Parse("b"), s_one, 5, false), new SharedEntry.Folder(EntryName.Parse("a")),
        ];
        Assert.Equal(all.Length, all.Select(entry => OfferId.Of([entry])).Distinct().Count());
        Assert.NotEqual(OfferId.Of([file]), OfferId.Of([]));
    }

    [Fact]
    public void A_single_file_is_the_same_whatever_it_is_called() =>
        Assert.Equal(OfferId.Of(OfferId.FileOf(s_one)), OfferId.Of(OfferId.FileOf(IdOf(1))));

    [Fact]
    public void A_swarm_is_named_by_it()
    {
        OfferId offer = OfferId.Of(OfferId.FileOf(s_one));
        Assert.True(OfferId.TryParseSwarm(offer.Swarm, out OfferId read));
        Assert.Equal(offer, read);
        foreach (string? other in new[] { null, "", "films", "offer:", "offer:12", offer.ToString() })
        {
            Assert.False(OfferId.TryParseSwarm(other, out _));
        }
    }

    private static ContentId IdOf(byte first) =>
        new(new Digest([first, .. Enumerable.Repeat((byte)7, Digest.Size - 1)]));
}
