namespace Shoal.Tests.Members;

/// <summary>
/// The rules of a directory once more, as slowly and plainly as they can be written: lists of texts, searched from end
/// to end, copied whole to be taken back.
/// </summary>
internal sealed class PlainDirectory
{
    private List<string> _users = [];
    private List<(string User, int Port)> _connected = [];
    private List<(string User, string File)> _publications = [];
    private (string[] Users, (string, int)[] Connected, (string, string)[] Publications) _stored = ([], [], []);

    public string Register(string user)
    {
        if (_users.Contains(user))
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

        _connected.Add((user, port));
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
        Stranger(user) ?? string.Join(", ", _connected.Select(c => $"{c.User} 10.0.0.1 {c.Port}"));

    public string ListContent(string user, string target)
    {
        if (Stranger(user) is { } refusal)
        {
            return refusal;
        }

        return _users.Contains(target)
            ? string.Join(", ", _publications.Where(p => p.User == target).Select(p => p.File))
            : "NoSuchTarget";
    }

    public void Vanish(string user) => _connected.RemoveAll(c => c.User == user);

    public void Store() => _stored = ([.. _users], [.. _connected], [.. _publications]);

    public void TakeBack() =>
        (_users, _connected, _publications) = ([.. _stored.Users], [.. _stored.Connected], [.. _stored.Publications]);

    public void Restart() => _connected.Clear();

    private bool IsConnected(string user) => _connected.Exists(c => c.User == user);

    private string? Stranger(string user) =>
        !_users.Contains(user) ? "NoSuchUser" : !IsConnected(user) ? "NotConnected" : null;
}
