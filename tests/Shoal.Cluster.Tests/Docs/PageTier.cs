using System.Globalization;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Docs;

/// <summary>The tier of a page: an origin with a few films, its edges, and as many clients as it expects.</summary>
internal sealed class PageTier(PageScript script, Scratch scratch)
{
    private readonly List<(ShoalProcess Process, PageCommand Command)> _members = [];
    private int _clients;
    private int _edges;

    /// <summary>Starts the origin or an edge, which end when the clients have theirs or stay.</summary>
    public void Start(PageCommand command, string[] words)
    {
        string name = words[0];
        if (name == "origin")
        {
            _clients = int.Parse(words.ValueOf("--expect-clients") ?? "1", CultureInfo.InvariantCulture);
            ExampleWorld.WriteCatalogue(scratch, words.ValueOf("--dir")!);
        }
        else
        {
            name += $"{++_edges}";
        }

        ShoalProcess process = script.Start(command, words.With("--name", name).WithAnyPort("--http"));
        if (words.Contains("--stay"))
        {
            script.Keep(process, command);
        }
        else
        {
            _members.Add((process, command));
        }
    }

    /// <summary>Runs the clients to their end, and all that ends with them.</summary>
    public async Task FetchAsync(PageCommand command, string[] words)
    {
        string folder = words.ValueOf("--dir")!;
        for (int i = 1; i <= _clients; i++)
        {
            string own = i == 1 ? folder : $"{folder}-{i}";
            string[] client = words.With("--name", $"client{i}").With("--dir", own);
            _members.Add((script.Start(command, client, ExampleWorld.Wishes), command));
        }

        foreach ((ShoalProcess process, PageCommand started) in _members)
        {
            await PageScript.EndAsync(process, started);
        }

        Assert.Equal(ExampleWorld.CountOf(words.ValueOf("--list")!), scratch.Look(folder).Length);
        Assert.All(Enumerable.Range(2, _clients - 1), i =>
            Assert.Equal(scratch.Look(folder), scratch.Look($"{folder}-{i}")));
    }
}
