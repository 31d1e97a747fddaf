using System.Security.Cryptography;
using Shoal.Core.Roster;
using Shoal.Storage.Files;

namespace Shoal.Storage;

/// <summary>The identity of a peer: made once from chance, and kept in its folder where it has one.</summary>
public static class PeerIdentity
{
    /// <summary>An identity that nobody else has.</summary>
    public static PeerId Make()
    {
        Span<byte> bits = stackalloc byte[PeerId.Size];
        RandomNumberGenerator.Fill(bits);
        return PeerId.Read(bits);
    }

    /// <summary>The one that a file keeps, or a new one, which the file keeps from now on.</summary>
    internal static PeerId ReadOrMake(string path)
    {
        if (Read(path) is { } known)
        {
            return known;
        }

        // A torn or damaged one names nobody any more, and so there is nothing to lose.
        PeerId peer = Make();
        File.WriteAllText(path + ".new", peer + "\n");
        File.Move(path + ".new", path, overwrite: true);
        return peer;
    }

    /// <summary>The one that a file keeps; null: it keeps none.</summary>
    internal static PeerId? Read(string path) =>
        FileProbe.Look(path).Kind == FileKind.File
            && PeerId.TryParse(File.ReadAllText(path).Trim(), out PeerId known)
            ? known
            : null;
}
