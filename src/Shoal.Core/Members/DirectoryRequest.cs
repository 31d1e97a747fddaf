namespace Shoal.Core.Members;

/// <summary>A request to a directory, with fields that are known to be right.</summary>
public abstract record DirectoryRequest
{
    private DirectoryRequest(DirectoryOperation operation, UserName user)
    {
        Operation = operation;
        User = user;
    }

    /// <summary>What is asked.</summary>
    public DirectoryOperation Operation { get; }

    /// <summary>Who asks.</summary>
    public UserName User { get; }

    /// <summary>Become a user.</summary>
    /// <param name="User">Who.</param>
    public sealed record Register(UserName User) : DirectoryRequest(DirectoryOperation.Register, User);

    /// <summary>Be a user no longer.</summary>
    /// <param name="User">Who.</param>
    public sealed record Unregister(UserName User) : DirectoryRequest(DirectoryOperation.Unregister, User);

    /// <summary>Say that one's machine listens.</summary>
    /// <param name="User">Who.</param>
    /// <param name="Port">Where, 1 to 65535; the address is that of the request.</param>
    public sealed record Connect(UserName User, int Port) : DirectoryRequest(DirectoryOperation.Connect, User);

    /// <summary>Offer a file.</summary>
    /// <param name="User">Who.</param>
    /// <param name="File">Under which name.</param>
    /// <param name="Description">What it is.</param>
    public sealed record Publish(UserName User, PublicationName File, Description Description)
        : DirectoryRequest(DirectoryOperation.Publish, User);

    /// <summary>Offer it no longer.</summary>
    /// <param name="User">Who.</param>
    /// <param name="File">Its name.</param>
    public sealed record Withdraw(UserName User, PublicationName File)
        : DirectoryRequest(DirectoryOperation.Withdraw, User);

    /// <summary>List who is connected.</summary>
    /// <param name="User">Who asks.</param>
    public sealed record ListUsers(UserName User) : DirectoryRequest(DirectoryOperation.ListUsers, User);

    /// <summary>List what a user offers.</summary>
    /// <param name="User">Who asks.</param>
    /// <param name="Target">Whose publications.</param>
    public sealed record ListContent(UserName User, UserName Target)
        : DirectoryRequest(DirectoryOperation.ListContent, User);

    /// <summary>Say that one's machine stops listening.</summary>
    /// <param name="User">Who.</param>
    public sealed record Disconnect(UserName User) : DirectoryRequest(DirectoryOperation.Disconnect, User);
}
