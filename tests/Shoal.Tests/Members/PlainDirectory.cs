namespace Shoal.Tests.Members;

/// <summary>
/// The rules of a directory once more, as slowly and plainly as they can be written: lists of texts, searched from end
/// to end, copied whole to be taken back.
/// </summary>
internal sealed class PlainDirectory
{
    private List<string> _users = [];
    private int _order;
    private List<(int Order, string User, int Port)> _connected = [];
    private List<(string User, string File)> _publications = [];
    private readonly List<(int Id, int Order, string User, int Port)> _guests = [];
    private readonly List<(int Id, string File, int Content)> _shared = [];
    private (string[] Users, (int, string, int)[] Connected, (string, string)[] Publications) _stored = ([], [], []);

    public string Register(string user)
    {
        if (_users.Contains(user) || _guests.Exists(g => g.User == user))
        {
            return "NameInUse";
        }

        _users.Add(user);
        return "Done";
    }

    public string Unregister(string user)
    {
        if (!_users.Contains(user))
        {
            return "NoSuchUser";
        }

        if (IsConnected(user))
        {
            return "StillConnected";
        }

        _users.Remove(user);
        _publications.RemoveAll(p => p.User == user);
        return "Done";
    }

    public string Connect(string user, int port)
    {
        if (!_users.Contains(user))
        {
            return "NoSuchUser";
        }

        if (IsConnected(user))
        {
            return "AlreadyConnected";
        }

        _connected.Add((++_order, user, port));
        return "Done";
    }

    public string Disconnect(string user)
    {
        if (Stranger(user) is { } refusal)
        {
            return refusal;
        }

        Vanish(user);
        return "Done";
    }

    public string Publish(string user, string file)
    {
        if (Stranger(user) is { } refusal)
        {
            return refusal;
        }

        if (_publications.Contains((user, file)))
        {
            return "AlreadyPublished";
        }

        _publications.Add((user, file));
        return "Done";
    }

    public string Withdraw(string user, string file)
    {
        if (Stranger(user) is { } refusal)
        {
            return refusal;
        }

        return _publications.Remove((user, file)) ? "Done" : "NotPublished";
    }

    public string ListUsers(string user) =>
        Stranger(user) ?? string.Join(
            ", ",
            _connected.Select(c => (c.Order, Text: $"{c.User} 10.0.0.1 {c.Port}"))
                .Concat(_guests.Select(g => (g.Order, Text: $"{g.User} 10.0.0.2 {g.Port}")))
                .OrderBy(c => c.Order).Select(c => c.Text));

    public string ListContent(string user, string target)
    {
        if (Stranger(user) is { } refusal)
        {
            return refusal;
        }

        if (_guests.Find(g => g.User == target) is { User: not null } guest)
        {
            return string.Join(", ", _shared.Where(s => s.Id == guest.Id).Select(s => $"{s.File} (swarm s)"));
        }

        return _users.Contains(target)
            ? string.Join(", ", _publications.Where(p => p.User == target).Select(p => p.File))
            : "NoSuchTarget";
    }

    public void Vanish(string user) => _connected.RemoveAll(c => c.User == user);

    public void Come(int id, string member, int port)
    {
        if (_guests.Exists(g => g.Id == id))
        {
            return;
        }

        string name = $"{member}@s";
        for (int number = 2; IsKnown(name); number++)
        {
            name = $"{member}@s-{number}";
        }

        _guests.Add((id, ++_order, name, port));
    }

    public void Share(int id, string file, int content)
    {
        int known = _shared.FindIndex(s => s.Id == id && s.File == file);
        if (known >= 0)
        {
            _shared[known] = (id, file, content);
        }
        else if (_guests.Exists(g => g.Id == id))
        {
            _shared.Add((id, file, content));
        }
    }

    public void Lose(int id, int content) => _shared.RemoveAll(s => s.Id == id && s.Content == content);

    public void Go(int id)
    {
        _guests.RemoveAll(g => g.Id == id);
        _shared.RemoveAll(s => s.Id == id);
    }

    public void Store() => _stored = ([.. _users], [.. _connected], [.. _publications]);

    public void TakeBack() =>
        (_users, _connected, _publications) = ([.. _stored.Users], [.. _stored.Connected], [.. _stored.Publications]);

    public void Restart()
    {
        _connected.Clear();
        _guests.Clear();
        _shared.Clear();
    }

    // A name that was given up since the last store may come back.
    private bool IsKnown(string name) =>
        _users.Contains(name) || _stored.Users.Contains(name) || _guests.Exists(g => g.User == name);

    private bool IsConnected(string user) => _connected.Exists(c => c.User == user);

    private string? Stranger(string user) =>
        !_users.Contains(user) ? "NoSuchUser" : !IsConnected(user) ? "NotConnected" : null;
}
