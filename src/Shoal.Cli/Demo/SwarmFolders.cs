namespace Shoal.Cli.Demo;

/// <summary>Where the peers of a demo have their files, logs and reports; peers count from 0.</summary>
internal sealed class SwarmFolders
{
    private readonly string _root;

    public SwarmFolders(string root, int peers)
    {
        _root = root;
        Directory.CreateDirectory(Logs);
        for (int peer = 0; peer < peers; peer++)
        {
            Directory.CreateDirectory(OfPeer(peer));
        }
    }

    /// <summary>Where the peers' logs and the hub's are.</summary>
    public string Logs => Path.Combine(_root, "logs");

    /// <summary>The report of all peers together.</summary>
    public string Report => Path.Combine(_root, "report.json");

    /// <summary>The folder that a peer shares and receives into.</summary>
    public string OfPeer(int peer) => Path.Combine(_root, DemoPeer.NameOf(peer));

    /// <summary>The log of a peer.</summary>
    public string LogOf(int peer) => Path.Combine(Logs, $"{DemoPeer.NameOf(peer)}.log");

    /// <summary>The report of a peer.</summary>
    public string ReportOf(int peer) => Path.Combine(_root, "reports", $"{DemoPeer.NameOf(peer)}.json");
}
