using Shoal.Core.Members;
using Shoal.Core.Wire.Directory;

namespace Shoal.Hosts.Members;

/// <summary>A request on its way through the directory.</summary>
internal sealed class PendingCall(CallId id, string address, DirectoryCall call)
{
    private readonly TaskCompletionSource<DirectoryReply> _reply =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CallId Id { get; } = id;

    public string Address { get; } = address;

    public DirectoryCall Call { get; } = call;

    public DirectoryRequest Request => Call.Request!;

    /// <summary>Whether the hub itself asks, so that nobody is told of it.</summary>
    public bool IsOwn { get; init; }

    /// <summary>The answer, as soon as what it says is on disk.</summary>
    public Task<DirectoryReply> Reply => _reply.Task;

    public void Answer(DirectoryReply reply) => _reply.TrySetResult(reply);
}
