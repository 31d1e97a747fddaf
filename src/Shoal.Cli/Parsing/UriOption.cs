using System.CommandLine;
using System.CommandLine.Parsing;
using Shoal.Hosts.User;

namespace Shoal.Cli.Parsing;

/// <summary>An option that names a service on the web.</summary>
internal static class UriOption
{
    /// <summary>An option that may be left out; then its value is null.</summary>
    public static Option<Uri?> Create(string name, string description) => new(name)
    {
        HelpName = "URL",
        Description = description,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => Read(result, name),
    };

    private static Uri? Read(ArgumentResult result, string name)
    {
        string text = result.Tokens[0].Value;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
        {
            result.AddError($"{name}: '{text}' is no address of a service; write http://HOST:PORT.");
            return null;
        }

        return address.AbsolutePath == "/" ? new Uri(address, TimeServiceClock.DefaultPath) : address;
    }
}
