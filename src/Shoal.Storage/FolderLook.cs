using Shoal.Core.Roster;
using Shoal.Storage.Contents;
using Shoal.Storage.Files;
using Shoal.Storage.Names;
using Shoal.Storage.Reading;

namespace Shoal.Storage;

/// <summary>
/// What a run would find in a target folder. Nobody holds the folder for it: nothing in it changes, another program may
/// use it meanwhile, and one that is absent is empty.
/// </summary>
/// <param name="Contents">What is in it.</param>
/// <param name="FreeBytes">Bytes that are free for this user where it is, or would be made.</param>
public sealed record FolderLook(FolderContents Contents, long FreeBytes)
{
    /// <summary>Looks, and hashes on all cores what is not yet known.</summary>
    /// <param name="options">The folder, and how it would be opened.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FolderException">It is no folder, or cannot be read.</exception>
    public static async Task<FolderLook> TakeAsync(SwarmFolderOptions options, CancellationToken cancellationToken)
    {
        var paths = new FolderPaths(options.Path);
        if (FileProbe.Look(paths.Root).Kind == FileKind.File)
        {
            throw new FolderException(
                FolderProblem.NotAFolder, paths.Root, $"{paths.Root} is not a folder. Choose another name.");
        }

        try
        {
            FolderReader read = await Task.Run(
                () => FolderReader.RunAsync(paths, options, ReadPurpose.Look, null, cancellationToken),
                cancellationToken);
            PeerId peer = PeerIdentity.Read(paths.PeerId) ?? PeerIdentity.Make();
            var assembly = new FolderAssembly(paths, options, peer, read);
            using var contents = new ContentTable(paths, options.MostOpenFiles);
            assembly.Fill(contents, new NameBook(paths.Rules));
            return new FolderLook(assembly.Describe(contents), paths.MeasureFree());
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            throw FolderFailure.At(paths.Root, e);
        }
    }
}
