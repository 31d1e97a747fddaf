using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>The hub's directory as a process, as programs that speak its protocol see it.</summary>
public sealed class DirectoryTests
{
    [Fact]
    public async Task What_is_to_last_is_there_after_a_restart_and_presence_is_not()
    {
        await using ProcessDirectory directory = await ProcessDirectory.BeginAsync();
        await using ProcessDirectory.Machine anna = await directory.ConnectAsync("anna");
        await using ProcessDirectory.Machine bert = await directory.ConnectAsync("bert");
        Assert.Equal("0\0", await directory.AskAsync("PUBLISH", "anna", "film.mkv", "a \"film\" – ünïcode "));
        Assert.Equal("0\0", await directory.AskAsync("PUBLISH", "anna", "empty", ""));
        Assert.Equal("0\0", await directory.AskAsync("PUBLISH", "bert", "film.mkv", "another"));
        Assert.Equal(
            $"0\0" + $"2\0anna\0127.0.0.1\0{anna.Port}\0bert\0127.0.0.1\0{bert.Port}\0",
            await directory.AskAsync("LIST_USERS", "anna"));
        await EndAsync(directory.Hub);

        await directory.StartAsync();
        Assert.Equal("2\0", await directory.AskAsync("LIST_USERS", "anna"));
        Assert.Equal("1\0", await directory.AskAsync("REGISTER", "bert"));
        Assert.Equal("0\0", await directory.AskAsync("CONNECT", "anna", anna.Port));
        Assert.Equal(
            $"0\0" + $"1\0anna\0127.0.0.1\0{anna.Port}\0", await directory.AskAsync("LIST_USERS", "anna"));
        Assert.Equal(
            "0\0" + "2\0film.mkv\0a \"film\" – ünïcode \0empty\0\0",
            await directory.AskAsync("LIST_CONTENT", "anna", "anna"));
        Assert.Equal("0\0" + "1\0film.mkv\0another\0", await directory.AskAsync("LIST_CONTENT", "anna", "bert"));
        await EndAsync(directory.Hub);
    }

    [Fact]
    public async Task It_prints_what_others_of_its_kind_print_and_answers_in_the_style_that_it_is_told()
    {
        await using ProcessDirectory directory = await ProcessDirectory.BeginAsync(
            "--directory-style", "raw", "--directory-log", "long");
        Assert.Equal("\0", await directory.AskAsync("REGISTER", "anna"));
        Assert.Equal("\u0001", await directory.AskAsync("REGISTER", "anna"));
        await directory.Hub.Output.WaitForAsync($"s> init server {directory.Address}");
        await directory.Hub.Output.WaitForAsync("s> OPERATION REGISTER FROM anna");
    }

    [Fact]
    public async Task Two_hubs_on_one_folder_would_not_know_of_each_other_so_the_second_does_not_start()
    {
        await using ProcessDirectory directory = await ProcessDirectory.BeginAsync();
        await using ShoalProcess second = ShoalProcess.Start(
            "second", "hub", "--listen", "127.0.0.1:0", "--directory", "127.0.0.1:0", "--data",
            directory.Scratch["data"]);
        await second.ExpectAsync(1);
        Assert.True(second.Output.Has("shoal: --data: ", "in use by another hub"), second.Output.ToString());
        Assert.Equal("0\0", await directory.AskAsync("REGISTER", "anna"));
    }

    private static async Task EndAsync(ShoalProcess hub)
    {
        hub.Send(ShoalProcess.Signal.Terminate);
        await hub.ExpectAsync(0);
        string[] stops = [.. hub.Output.All.Where(line => line.Contains("_stop |", StringComparison.Ordinal))
            .Select(line => $"{line.Split("action: ")[1].Split(' ')[0]} {ProcessSwarm.FieldOf(line, "result")}")];
        Assert.Equal(
            ["directory_stop in_progress", "directory_stop success", "hub_stop in_progress", "hub_stop success"],
            stops);
    }
}
