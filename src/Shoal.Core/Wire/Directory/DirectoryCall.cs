using Shoal.Core.Members;

namespace Shoal.Core.Wire.Directory;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Operation">What is asked.</param>
/// <param name="Stamp">The date that the client wrote, or null.</param>
/// <param name="Request">The request, or null: one of its fields is wrong, and it is to be refused.</param>
/// <param name="Fault">What is wrong, for the log, or null.</param>
public sealed record DirectoryCall(
    DirectoryOperation Operation, string? Stamp, DirectoryRequest? Request, string? Fault);
