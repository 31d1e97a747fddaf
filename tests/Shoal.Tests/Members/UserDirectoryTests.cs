using Shoal.Core.Members;

namespace Shoal.Tests.Members;

public sealed class UserDirectoryTests
{
    private readonly DirectoryDesk _desk = new();

    [Fact]
    public void A_name_is_registered_once()
    {
        Assert.Equal(DirectoryResult.Done, _desk.Register("anna"));
        Assert.Equal(DirectoryResult.NameInUse, _desk.Register("anna"));
        Assert.Equal(DirectoryResult.Done, _desk.Register("Anna"));
        Assert.Equal(DirectoryResult.Done, _desk.Unregister("anna"));
        Assert.Equal(DirectoryResult.Done, _desk.Register("anna"));
        Assert.Equal(2, _desk.Directory.UserCount);
    }

    [Fact]
    public void Who_is_connected_stays_registered()
    {
        Assert.Equal(DirectoryResult.NoSuchUser, _desk.Unregister("anna"));
        _desk.Register("anna");
        _desk.Connect("anna");
        Assert.Equal(DirectoryResult.StillConnected, _desk.Unregister("anna"));
        _desk.Disconnect("anna");
        Assert.Equal(DirectoryResult.Done, _desk.Unregister("anna"));
    }

    [Fact]
    public void Connecting_needs_a_registered_user_who_is_not_connected()
    {
        Assert.Equal(DirectoryResult.NoSuchUser, _desk.Connect("anna"));
        _desk.Register("anna");
        Assert.Equal(DirectoryResult.NotConnected, _desk.Disconnect("anna"));
        Assert.Equal(DirectoryResult.Done, _desk.Connect("anna", 7000));
        Assert.Equal(DirectoryResult.AlreadyConnected, _desk.Connect("anna", 8000));
        Assert.Equal("anna 10.0.0.1 7000", _desk.ListUsers("anna"));
        Assert.Equal(DirectoryResult.Done, _desk.Disconnect("anna"));
        Assert.Equal(DirectoryResult.Done, _desk.Connect("anna", 8000));
        Assert.Equal("anna 10.0.0.1 8000", _desk.ListUsers("anna"));
        Assert.Equal(DirectoryResult.NoSuchUser, _desk.Disconnect("bert"));
    }

    [Fact]
    public void A_publication_is_named_by_its_owner_and_its_name()
    {
        Assert.Equal(DirectoryResult.NoSuchUser, _desk.Publish("anna", "film"));
        _desk.Register("anna");
        Assert.Equal(DirectoryResult.NotConnected, _desk.Publish("anna", "film"));
        _desk.Connect("anna");
        Assert.Equal(DirectoryResult.Done, _desk.Publish("anna", "film", "about ants"));
        Assert.Equal(DirectoryResult.AlreadyPublished, _desk.Publish("anna", "film", "about bees"));
        _desk.Register("bert");
        _desk.Connect("bert");
        Assert.Equal(DirectoryResult.Done, _desk.Publish("bert", "film"));
        Assert.Equal("film (about ants)", _desk.ListContent("bert", "anna"));
        Assert.Equal("film", _desk.ListContent("anna", "bert"));
    }

    [Fact]
    public void Only_what_is_published_can_be_withdrawn()
    {
        Assert.Equal(DirectoryResult.NoSuchUser, _desk.Withdraw("anna", "film"));
        _desk.Register("anna");
        Assert.Equal(DirectoryResult.NotConnected, _desk.Withdraw("anna", "film"));
        _desk.Connect("anna");
        Assert.Equal(DirectoryResult.NotPublished, _desk.Withdraw("anna", "film"));
        _desk.Publish("anna", "film");
        Assert.Equal(DirectoryResult.Done, _desk.Withdraw("anna", "film"));
        Assert.Equal(DirectoryResult.NotPublished, _desk.Withdraw("anna", "film"));
    }

    [Fact]
    public void Lists_are_for_the_connected_and_of_anybody_registered()
    {
        Assert.Equal("NoSuchUser", _desk.ListUsers("anna"));
        Assert.Equal("NoSuchUser", _desk.ListContent("anna", "anna"));
        _desk.Register("anna");
        _desk.Register("bert");
        Assert.Equal("NotConnected", _desk.ListUsers("anna"));
        Assert.Equal("NotConnected", _desk.ListContent("anna", "nobody"));
        _desk.Connect("anna");
        Assert.Equal("NoSuchTarget", _desk.ListContent("anna", "nobody"));
        Assert.Equal("", _desk.ListContent("anna", "bert"));
    }

    [Fact]
    public void Publications_are_listed_in_their_order_and_outlive_a_presence_but_not_their_owner()
    {
        foreach (string user in (string[])["anna", "bert"])
        {
            _desk.Register(user);
            _desk.Connect(user);
        }

        foreach (string file in (string[])["z", "a", "m"])
        {
            _desk.Publish("anna", file);
        }

        _desk.Withdraw("anna", "a");
        _desk.Publish("anna", "a");
        _desk.Disconnect("anna");
        Assert.Equal("z, m, a", _desk.ListContent("bert", "anna"));
        _desk.Unregister("anna");
        _desk.Register("anna");
        Assert.Equal("", _desk.ListContent("bert", "anna"));
    }

    [Fact]
    public void After_a_restart_everything_is_there_but_nobody_is_connected()
    {
        var snapshot = new DirectorySnapshot(
            [DirectoryDesk.User("anna"), DirectoryDesk.User("bert")],
            [
                Publication(7, "anna", "film"),
                Publication(3, "anna", "book"),
            ]);
        var desk = new DirectoryDesk(snapshot: snapshot);
        Assert.Equal("NotConnected", desk.ListUsers("anna"));
        desk.Connect("anna");
        desk.Publish("anna", "song");
        Assert.Equal("book, film, song", desk.ListContent("anna", "anna"));
        var change = Assert.IsType<DirectoryChange.Published>(Publish(desk, "bird"));
        Assert.Equal(9, change.Publication.Number);
    }

    [Fact]
    public void A_machine_that_stops_answering_is_gone_after_three_probes_in_a_row()
    {
        _desk.Register("anna");
        _desk.Connect("anna");
        _desk.TickAfter(TimeSpan.FromSeconds(10));
        Assert.Empty(_desk.Probes);
        foreach (string results in (string[])["--+", "-+", "---"])
        {
            foreach (char result in results)
            {
                _desk.TickAfter(TimeSpan.FromSeconds(10.25));
                ConnectedUser probed = Assert.Single(_desk.Probes);
                _desk.TickAfter(TimeSpan.FromSeconds(60));
                Assert.Empty(_desk.Probes);
                Assert.Equal("anna 10.0.0.1 7000", _desk.ListUsers("anna"));
                _desk.Tell(new UserDirectoryEvent.Probed(
                    probed.Presence, result == '+' ? ProbeResult.Answered : ProbeResult.Silent));
            }
        }

        var gone = Assert.IsType<UserDirectoryEffect.Changed>(Assert.Single(_desk.Effects));
        Assert.Equal(PresenceEnd.Vanished, Assert.IsType<DirectoryChange.Disconnected>(gone.Change).How);
        Assert.Equal("NotConnected", _desk.ListUsers("anna"));
    }

    [Fact]
    public void A_probe_of_an_earlier_stay_says_nothing_about_this_one()
    {
        _desk.Register("anna");
        _desk.Connect("anna");
        _desk.TickAfter(TimeSpan.FromSeconds(11));
        PresenceId first = Assert.Single(_desk.Probes).Presence;
        _desk.Disconnect("anna");
        _desk.Connect("anna");
        for (int i = 0; i < 3; i++)
        {
            _desk.Tell(new UserDirectoryEvent.Probed(first, ProbeResult.Silent));
        }

        Assert.Equal("anna 10.0.0.1 7000", _desk.ListUsers("anna"));
    }

    [Fact]
    public void Beyond_its_limits_a_directory_refuses()
    {
        var desk = new DirectoryDesk(new UserDirectoryOptions { MostUsers = 2, MostPublications = 2 });
        Assert.Equal(DirectoryResult.Done, desk.Register("anna"));
        Assert.Equal(DirectoryResult.Done, desk.Register("bert"));
        Assert.Equal(DirectoryResult.Refused, desk.Register("cleo"));
        Assert.Equal(DirectoryResult.NameInUse, desk.Register("anna"));
        desk.Connect("anna");
        Assert.Equal(DirectoryResult.Done, desk.Publish("anna", "a"));
        Assert.Equal(DirectoryResult.Done, desk.Publish("anna", "b"));
        Assert.Equal(DirectoryResult.Refused, desk.Publish("anna", "c"));
        Assert.Equal(DirectoryResult.AlreadyPublished, desk.Publish("anna", "a"));
        desk.Withdraw("anna", "a");
        Assert.Equal(DirectoryResult.Done, desk.Publish("anna", "c"));
    }

    [Fact]
    public void What_could_not_be_stored_is_taken_back()
    {
        _desk.Register("anna");
        _desk.Connect("anna");
        _desk.Publish("anna", "film");
        _desk.Publish("anna", "book");
        _desk.Register("bert");
        _desk.Connect("bert");
        _desk.Tell(new UserDirectoryEvent.Stored());

        _desk.Withdraw("anna", "film");
        _desk.Publish("anna", "song");
        _desk.Disconnect("anna");
        _desk.Unregister("anna");
        _desk.Register("anna");
        _desk.Register("cleo");
        _desk.Connect("cleo");
        _desk.Tell(new UserDirectoryEvent.StoreFailed());

        Assert.Equal("film, book", _desk.ListContent("bert", "anna"));
        Assert.Equal("anna 10.0.0.1 7000, bert 10.0.0.1 7000", _desk.ListUsers("anna"));
        Assert.Equal(DirectoryResult.NoSuchUser, _desk.Connect("cleo"));
    }

    private static DirectoryChange Publish(DirectoryDesk desk, string file)
    {
        desk.Publish("anna", file);
        return desk.Effects.OfType<UserDirectoryEffect.Changed>().Single().Change;
    }

    private static Publication Publication(long number, string owner, string name) =>
        new(number, DirectoryDesk.User(owner), DirectoryDesk.File(name), DirectoryDesk.About(""));
}
