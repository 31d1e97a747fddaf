using Npgsql;
using Shoal.Core.Lottery;
using Shoal.Storage.Postgres;

namespace Shoal.Storage.Lottery;

/// <summary>
/// Hears from the database that a draw was held, whoever held it: by its notices, and because a notice can be lost with
/// a connection, by looking every second while somebody waits.
/// </summary>
internal sealed class PostgresDrawWatch : IAsyncDisposable
{
    /// <summary>The channel of the notices; each is a draw's name.</summary>
    public const string Channel = "shoal_draw";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source;
    private readonly HeldWaiters _waiters;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private Task? _running;

    public PostgresDrawWatch(NpgsqlDataSource source, HeldWaiters waiters)
    {
        _source = source;
        _waiters = waiters;
    }

    /// <summary>Begins to listen, if it does not yet: who only reads a store needs no second connection.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _running ??= Task.Run(RunAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_running is { } running)
        {
            await running;
        }

        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(_stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (PostgresDatabase.Explain(e) is not null)
            {
                // Who needs the database says that it is gone; here it is only dialled again.
                await Task.Delay(Period, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notice) => _waiters.Wake(new DrawName(notice.Payload));
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            await LookAsync(connection, cancellationToken);
            await connection.WaitAsync(Period, cancellationToken);
        }
    }

    private async Task LookAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        string[] awaited = [.. _waiters.Draws.Select(draw => draw.Value)];
        if (awaited.Length == 0)
        {
            return;
        }

        await using var look = new NpgsqlCommand("SELECT name FROM draw WHERE held AND name = ANY($1)", connection);
        look.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = awaited });
        await using NpgsqlDataReader rows = await look.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            _waiters.Wake(new DrawName(rows.GetString(0)));
        }
    }
}
