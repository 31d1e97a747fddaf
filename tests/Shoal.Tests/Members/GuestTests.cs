using System.Text;
using Shoal.Core.Members;

namespace Shoal.Tests.Members;

/// <summary>Members of swarms, as the directory of the same hub lists them.</summary>
public sealed class GuestTests
{
    [Fact]
    public void A_member_is_listed_with_what_it_shares_until_it_goes()
    {
        DirectoryDesk desk = Connected();
        desk.Come(1, "bert", 7001, "films");
        desk.Share(1, "one.avi");
        desk.Share(1, "sub/two.avi", 2);
        Assert.Equal("anna 10.0.0.1 7000, bert@films 10.0.0.2 7001", desk.ListUsers("anna"));
        Assert.Equal(
            "one.avi (swarm films), sub/two.avi (swarm films)", desk.ListContent("anna", "bert@films"));
        desk.Go(1);
        Assert.Equal("anna 10.0.0.1 7000", desk.ListUsers("anna"));
        Assert.Equal("NoSuchTarget", desk.ListContent("anna", "bert@films"));
    }

    [Fact]
    public void What_a_member_brings_is_listed_with_it_and_told_after_it()
    {
        DirectoryDesk desk = Connected();
        desk.Come(1, "bert", files: ["one.avi", "name with a blank"]);
        Assert.Collection(
            Changes(),
            change => Assert.IsType<DirectoryChange.Welcomed>(change),
            change => Assert.Equal(
                "one.avi", Assert.Single(Assert.IsType<DirectoryChange.Shared>(change).Files).Name));
        Assert.Equal("one.avi (swarm s)", desk.ListContent("anna", "bert@s"));
        desk.Come(2, "cleo");
        Assert.IsType<DirectoryChange.Welcomed>(Assert.Single(Changes()));

        IEnumerable<DirectoryChange> Changes() =>
            desk.Effects.OfType<UserDirectoryEffect.Changed>().Select(effect => effect.Change);
    }

    [Fact]
    public void A_guest_is_no_user_who_could_ask_for_anything()
    {
        DirectoryDesk desk = Connected();
        desk.Come(1, "bert");
        desk.Share(1, "a");
        Assert.Equal(DirectoryResult.NoSuchUser, desk.Connect("bert@s"));
        Assert.Equal(DirectoryResult.NoSuchUser, desk.Disconnect("bert@s"));
        Assert.Equal(DirectoryResult.NoSuchUser, desk.Publish("bert@s", "b"));
        Assert.Equal(DirectoryResult.NoSuchUser, desk.Withdraw("bert@s", "a"));
        Assert.Equal(DirectoryResult.NoSuchUser, desk.Unregister("bert@s"));
        Assert.Equal("NoSuchUser", desk.ListUsers("bert@s"));
        Assert.Equal("a (swarm s)", desk.ListContent("anna", "bert@s"));
    }

    [Fact]
    public void A_registered_user_keeps_its_name_and_nobody_registers_under_that_of_a_guest()
    {
        DirectoryDesk desk = Connected();
        desk.Register("bert@s");
        desk.Come(1, "bert");
        desk.Come(2, "bert");
        Assert.Equal("anna 10.0.0.1 7000, bert@s-2 10.0.0.2 7000, bert@s-3 10.0.0.2 7000", desk.ListUsers("anna"));
        Assert.Equal(DirectoryResult.NameInUse, desk.Register("bert@s-2"));
        desk.Go(1);
        Assert.Equal(DirectoryResult.Done, desk.Register("bert@s-2"));
    }

    [Fact]
    public void A_name_that_may_come_back_to_its_user_is_not_given_to_a_guest()
    {
        DirectoryDesk desk = Connected();
        desk.Register("bert@s");
        desk.Tell(new UserDirectoryEvent.Stored());
        desk.Unregister("bert@s");
        desk.Come(1, "bert");
        desk.Tell(new UserDirectoryEvent.StoreFailed());
        Assert.Equal("anna 10.0.0.1 7000, bert@s-2 10.0.0.2 7000", desk.ListUsers("anna"));
        Assert.Equal("", desk.ListContent("anna", "bert@s"));
    }

    [Fact]
    public void Being_told_twice_changes_nothing_and_is_answered_twice()
    {
        DirectoryDesk desk = Connected();
        desk.Come(1, "bert");
        UserDirectoryEffect first = Assert.Single(desk.Effects);
        desk.Come(1, "bert");
        Assert.Equal(first, Assert.Single(desk.Effects));
        desk.Share(1, "a");
        desk.Share(1, "a");
        Assert.Single(desk.Effects);
        Assert.Equal("a (swarm s)", desk.ListContent("anna", "bert@s"));
        desk.Go(1);
        desk.Go(1);
        Assert.Empty(desk.Effects);
    }

    [Fact]
    public void What_a_guest_lost_is_listed_no_longer_under_any_name()
    {
        DirectoryDesk desk = Connected();
        desk.Come(1, "bert");
        desk.Share(1, "a", 1);
        desk.Share(1, "b", 1);
        desk.Share(1, "c", 2);
        desk.Share(1, "b", 2);
        desk.Lose(1, 1);
        Assert.Equal("b (swarm s), c (swarm s)", desk.ListContent("anna", "bert@s"));
    }

    [Fact]
    public void Names_that_no_listing_can_have_are_left_out_of_it_or_changed()
    {
        DirectoryDesk desk = Connected();
        desk.Come(1, "ber\tt / b", swarm: "my films");
        desk.Share(1, "one film.avi");
        Assert.Empty(desk.Effects);
        desk.Share(1, "one");
        Assert.Equal("anna 10.0.0.1 7000, ber_t___b@my_films 10.0.0.2 7000", desk.ListUsers("anna"));
        Assert.Equal("one (swarm my films)", desk.ListContent("anna", "ber_t___b@my_films"));
    }

    [Fact]
    public void The_longest_names_make_names_that_are_long_enough()
    {
        DirectoryDesk desk = Connected();
        desk.Come(1, string.Concat(Enumerable.Repeat("\U0001F41F", 32)), swarm: new string('é', 300));
        desk.Come(2, string.Concat(Enumerable.Repeat("\U0001F41F", 32)), swarm: new string('é', 300));
        string[] names = [.. desk.ListUsers("anna").Split(", ")[1..].Select(row => row.Split(' ')[0])];
        Assert.Equal(2, names.Distinct().Count());
        Assert.All(names, name => Assert.InRange(Encoding.UTF8.GetByteCount(name), 250, UserName.MostBytes));
        Assert.EndsWith("-2", names[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Guests_are_never_probed()
    {
        DirectoryDesk desk = Connected();
        desk.Come(1, "bert");
        desk.TickAfter(TimeSpan.FromMinutes(1));
        Assert.Equal("anna", Assert.Single(desk.Probes).User.Value);
    }

    [Fact]
    public void One_guest_too_many_and_one_file_too_many_are_in_no_list()
    {
        DirectoryDesk desk = Connected(new UserDirectoryOptions { MostGuests = 2, MostPublications = 2 });
        desk.Come(1, "bert");
        desk.Come(2, "cleo");
        desk.Come(3, "dora");
        Assert.Empty(desk.Effects);
        desk.Share(3, "a");
        Assert.Empty(desk.Effects);
        desk.Share(1, "a");
        desk.Share(1, "b");
        desk.Share(1, "c");
        Assert.Empty(desk.Effects);
        Assert.Equal("a (swarm s), b (swarm s)", desk.ListContent("anna", "bert@s"));
        Assert.Equal("anna 10.0.0.1 7000, bert@s 10.0.0.2 7000, cleo@s 10.0.0.2 7000", desk.ListUsers("anna"));
        desk.Go(2);
        desk.Come(3, "dora");
        Assert.Equal("anna 10.0.0.1 7000, bert@s 10.0.0.2 7000, dora@s 10.0.0.2 7000", desk.ListUsers("anna"));
    }

    private static DirectoryDesk Connected(UserDirectoryOptions? options = null)
    {
        var desk = new DirectoryDesk(options);
        desk.Register("anna");
        desk.Connect("anna");
        return desk;
    }
}
