using System.Diagnostics;
using Shoal.Core.Members;

namespace Shoal.Core.Wire.Directory;

/// <summary>The numbers that stand for results. Each operation has its own; its last one means anything else.</summary>
public static class ReplyCodes
{
    // The result of every code, from 0; what is not here is the last.
    private static readonly DirectoryResult[][] s_results =
    [
        [DirectoryResult.Done, DirectoryResult.NameInUse],
        [DirectoryResult.Done, DirectoryResult.NoSuchUser],
        [DirectoryResult.Done, DirectoryResult.NoSuchUser, DirectoryResult.AlreadyConnected],
        [
            DirectoryResult.Done, DirectoryResult.NoSuchUser, DirectoryResult.NotConnected,
            DirectoryResult.AlreadyPublished,
        ],
        [
            DirectoryResult.Done, DirectoryResult.NoSuchUser, DirectoryResult.NotConnected,
            DirectoryResult.NotPublished,
        ],
        [DirectoryResult.Done, DirectoryResult.NoSuchUser, DirectoryResult.NotConnected],
        [
            DirectoryResult.Done, DirectoryResult.NoSuchUser, DirectoryResult.NotConnected,
            DirectoryResult.NoSuchTarget,
        ],
        [DirectoryResult.Done, DirectoryResult.NoSuchUser, DirectoryResult.NotConnected],
    ];

    /// <summary>The code that means anything else.</summary>
    public static int LastOf(DirectoryOperation operation) => s_results[(int)operation].Length;

    /// <summary>The code of a result.</summary>
    public static int Of(DirectoryOperation operation, DirectoryResult result)
    {
        int code = Array.IndexOf(s_results[(int)operation], result);
        Debug.Assert(
            code >= 0 || result is DirectoryResult.Refused or DirectoryResult.StillConnected,
            $"{result} cannot come of {operation}");
        return code < 0 ? LastOf(operation) : code;
    }

    /// <summary>The result of a code; any code that an operation does not have means anything else.</summary>
    public static DirectoryResult ResultOf(DirectoryOperation operation, int code) =>
        code >= 0 && code < LastOf(operation) ? s_results[(int)operation][code] : DirectoryResult.Refused;
}
