using Shoal.Core.Members;
using Shoal.Core.Randomness;

namespace Shoal.Tests.Members;

/// <summary>The machine beside a plain model, through random lives of a directory.</summary>
public sealed class UserDirectoryModelTests
{
    private static readonly string[] Users = ["anna", "bert", "anna@s", "anna@s-2"];
    private static readonly string[] Files = ["a", "b", "c"];

    public static TheoryData<ulong> RandomSeeds() => [.. Enumerable.Range(1, 60).Select(i => (ulong)i)];

    [Theory]
    [MemberData(nameof(RandomSeeds))]
    public void A_directory_does_what_the_plain_model_does(ulong randomSeed)
    {
        var random = new DeterministicRandom(randomSeed);
        var model = new PlainDirectory();
        var desk = new DirectoryDesk();
        var disk = new PlainDisk();
        for (int step = 0; step < 400; step++)
        {
            string expected, actual;
            string user = Users[random.Next(Users.Length)];
            string other = Users[random.Next(Users.Length)];
            string file = Files[random.Next(Files.Length)];
            int port = 1000 + step;
            int guest = 1 + random.Next(4);
            switch (random.Next(28))
            {
                case 0 or 1:
                    (expected, actual) = (model.Register(user), desk.Register(user).ToString());
                    break;
                case 2:
                    (expected, actual) = (model.Unregister(user), desk.Unregister(user).ToString());
                    break;
                case 3 or 4 or 5:
                    (expected, actual) = (model.Connect(user, port), desk.Connect(user, port).ToString());
                    break;
                case 6:
                    (expected, actual) = (model.Disconnect(user), desk.Disconnect(user).ToString());
                    break;
                case 7 or 8 or 9:
                    (expected, actual) = (model.Publish(user, file), desk.Publish(user, file).ToString());
                    break;
                case 10 or 11:
                    (expected, actual) = (model.Withdraw(user, file), desk.Withdraw(user, file).ToString());
                    break;
                case 12 or 13:
                    (expected, actual) = (model.ListUsers(user), desk.ListUsers(user));
                    break;
                case 14 or 15:
                    (expected, actual) = (model.ListContent(user, other), desk.ListContent(user, other));
                    break;
                case 20 or 21 or 22:
                    (expected, actual) = ("", "");
                    string member = Users[random.Next(2)];
                    model.Come(guest, member, port);
                    desk.Come(guest, member, port);
                    break;
                case 23 or 24 or 25:
                    (expected, actual) = ("", "");
                    int content = random.Next(3);
                    model.Share(guest, file, content);
                    desk.Share(guest, file, content);
                    break;
                case 26:
                    (expected, actual) = ("", "");
                    int lost = random.Next(3);
                    model.Lose(guest, lost);
                    desk.Lose(guest, lost);
                    break;
                case 27:
                    (expected, actual) = ("", "");
                    model.Go(guest);
                    desk.Go(guest);
                    break;
                case 16:
                    (expected, actual) = ("", "");
                    Vanish(desk, user, disk);
                    model.Vanish(user);
                    break;
                case 17 or 18:
                    (expected, actual) = ("", "");
                    model.Store();
                    disk.Commit();
                    desk.Tell(new UserDirectoryEvent.Stored());
                    break;
                default:
                    (expected, actual) = ("", "");
                    model.TakeBack();
                    disk.Drop();
                    desk.Tell(new UserDirectoryEvent.StoreFailed());
                    if (random.Next(2) == 0)
                    {
                        model.Restart();
                        model.Store();
                        desk = new DirectoryDesk(snapshot: disk.Snapshot);
                    }

                    break;
            }

            Assert.True(expected == actual, $"random seed {randomSeed}, step {step}: {actual}, not {expected}");
            disk.Take(desk.Effects);
        }
    }

    // All machines answer but one: after three rounds its user is gone.
    private static void Vanish(DirectoryDesk desk, string user, PlainDisk disk)
    {
        for (int round = 0; round < 3; round++)
        {
            desk.TickAfter(TimeSpan.FromSeconds(11));
            foreach (ConnectedUser probed in desk.Probes.ToArray())
            {
                desk.Tell(new UserDirectoryEvent.Probed(
                    probed.Presence, probed.User.Value == user ? ProbeResult.Silent : ProbeResult.Answered));
                disk.Take(desk.Effects);
            }
        }

        desk.Tell(new UserDirectoryEvent.Tick());
    }

    /// <summary>What a store would hold, from the changes alone.</summary>
    private sealed class PlainDisk
    {
        private readonly List<DirectoryChange> _pending = [];
        private readonly List<UserName> _users = [];
        private readonly List<Publication> _publications = [];

        public DirectorySnapshot Snapshot => new([.. _users], [.. _publications]);

        public void Take(IEnumerable<UserDirectoryEffect> effects) =>
            _pending.AddRange(effects.OfType<UserDirectoryEffect.Changed>().Select(changed => changed.Change));

        public void Drop() => _pending.Clear();

        public void Commit()
        {
            foreach (DirectoryChange change in _pending)
            {
                switch (change)
                {
                    case DirectoryChange.Registered registered:
                        _users.Add(registered.User);
                        break;
                    case DirectoryChange.Unregistered gone:
                        Assert.True(_users.Remove(gone.User));
                        Assert.Equal(
                            gone.Publications, _publications.Where(p => p.Owner == gone.User));
                        _publications.RemoveAll(p => p.Owner == gone.User);
                        break;
                    case DirectoryChange.Published published:
                        _publications.Add(published.Publication);
                        break;
                    case DirectoryChange.Withdrawn withdrawn:
                        Assert.True(_publications.Remove(withdrawn.Publication));
                        break;
                    default:
                        break;
                }
            }

            _pending.Clear();
        }
    }
}
