namespace Shoal.Cli.Parsing;

/// <summary>Says why a file or folder that a user named cannot be written.</summary>
internal static class WriteFailure
{
    /// <summary>A sentence, with the file and what to do.</summary>
    /// <param name="path">The file, as the user wrote it.</param>
    /// <param name="e">What the system said.</param>
    public static string OfFile(string path, Exception e) =>
        $"{path} cannot be written: {WhyOf(path, e)} Name a file in a folder that you may write to.";

    /// <inheritdoc cref="OfFile"/>
    public static string OfFolder(string path, Exception e) =>
        $"{path} cannot be made: {WhyOf(path, e)} Name a folder that you may write to.";

    // The system's own texts name paths that the user did not write, and some say less than they know.
    private static string WhyOf(string path, Exception e) => e switch
    {
        DirectoryNotFoundException => "there is no folder above it.",
        FileNotFoundException => "no folder can be made there.",
        UnauthorizedAccessException when Directory.Exists(path) => "it is a folder.",
        UnauthorizedAccessException => "you may not; check the owner and mode of the folder above it.",
        _ => e.Message,
    };
}
