using Shoal.Core.Content;
using Shoal.Core.Members;

namespace Shoal.Tests.Members;

/// <summary>A directory whose shell is a test: asks by hand, reads the effects.</summary>
internal sealed class DirectoryDesk
{
    private readonly List<UserDirectoryEffect> _effects = [];
    private long _call;

    public DirectoryDesk(UserDirectoryOptions? options = null, DirectorySnapshot? snapshot = null) =>
        Directory = new UserDirectory(options ?? new UserDirectoryOptions(), snapshot ?? DirectorySnapshot.Empty);

    public UserDirectory Directory { get; }

    public TimeSpan Now { get; set; }

    /// <summary>The effects of the last event.</summary>
    public IReadOnlyList<UserDirectoryEffect> Effects => _effects;

    public IEnumerable<ConnectedUser> Probes => _effects.OfType<UserDirectoryEffect.Probe>().Select(e => e.User);

    public static UserName User(string text) => UserName.TryCreate(text, out UserName name)
        ? name
        : throw new ArgumentException($"'{text}' is no user's name.");

    public static PublicationName File(string text) => PublicationName.TryCreate(text, out PublicationName name)
        ? name
        : throw new ArgumentException($"'{text}' is no publication's name.");

    public static Description About(string text) => Description.TryCreate(text, out Description description)
        ? description
        : throw new ArgumentException($"'{text}' is no description.");

    public DirectoryReply Ask(DirectoryRequest request, string address = "10.0.0.1")
    {
        var call = new CallId(++_call);
        Tell(new UserDirectoryEvent.Asked(call, address, request));
        var answer = Assert.IsType<UserDirectoryEffect.Answer>(_effects[^1]);
        Assert.Equal(call, answer.Call);
        return answer.Reply;
    }

    public DirectoryResult Register(string user) => Ask(new DirectoryRequest.Register(User(user))).Result;

    public DirectoryResult Unregister(string user) => Ask(new DirectoryRequest.Unregister(User(user))).Result;

    public DirectoryResult Connect(string user, int port = 7000) =>
        Ask(new DirectoryRequest.Connect(User(user), port)).Result;

    public DirectoryResult Disconnect(string user) => Ask(new DirectoryRequest.Disconnect(User(user))).Result;

    public DirectoryResult Publish(string user, string file, string about = "") =>
        Ask(new DirectoryRequest.Publish(User(user), File(file), About(about))).Result;

    public DirectoryResult Withdraw(string user, string file) =>
        Ask(new DirectoryRequest.Withdraw(User(user), File(file))).Result;

    /// <summary>The list of users as text, or the result that came instead.</summary>
    public string ListUsers(string user) => Ask(new DirectoryRequest.ListUsers(User(user))) switch
    {
        DirectoryReply.Users users => string.Join(", ", users.List.Select(u => $"{u.User} {u.Address} {u.Port}")),
        var other => other.Result.ToString(),
    };

    /// <summary>The list of publications as text, or the result that came instead.</summary>
    public string ListContent(string user, string target) =>
        Ask(new DirectoryRequest.ListContent(User(user), User(target))) switch
        {
            DirectoryReply.Contents contents => string.Join(", ", contents.List.Select(Text)),
            var other => other.Result.ToString(),
        };

    public void Come(int guest, string member, int port = 7000, string swarm = "s", params string[] files) =>
        Tell(new UserDirectoryEvent.GuestCame(
            new GuestId(guest), member, swarm, "10.0.0.2", port, [.. files.Select(file => Shared(file, 1))]));

    public void Share(int guest, string file, int content = 1) => Tell(new UserDirectoryEvent.GuestShared(
        new GuestId(guest), [Shared(file, content)]));

    public void Lose(int guest, int content = 1) =>
        Tell(new UserDirectoryEvent.GuestLost(new GuestId(guest), Content(content)));

    public void Go(int guest) => Tell(new UserDirectoryEvent.GuestGone(new GuestId(guest)));

    public void Tell(UserDirectoryEvent @event)
    {
        _effects.Clear();
        Directory.Apply(Now, @event, _effects);
    }

    public void TickAfter(TimeSpan span)
    {
        Now += span;
        Tell(new UserDirectoryEvent.Tick());
    }

    private static GuestFile Shared(string name, int content) => new(name, Content(content), content);

    private static ContentId Content(int number) => new(new Digest([.. new byte[Digest.Size - 1], (byte)number]));

    private static string Text(Publication publication) =>
        publication.Description.Value.Length == 0
            ? publication.Name.Value
            : $"{publication.Name} ({publication.Description})";
}
