using System.Collections.Immutable;
using System.Diagnostics;
using Shoal.Core.Content;

namespace Shoal.Core.Wire.Exchange;

/// <summary>Names that members shall end with, one behind the other.</summary>
internal static class EntryList
{
    //  entries, to the end of the body:
    //  +---------+-----------------+------------+  kind 0: a folder
    //  | kind u8 | name length u16 | name UTF-8 |  kind 1: a file, 2: an executable file; these go on with
    //  +---------+-----------------+------------+------+-------------------------------------+
    //                            | content id (32)     | modified at i64, ms since 1970      |
    //                            +---------------------+-------------------------------------+
    private const int Folder = 0;
    private const int PlainFile = 1;
    private const int ExecutableFile = 2;

    // Years 1 to 9999: what clocks and file systems here can hold.
    private const long EarliestTime = -62_135_596_800_000;
    private const long LatestTime = 253_402_300_799_999;

    /// <summary>
    /// How many entries from the cursor on fit into a number of bytes, and how many bytes they take.
    /// </summary>
    public static int Fit(ImmutableArray<SharedEntry> entries, EncodeCursor cursor, int room, out int size)
    {
        size = 0;
        int end = cursor.Item;
        while (end < entries.Length)
        {
            int needed = SizeOf(entries[end]);
            if (size + needed > room)
            {
                break;
            }

            size += needed;
            end++;
        }

        return end;
    }

    public static void Write(ref WireWriter writer, ReadOnlySpan<SharedEntry> entries)
    {
        foreach (SharedEntry entry in entries)
        {
            switch (entry)
            {
                case SharedEntry.Folder:
                    writer.U8(Folder);
                    writer.Text(entry.Name.Value, WireLimits.EntryNameBytes);
                    break;
                case SharedEntry.File file:
                    writer.U8(file.IsExecutable ? ExecutableFile : PlainFile);
                    writer.Text(entry.Name.Value, WireLimits.EntryNameBytes);
                    writer.ContentId(file.Content);
                    writer.Long(Math.Clamp(file.ModifiedAt, EarliestTime, LatestTime));
                    break;
                default:
                    throw new UnreachableException();
            }
        }
    }

    public static ImmutableArray<SharedEntry> Read(ref WireReader reader)
    {
        ImmutableArray<SharedEntry>.Builder entries = ImmutableArray.CreateBuilder<SharedEntry>();
        while (reader.HasMore)
        {
            int kind = reader.U8();
            string text = reader.Text("entry name", WireLimits.EntryNameBytes, least: 1);
            if (reader.Failure is not null)
            {
                break;
            }

            if (!EntryName.TryParse(text, out EntryName name, out string? reason))
            {
                reader.Fail(reason);
            }
            else if (kind == Folder)
            {
                entries.Add(new SharedEntry.Folder(name));
            }
            else if (kind is PlainFile or ExecutableFile)
            {
                ContentId content = reader.ContentId();
                long modifiedAt = reader.Long("modification time", EarliestTime, LatestTime);
                entries.Add(new SharedEntry.File(name, content, modifiedAt, kind == ExecutableFile));
            }
            else
            {
                reader.Fail($"unknown entry kind {kind}");
            }
        }

        return entries.DrainToImmutable();
    }

    private static int SizeOf(SharedEntry entry) =>
        1 + WireWriter.SizeOf(entry.Name.Value) + (entry is SharedEntry.File ? Digest.Size + 8 : 0);
}
