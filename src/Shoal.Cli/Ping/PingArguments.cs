using Shoal.Core.Roster;

namespace Shoal.Cli.Ping;

/// <summary>What <c>shoal ping</c> was told.</summary>
/// <param name="Address">Who is asked.</param>
/// <param name="Patience">How long an answer may take.</param>
internal sealed record PingArguments(EndpointText Address, TimeSpan Patience);
