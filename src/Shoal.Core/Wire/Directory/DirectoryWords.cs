using System.Diagnostics;
using Shoal.Core.Members;

namespace Shoal.Core.Wire.Directory;

/// <summary>The words of operations, and those of styles.</summary>
public static class DirectoryWords
{
    /// <summary>The bytes of the longest word.</summary>
    internal const int Longest = 12;

    /// <summary>The word of an operation.</summary>
    public static string Of(DirectoryOperation operation) => operation switch
    {
        DirectoryOperation.Register => "REGISTER",
        DirectoryOperation.Unregister => "UNREGISTER",
        DirectoryOperation.Connect => "CONNECT",
        DirectoryOperation.Publish => "PUBLISH",
        DirectoryOperation.Withdraw => "DELETE",
        DirectoryOperation.ListUsers => "LIST_USERS",
        DirectoryOperation.ListContent => "LIST_CONTENT",
        DirectoryOperation.Disconnect => "DISCONNECT",
        _ => throw new UnreachableException(),
    };

    /// <summary>The word of a style, for people: no byte of the protocol.</summary>
    public static string Of(DirectoryStyle style) => style switch
    {
        DirectoryStyle.AsciiNul => "ascii-nul",
        DirectoryStyle.Raw => "raw",
        DirectoryStyle.AsciiBare => "ascii-bare",
        _ => throw new UnreachableException(),
    };

    /// <summary>
    /// The operation of a word, or null. Some programs write a blank where others have an underscore.
    /// </summary>
    internal static DirectoryOperation? Find(ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("REGISTER"u8))
        {
            return DirectoryOperation.Register;
        }

        if (word.SequenceEqual("UNREGISTER"u8))
        {
            return DirectoryOperation.Unregister;
        }

        if (word.SequenceEqual("CONNECT"u8))
        {
            return DirectoryOperation.Connect;
        }

        if (word.SequenceEqual("PUBLISH"u8))
        {
            return DirectoryOperation.Publish;
        }

        if (word.SequenceEqual("DELETE"u8))
        {
            return DirectoryOperation.Withdraw;
        }

        if (word.SequenceEqual("LIST_USERS"u8) || word.SequenceEqual("LIST USERS"u8))
        {
            return DirectoryOperation.ListUsers;
        }

        if (word.SequenceEqual("LIST_CONTENT"u8) || word.SequenceEqual("LIST CONTENT"u8))
        {
            return DirectoryOperation.ListContent;
        }

        return word.SequenceEqual("DISCONNECT"u8) ? DirectoryOperation.Disconnect : null;
    }
}
