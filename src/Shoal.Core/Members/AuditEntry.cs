namespace Shoal.Core.Members;

/// <summary>An operation of a user, for the log of operations. Texts, because any program may tell it.</summary>
/// <param name="User">Who asked; up to 256 bytes.</param>
/// <param name="Operation">For what: a word, and the name of a file behind one that is about a file.</param>
/// <param name="Stamp">When, as <c>dd/mm/yyyy hh:mm:ss</c>.</param>
public sealed record AuditEntry(string User, string Operation, string Stamp);
