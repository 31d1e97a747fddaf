using Shoal.Storage;

namespace Shoal.Hosts.Peer;

/// <summary>Passes on how far the hashing of files is, as the progress of a phase.</summary>
internal sealed class HashProgress(PeerPhase phase, Action<PeerProgress> progress) : IProgress<FolderProgress>
{
    public void Report(FolderProgress value) => progress(new PeerProgress
    {
        Phase = phase,
        TotalBytes = value.TotalBytes,
        DoneBytes = value.DoneBytes,
        TotalContents = value.TotalFiles,
        DoneContents = value.DoneFiles,
    });
}
