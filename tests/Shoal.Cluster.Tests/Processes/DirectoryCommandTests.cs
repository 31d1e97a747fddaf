using System.Text.Json;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>The commands of a directory's users, each a process, against a hub that is one too.</summary>
public sealed class DirectoryCommandTests
{
    [Fact]
    public async Task A_file_goes_from_one_user_to_another()
    {
        using var scratch = new Scratch();
        await using CommandDesk hub = await CommandDesk.BeginAsync(scratch);
        scratch.Write("anna/film.avi", 1, 3_000_000);
        await hub.ExpectAsync(0, "user", "register", "--user", "anna");
        await hub.ExpectAsync(0, "user", "register", "--user", "bert");
        await hub.SaysAsync("'anna' is in use", 1, "user", "register", "--user", "anna");
        await using ShoalProcess publish = hub.Start(
            "publish", "anna/film.avi", "--description", "A short one", "--user", "anna", "--listen", "127.0.0.1:0");
        await publish.Output.WaitForAsync("1 published");
        await hub.SaysAsync("anna\t127.0.0.1\t", 0, "user", "list", "--user", "bert");
        await hub.SaysAsync("anna/film.avi\tA short one", 0, "list", "--user", "bert");
        await hub.SaysAsync("anna/film.avi", 0, "list", "anna", "--user", "bert");
        await hub.SaysAsync("anna/film.avi", 0, "search", "SHORT", "--user", "bert");
        Assert.Equal("", await hub.ExpectAsync(0, "search", "long", "--user", "bert"));
        await hub.SaysAsync("3000000 bytes", 0, "get", "anna/film.avi", "--user", "bert");
        Assert.Equal(
            await File.ReadAllBytesAsync(scratch["anna/film.avi"], TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(scratch["film.avi"], TestContext.Current.CancellationToken));

        // The same again is there already; another file is not lost by it.
        await hub.SaysAsync("3000000 bytes", 0, "get", "anna/film.avi", "--user", "bert");
        scratch.Write("film.avi", [1, 2, 3]);
        await hub.SaysAsync(
            "shoal: film.avi is there already, and is another file.", 1, "get", "anna/film.avi", "--user", "bert");
        Assert.Equal(3, new FileInfo(scratch["film.avi"]).Length);
        scratch.Write("film.avi", 2, 3_000_000);
        await hub.SaysAsync("is another file", 1, "get", "anna/film.avi", "--user", "bert");
        await hub.SaysAsync("3000000 bytes", 0, "get", "anna/film.avi", "--replace", "--user", "bert");
        Assert.Equal(3_000_000, new FileInfo(scratch["film.avi"]).Length);

        // Beside the program that is connected, which does not serve it any more.
        await hub.ExpectAsync(0, "withdraw", "film.avi", "--user", "anna");
        await hub.SaysAsync("publishes no 'film.avi'", 1, "withdraw", "film.avi", "--user", "anna");
        await hub.ExpectAsync(1, "get", "carl/film.avi", "--user", "bert");
        await hub.ExpectAsync(1, "user", "unregister", "--user", "anna");
        publish.Send(ShoalProcess.Signal.Interrupt);
        await publish.ExpectAsync(0);
        await hub.ExpectAsync(0, "user", "unregister", "--user", "anna");
        await hub.ExpectAsync(1, "user", "unregister", "--user", "anna");
    }

    [Fact]
    public async Task Listings_are_for_programs_too_with_every_name_as_it_is()
    {
        using var scratch = new Scratch();
        await using CommandDesk hub = await CommandDesk.BeginAsync(scratch);
        scratch.Write("film.avi", 1, 10);
        await hub.ExpectAsync(0, "user", "register", "--user", "anna");
        await using ShoalProcess publish = hub.Start(
            "publish", "film.avi", "--description", "a\"\tb é", "--user", "anna", "--listen", "127.0.0.1:0");
        await publish.Output.WaitForAsync("1 published");
        JsonElement user = Assert.Single(await ListAsync(hub, "users", "user", "list"));
        Assert.Equal(("anna", "127.0.0.1"), (TextOf(user, "user"), TextOf(user, "address")));
        Assert.InRange(user.GetProperty("port").GetInt32(), 1, 65535);
        foreach (string[] command in new string[][] { ["list"], ["list", "anna"], ["search", "FILM"] })
        {
            JsonElement row = Assert.Single(await ListAsync(hub, "publications", command));
            Assert.Equal(("anna", "film.avi"), (TextOf(row, "user"), TextOf(row, "file")));
            Assert.Equal("a\"\tb é", TextOf(row, "description"));
        }

        Assert.Empty(await ListAsync(hub, "publications", "search", "nothing"));
    }

    private static async Task<JsonElement[]> ListAsync(CommandDesk hub, string property, params string[] command)
    {
        using var document = JsonDocument.Parse(
            await hub.ExpectAsync(0, [.. command, "--json", "--user", "anna"]));
        return [.. document.RootElement.GetProperty(property).EnumerateArray().Select(row => row.Clone())];
    }

    private static string? TextOf(JsonElement row, string property) => row.GetProperty(property).GetString();

    [Fact]
    public async Task A_folder_is_published_and_comes_back_after_a_restart_of_the_hub()
    {
        using var scratch = new Scratch();
        await using CommandDesk hub = await CommandDesk.BeginAsync(scratch);
        scratch.Write("anna/one", 1, 10);
        scratch.Write("anna/sub/two", 2, 10);
        scratch.Write("anna/with blank", 3, 10);
        await hub.ExpectAsync(0, "user", "register", "--user", "anna");
        await using ShoalProcess publish = hub.Start("publish", "anna", "--user", "anna", "--listen", "127.0.0.1:0");
        await publish.Output.WaitForAsync("3 published");
        await publish.Output.WaitForAsync("with blank is passed over");
        await hub.ExpectAsync(0, "user", "register", "--user", "bert");
        await hub.SaysAsync("anna/sub/two", 0, "list", "--user", "bert");
        await hub.ExpectAsync(0, "get", "anna/sub/two", "-o", "copy", "--user", "bert");
        Assert.Equal(10, new FileInfo(scratch["copy"]).Length);
        await hub.SaysAsync("verified, from anna", 0, "get", "anna/anna", "-o", "all", "--user", "bert");
        Assert.Equal(scratch.Look("anna"), scratch.Look("all"));
        await hub.SaysAsync("is there already", 1, "get", "anna/anna/", "-o", "all", "--user", "bert");
    }

    [Fact]
    public async Task A_session_on_a_real_pipe_and_one_that_is_interrupted()
    {
        using var scratch = new Scratch();
        await using CommandDesk hub = await CommandDesk.BeginAsync(scratch);
        Assert.Equal(
            "c> c> REGISTER OK\nc> c> CONNECT OK\nc> +++ FINISHED +++\n",
            await hub.ShellAsync("REGISTER anna\nCONNECT anna\nQUIT\n", interrupt: false));
        Assert.Equal(
            "c> c> CONNECT OK\nc> +++ FINISHED +++\n", await hub.ShellAsync("CONNECT anna\n", interrupt: true));
        Assert.Equal(
            "c> c> CONNECT OK\nc> +++ FINISHED +++\n", await hub.ShellAsync("CONNECT anna\n", interrupt: false));
        scratch.Write("commands.txt", "UNREGISTER anna\nUNREGISTER anna\n"u8.ToArray());
        await hub.SaysAsync("USER DOES NOT EXIST", 1, "shell", "--script", "commands.txt");
    }

    [Fact]
    public async Task A_hub_that_is_not_there_is_named()
    {
        await using ShoalProcess process = ShoalProcess.Start(
            "list", "list", "--hub", "127.0.0.1:1", "--user", "anna");
        await process.ExpectAsync(1);
        Assert.Contains("shoal: cannot connect to 127.0.0.1:1", process.Output.ToString(), StringComparison.Ordinal);
    }
}
