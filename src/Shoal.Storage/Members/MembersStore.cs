using Microsoft.Data.Sqlite;
using Shoal.Core.Members;
using Shoal.Storage.Files;
using Shoal.Storage.Sqlite;

namespace Shoal.Storage.Members;

/// <summary>A directory's users and publications in a SQLite database.</summary>
public sealed class MembersStore : IMembersStore
{
    /// <summary>The name of the database in a data folder.</summary>
    public const string FileName = "directory.db";

    private static readonly string[] s_migrations =
    [
        """
        CREATE TABLE users (name TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE publications (
            number INTEGER PRIMARY KEY,
            owner TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            UNIQUE (owner, name));
        """,
    ];

    private readonly string _path;
    private readonly FileHold _hold;
    private readonly SqliteWriter _writer;

    private MembersStore(string path, SqliteConnection connection, FileHold hold)
    {
        _path = path;
        _hold = hold;
        _writer = new SqliteWriter(connection, path);
    }

    /// <summary>Opens the store in a folder; folder and database are made if absent.</summary>
    /// <exception cref="IOException">It cannot be opened; the message says why.</exception>
    public static MembersStore Open(string folder)
    {
        string path = Path.Join(folder, FileName);
        MadeFolder.At(folder);

        // A directory answers from memory: two on one database would not know of each other's changes.
        FileHold hold = FileHold.Take(
            path + ".lock", $"{folder} is in use by another hub. End that one, or name another folder");
        try
        {
            return new MembersStore(path, SqliteFile.Open(path, s_migrations), hold);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<DirectorySnapshot> LoadAsync(CancellationToken cancellationToken)
    {
        var users = new List<UserName>();
        var publications = new List<Publication>();
        await _writer.WriteAsync(connection => Load(connection, users, publications), cancellationToken);
        return new DirectorySnapshot(users, publications);
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(
        IReadOnlyList<DirectoryChange> changes, CancellationToken cancellationToken) => await _writer.WriteAsync(
            connection =>
            {
                foreach (DirectoryChange change in changes)
                {
                    Store(connection, change);
                }
            },
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _hold.Dispose();
    }

    private void Load(SqliteConnection connection, List<UserName> users, List<Publication> publications)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM users";
        using (SqliteDataReader rows = command.ExecuteReader())
        {
            while (rows.Read())
            {
                users.Add(User(rows.GetString(0)));
            }
        }

        command.CommandText = "SELECT number, owner, name, description FROM publications ORDER BY number";
        using SqliteDataReader published = command.ExecuteReader();
        while (published.Read())
        {
            publications.Add(new Publication(
                published.GetInt64(0),
                User(published.GetString(1)),
                PublicationName.TryCreate(published.GetString(2), out PublicationName name)
                    ? name
                    : throw Foreign(),
                Description.TryCreate(published.GetString(3), out Description description)
                    ? description
                    : throw Foreign()));
        }
    }

    private UserName User(string text) => UserName.TryCreate(text, out UserName name) ? name : throw Foreign();

    private IOException Foreign() =>
        new($"{_path} has rows that no directory wrote; move it away, or name another folder");

    private static void Store(SqliteConnection connection, DirectoryChange change)
    {
        using SqliteCommand command = connection.CreateCommand();
        switch (change)
        {
            case DirectoryChange.Registered registered:
                command.CommandText = "INSERT INTO users (name) VALUES ($user)";
                command.Parameters.AddWithValue("$user", registered.User.Value);
                break;
            case DirectoryChange.Unregistered gone:
                command.CommandText = "DELETE FROM users WHERE name = $user";
                command.Parameters.AddWithValue("$user", gone.User.Value);
                break;
            case DirectoryChange.Published { Publication: var publication }:
                command.CommandText = "INSERT INTO publications (number, owner, name, description) "
                    + "VALUES ($number, $owner, $name, $text)";
                command.Parameters.AddWithValue("$number", publication.Number);
                command.Parameters.AddWithValue("$owner", publication.Owner.Value);
                command.Parameters.AddWithValue("$name", publication.Name.Value);
                command.Parameters.AddWithValue("$text", publication.Description.Value);
                break;
            case DirectoryChange.Withdrawn withdrawn:
                command.CommandText = "DELETE FROM publications WHERE number = $number";
                command.Parameters.AddWithValue("$number", withdrawn.Publication.Number);
                break;
            default:
                return;
        }

        command.ExecuteNonQuery();
    }
}
