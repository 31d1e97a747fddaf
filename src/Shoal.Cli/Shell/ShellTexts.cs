using Shoal.Core.Members;
using Shoal.Core.Wire.Directory;

namespace Shoal.Cli.Shell;

/// <summary>What is said of results, word for word as other programs for the same directories say it.</summary>
internal static class ShellTexts
{
    public const string Prompt = "c> ";

    public const string Finished = "+++ FINISHED +++";

    public static string Of(DirectoryOperation operation, DirectoryResult result) => operation switch
    {
        DirectoryOperation.Register => result switch
        {
            DirectoryResult.Done => "REGISTER OK",
            DirectoryResult.NameInUse => "USERNAME IN USE",
            _ => "REGISTER FAIL",
        },
        DirectoryOperation.Unregister => result switch
        {
            DirectoryResult.Done => "UNREGISTER OK",
            DirectoryResult.NoSuchUser => "USER DOES NOT EXIST",
            _ => "UNREGISTER FAIL",
        },
        DirectoryOperation.Connect => result switch
        {
            DirectoryResult.Done => "CONNECT OK",
            DirectoryResult.NoSuchUser => "CONNECT FAIL, USER DOES NOT EXIST",
            DirectoryResult.AlreadyConnected => "USER ALREADY CONNECTED",
            _ => "CONNECT FAIL",
        },
        DirectoryOperation.Disconnect => OfOthers(operation, " / ", result),
        _ => OfOthers(operation, ", ", result),
    };

    public static string Of(FetchResult result) => result switch
    {
        FetchResult.Found => "GET_FILE OK",
        FetchResult.NoSuchFile => "GET_FILE FAIL / FILE NOT EXIST",
        _ => "GET_FILE FAIL",
    };

    public static string OfUnknown(string word) => $"Error: command {word.ToUpperInvariant()} not valid.";

    private static string OfOthers(DirectoryOperation operation, string link, DirectoryResult result)
    {
        string word = DirectoryWords.Of(operation);
        return result switch
        {
            DirectoryResult.Done => $"{word} OK",
            DirectoryResult.NoSuchUser => $"{word} FAIL{link}USER DOES NOT EXIST",
            DirectoryResult.NotConnected => $"{word} FAIL{link}USER NOT CONNECTED",
            DirectoryResult.AlreadyPublished => $"{word} FAIL{link}CONTENT ALREADY PUBLISHED",
            DirectoryResult.NotPublished => $"{word} FAIL{link}CONTENT NOT PUBLISHED",
            DirectoryResult.NoSuchTarget => $"{word} FAIL{link}REMOTE USER DOES NOT EXIST",
            _ => $"{word} FAIL",
        };
    }
}
