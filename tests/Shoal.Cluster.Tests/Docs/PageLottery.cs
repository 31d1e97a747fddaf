using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Docs;

/// <summary>The lottery of a page: one hub, and the agencies of its roster, which run at the same time.</summary>
internal sealed class PageLottery(PageScript script, Scratch scratch) : IAsyncDisposable
{
    private readonly List<(ShoalProcess Process, PageCommand Command)> _sending = [];
    private PostgresTrial? _database;
    private string _http = "";
    private string _token = "";
    private int _agencies;

    /// <summary>Where agencies speak text.</summary>
    public string Text { get; private set; } = "";

    public async Task RunAsync(PageCommand command, string[] words)
    {
        if (words.Contains("--store"))
        {
            _database ??= await PostgresTrial.CreateAsync();
            words = words.With("--store", _database.Connection);
        }

        switch (words)
        {
            case [_, "serve", ..]:
                await ServeAsync(command, words);
                break;
            case [_, "agency", ..]:
                await SendBetsAsync(command, words);
                break;
            default:
                ShoalProcess process = script.Start(command, words);
                await PageScript.EndAsync(process, command);
                _agencies = words[1] == "open" ? ExampleWorld.AgenciesOf(scratch, words) : _agencies;
                _token = words[1] == "token" ? await process.Output.WaitForAsync(".") : _token;
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private async Task ServeAsync(PageCommand command, string[] words)
    {
        ShoalProcess process = script.Start(command, words.With("--listen", "127.0.0.1:0").WithAnyPort("--http"));
        script.Keep(process, command);
        Text = ProcessSwarm.FieldOf(await process.Output.WaitForAsync("action: lottery_listen"), "address");
        _agencies = ExampleWorld.AgenciesOf(scratch, words);
        if (words.Contains("--http"))
        {
            _http = ProcessSwarm.FieldOf(await process.Output.WaitForAsync("action: http_listen"), "address");
        }
    }

    /// <summary>The draw is held when all have closed, so the last waits for all.</summary>
    private async Task SendBetsAsync(PageCommand command, string[] words)
    {
        Assert.True(Text.Length > 0, $"Line {command.Line}: no lottery was started before.");
        string hub = words.Contains("--token") ? _http : Text;
        _sending.Add((script.Start(command, words.Change("--hub", _ => hub).Change("--token", _ => _token)), command));
        if (_sending.Count == _agencies)
        {
            foreach ((ShoalProcess process, PageCommand sent) in _sending)
            {
                await PageScript.EndAsync(process, sent);
            }

            _sending.Clear();
        }
    }
}
