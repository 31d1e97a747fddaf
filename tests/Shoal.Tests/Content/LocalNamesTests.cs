using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;

namespace Shoal.Tests.Content;

public sealed class LocalNamesTests
{
    private static readonly ContentId X = Content(1), Y = Content(2), Z = Content(3);

    [Fact]
    public void Without_a_clash_names_stay() =>
        Expect([], [Share(1, File("a.txt", X), File("b/c.txt", Y), Folder("d"))], "a.txt", "b/c.txt", "d");

    [Fact]
    public void The_earliest_joiner_gets_the_plain_name() => Expect(
        [], [Share(3, File("a.txt", Z)), Share(1, File("a.txt", X)), Share(2, File("a.txt", Y))],
        "a.txt", "a (from peer2).txt", "a (from peer3).txt");

    [Fact]
    public void The_own_file_keeps_its_name() =>
        Expect([File("a.txt", X)], [Share(1, File("a.txt", Y))], "a (from peer1).txt");

    [Fact]
    public void The_same_content_under_the_same_name_is_one_file() => Expect(
        [File("a", X)], [Share(1, File("a", X), File("b", Y)), Share(2, File("B", Y), File("a", Y))],
        "a", "b", "b", "a (from peer2)");

    [Fact]
    public void Two_files_of_one_origin_stay_two() =>
        Expect(
            [], [Share(1, File("A", X), File("a", X)), Share(2, File("a", X))], "A", "a (from peer1)", "A");

    [Fact]
    public void A_number_helps_where_the_peer_s_name_does_not() => Expect(
        [File("a", X), File("a (from peer1)", X)],
        [Share(1, File("A", Y)), Share(2, File("a (FROM peer1)", Z))],
        "A (from peer1 2)", "a (FROM peer1) (from peer2)");

    [Fact]
    public void A_file_and_a_folder_clash()
    {
        Expect(
            [File("a", X)], [Share(1, File("a/b", Y), File("a/c", Y))], "a (from peer1)/b", "a (from peer1)/c");
        Expect([File("a/b", X)], [Share(1, File("a", Y))], "a (from peer1)");
        Expect([File("a", X)], [Share(1, Folder("A"))], "A (from peer1)");
        Expect(
            [Folder("a")], [Share(1, Folder("A"), File("a.x", Y)), Share(2, Folder("a"))], "a", "a.x", "a");
    }

    [Fact]
    public void Folders_that_differ_in_case_are_one()
    {
        Expect(
            [File("Docs/x", X)], [Share(1, File("docs/y", Y), File("docs/X", Z))],
            "Docs/X (from peer1)", "Docs/y");
        Expect([Folder("Docs"), Folder("docs")], [Share(1, File("docs/y", Y))], "docs/y");
    }

    [Fact]
    public void What_is_not_shared_is_in_the_way_too()
    {
        var names = new LocalNames();
        names.KeepFile(EntryName.Parse("link"), null);
        Assert.Equal("link (from peer1)/x", names.Assign(Id(1), "peer1", File("link/x", X)).Value);
    }

    [Fact]
    public void A_placed_entry_keeps_its_name_and_is_found_again()
    {
        var names = new LocalNames();
        names.KeepPlaced(new LocalEntry(Id(2), File("a", X), EntryName.Parse("a (from peer2)")));
        names.KeepPlaced(new LocalEntry(Id(2), Folder("f"), EntryName.Parse("f (from peer2)")));
        ImmutableArray<LocalEntry> result = names.AssignAll(
            [Share(2, File("a", X), Folder("f"), File("a", Y))]);
        Assert.Equal(["a", "a (from peer2)", "f (from peer2)"], result.Select(e => e.Local.Value).Order());
    }

    [Theory]
    [InlineData("archive.tar.gz", "archive.tar (from p).gz")]
    [InlineData(".bashrc", ".bashrc (from p)")]
    [InlineData("Release 1.2 notes", "Release 1.2 notes (from p)")]
    [InlineData("a.averyveryverylongextension", "a.averyveryverylongextension (from p)")]
    [InlineData("dir.d/a.b", "dir.d/a (from p).b")]
    [InlineData("日本.txt", "日本 (from p).txt")]
    public void The_suffix_stands_before_the_extension(string name, string expected) =>
        Assert.Equal(expected, Second("p", name));

    [Theory]
    [InlineData("../../etc", "a (from _.._etc)")]
    [InlineData("C:\\x", "a (from C__x)")]
    [InlineData(" . ", "a (from 00000000)")]
    [InlineData("", "a (from 00000000)")]
    [InlineData("x\u0000\u001b[", "a (from x__[)")]
    [InlineData("机器", "a (from 机器)")]
    public void A_peer_s_name_is_made_safe(string peer, string expected) =>
        Assert.Equal(expected, Second(peer, "a"));

    [Fact]
    public void Long_names_are_cut_and_deep_ones_go_to_the_top()
    {
        string second = Second(new string('p', 200), new string('日', 83) + ".txt");
        Assert.Equal(new string('日', 59) + $" (from {new string('p', 64)}).txt", second);

        string deep = string.Concat(Enumerable.Repeat("a/", 2047)) + "ab";
        Assert.Equal("ab (from p)", Second("p", deep));
    }

    [Fact]
    public void A_folder_s_own_limits_are_kept()
    {
        var small = new LocalNames(new LocalNameRules { MostBytes = 300 });
        string deep = string.Concat(Enumerable.Repeat("日本/", 43)) + "ab.c";
        Assert.Equal("ab (from p).c", small.Assign(Id(1), "p", File(deep, X)).Value);

        var windows = new LocalNames(new LocalNameRules { IsForWindows = true });
        Assert.Equal("what_/ab_c_/.._x._", windows.Assign(Id(1), "p", File("what?/ab:c /..|x..", X)).Value);
        Assert.Equal(
            "what_/ab_c_/.._x (from q)._", windows.Assign(Id(2), "q", File("what*/ab:c /..|x..", Y)).Value);
    }

    [Fact]
    public void Many_spellings_of_one_name_take_no_square_of_time()
    {
        string[] spellings = [.. Enumerable.Range(0, 1 << 13).Select(bits =>
            string.Concat(Enumerable.Range(0, 13).Select(i => (bits >> i & 1) == 0 ? 'a' : 'A')))];
        var share = Share(1, [.. spellings.Select(s => File(s, X))]);
        ImmutableArray<LocalEntry> result = new LocalNames().AssignAll([share]);
        Assert.Equal(spellings.Length, result.Select(e => e.Local).Distinct().Count());
    }

    [Fact]
    public void No_two_results_clash_whatever_the_names_and_their_order()
    {
        for (ulong seed = 1; seed <= 150; seed++)
        {
            var random = new DeterministicRandom(seed);
            SharedEntry[] own = OwnEntries(random);
            OriginShare[] shares =
                [.. Enumerable.Range(1, 4).Select(i => Share(i, RandomEntries(random, 12)))];
            ImmutableArray<LocalEntry> result = Keep(own).AssignAll(shares);
            AssertNoClash(own, result, seed);

            random.Shuffle<OriginShare>(shares);
            OriginShare[] cut = [.. shares.SelectMany(s => Halves(random, s))];
            random.Shuffle<OriginShare>(cut);
            bool isSame = result.SequenceEqual(Keep(own).AssignAll(cut));
            Assert.True(isSame, $"random seed {seed}: the order mattered");
        }
    }

    private static void AssertNoClash(SharedEntry[] own, ImmutableArray<LocalEntry> result, ulong seed)
    {
        // Everything that would be on disk: a key has one spelling and one thing behind it.
        var seen = new Dictionary<ClashKey, (string Spelling, ContentId? Content)>();
        IEnumerable<(EntryName Name, SharedEntry Entry)> all =
            [.. own.Select(e => (e.Name, e)), .. result.Select(e => (e.Local, e.Entry))];
        foreach ((EntryName name, SharedEntry entry) in all)
        {
            for (int i = name.Value.IndexOf('/'); i >= 0; i = name.Value.IndexOf('/', i + 1))
            {
                Check(name.Value[..i], null);
            }

            Check(name.Value, (entry as SharedEntry.File)?.Content);
        }

        var sources = result.Where(e => e.Entry is SharedEntry.File)
            .GroupBy(e => (e.Origin, e.Local)).Where(g => g.Select(e => e.Entry.Name).Distinct().Count() > 1);
        Assert.True(!sources.Any(), $"random seed {seed}: two files of one origin became one");

        void Check(string path, ContentId? content)
        {
            var found = (path, content);
            Assert.True(seen.TryAdd(ClashKey.Of(path), found) || seen[ClashKey.Of(path)] == found,
                $"random seed {seed}: {path} clashes with {seen[ClashKey.Of(path)]}");
        }
    }

    private static IEnumerable<OriginShare> Halves(DeterministicRandom random, OriginShare share)
    {
        SharedEntry[] entries = [.. share.Entries];
        random.Shuffle<SharedEntry>(entries);
        int at = random.Next(entries.Length + 1);
        return [share with { Entries = [.. entries[..at]] }, share with { Entries = [.. entries[at..]] }];
    }

    private static SharedEntry[] OwnEntries(DeterministicRandom random)
    {
        // A folder on disk has no clash of file and folder, and this one is on a system that ignores case.
        var names = new LocalNames();
        return [.. RandomEntries(random, 8)
            .Select(e => Renamed(e, names.Assign(Id(9), "own", e))).DistinctBy(e => e.Name)];
    }

    private static SharedEntry Renamed(SharedEntry entry, EntryName name) =>
        entry switch
    {
        SharedEntry.File file => File(name.Value, file.Content),
        _ => Folder(name.Value),
    };

    private static SharedEntry[] RandomEntries(DeterministicRandom random, int count)
    {
        string[] segments = ["a", "A", "\u00e9", "e\u0301", "a (from peer1)", "A (from peer2)", "b"];
        return [.. Enumerable.Range(0, count).Select<int, SharedEntry>(_ =>
        {
            string name = string.Join('/', Enumerable.Range(0, 1 + random.Next(3))
                .Select(_ => segments[random.Next(segments.Length)]));
            return random.Next(5) == 0 ? Folder(name) : File(name, Content(random.Next(3)));
        }).DistinctBy(e => e.Name)];
    }

    private static string Second(string peer, string name)
    {
        var names = new LocalNames();
        names.KeepFile(EntryName.Parse(name), Y);
        return names.Assign(default, peer, File(name, X)).Value;
    }

    private static void Expect(SharedEntry[] own, OriginShare[] shares, params string[] expected) =>
        Assert.Equal(expected, Keep(own).AssignAll(shares).Select(e => e.Local.Value));

    private static LocalNames Keep(SharedEntry[] own)
    {
        var names = new LocalNames();
        foreach (SharedEntry entry in own)
        {
            if (entry is SharedEntry.File file)
            {
                names.KeepFile(file.Name, file.Content);
            }
            else
            {
                names.KeepFolder(entry.Name);
            }
        }

        return names;
    }

    private static OriginShare Share(int order, params SharedEntry[] entries) =>
        new(Id(order), $"peer{order}", order, [.. entries]);

    private static SharedEntry.File File(string name, ContentId content) =>
        new SharedEntry.File(EntryName.Parse(name), content, 0, false);

    private static SharedEntry.Folder Folder(string name) => new SharedEntry.Folder(EntryName.Parse(name));

    private static PeerId Id(int value) => new(0, (ulong)value);

    private static ContentId Content(int value)
    {
        var bytes = new byte[Digest.Size];
        bytes[0] = (byte)value;
        return new ContentId(new Digest(bytes));
    }
}
