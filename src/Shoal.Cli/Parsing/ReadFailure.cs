namespace Shoal.Cli.Parsing;

/// <summary>Says why a file that a user named cannot be read.</summary>
internal static class ReadFailure
{
    /// <summary>A sentence, with the file and what to look at.</summary>
    /// <param name="path">The file, as the user wrote it.</param>
    /// <param name="e">What the system said.</param>
    public static string Of(string path, Exception e) => $"{path} cannot be read: {e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file.",
        UnauthorizedAccessException when Directory.Exists(path) => "it is a folder.",
        UnauthorizedAccessException => "it may not be; check its owner and mode.",
        _ => e.Message,
    }}";
}
