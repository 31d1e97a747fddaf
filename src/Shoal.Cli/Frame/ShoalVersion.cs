using System.Reflection;

namespace Shoal.Cli.Frame;

/// <summary>The version of this program.</summary>
internal static class ShoalVersion
{
    /// <summary>The version as <c>--version</c> prints it, without the commit it was built from.</summary>
    public static string Text { get; } = typeof(ShoalVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
