namespace Shoal.Core.Members;

/// <summary>A file that a user offers. The key is (owner, name): two users may offer the same name.</summary>
/// <param name="Number">
/// Its place in the order of all publications of a directory, from 1. A number is never given twice to publications
/// that are there at the same time, and a later publication has a higher one.
/// </param>
/// <param name="Owner">Who offers it.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Description">What the owner says about it.</param>
public sealed record Publication(long Number, UserName Owner, PublicationName Name, Description Description);
