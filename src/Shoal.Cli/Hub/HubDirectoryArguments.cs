using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.Members;

namespace Shoal.Cli.Hub;

/// <summary>What <c>shoal hub</c> was told about its directory.</summary>
/// <param name="Listen">Where it listens.</param>
/// <param name="Style">How replies look.</param>
/// <param name="LineForm">How the line about a request looks.</param>
/// <param name="Audit">Where the log of operations is, port 0: its port mapper knows; null: there is none.</param>
internal sealed record HubDirectoryArguments(
    EndpointText Listen, DirectoryStyle Style, RequestLineForm LineForm, EndpointText? Audit);
