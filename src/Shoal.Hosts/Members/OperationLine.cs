using Shoal.Core.Members;
using Shoal.Core.Wire.Directory;

namespace Shoal.Hosts.Members;

/// <summary>What the log of operations is told of a request.</summary>
internal static class OperationLine
{
    /// <param name="call">As it came; its date counts, if it has one.</param>
    /// <param name="request">What it asks.</param>
    /// <param name="now">Else this.</param>
    public static AuditEntry Of(DirectoryCall call, DirectoryRequest request, DateTimeOffset now)
    {
        string word = DirectoryWords.Of(request.Operation);
        string operation = request switch
        {
            DirectoryRequest.Publish publish => $"{word} {publish.File}",
            DirectoryRequest.Withdraw withdraw => $"{word} {withdraw.File}",
            _ => word,
        };
        return new AuditEntry(request.User.Value, operation, call.Stamp ?? RequestStamp.Of(now));
    }
}
