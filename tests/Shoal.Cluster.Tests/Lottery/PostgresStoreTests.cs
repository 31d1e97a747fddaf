using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Lottery;
using Shoal.Hosts.Lottery;
using Shoal.Storage.Lottery;
using Shoal.Tests.Lottery;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>The lottery in PostgreSQL keeps the contract of all stores, also when several hubs share it.</summary>
public sealed class PostgresStoreTests : LotteryStoreTests
{
    private PostgresTrial? _trial;

    private string Connection => _trial!.Connection;

    protected override async ValueTask BeginAsync() => _trial = await PostgresTrial.CreateAsync();

    protected override ValueTask EndAsync() => _trial?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<ILotteryStore> OpenAsync() => await PostgresLotteryStore.OpenAsync(Connection, Stop);

    [Fact]
    public async Task Many_agencies_share_a_transaction()
    {
        await using var store = (PostgresLotteryStore)await OpenAsync();
        await store.OpenDrawAsync(Terms(DrawName.Default, 200), Stop);
        await store.OfferAsync(DrawName.Default, Batch(1, 1), Stop);
        long before = store.Commits;
        BatchDecision[] decisions = await Task.WhenAll(Enumerable.Range(2, 199).Select(
            agency => store.OfferAsync(DrawName.Default, Batch(agency, 1), Stop)));
        Assert.All(decisions, decision => Assert.Equal(new BatchDecision.Store(1), decision));
        Assert.InRange(store.Commits - before, 1, 100);
    }

    [Fact]
    public async Task A_crowd_of_agencies_needs_no_crowd_of_connections()
    {
        await using ILotteryStore store = await OpenAsync();
        await store.WarmAsync();
        await store.OpenDrawAsync(Terms(DrawName.Default, 200), Stop);
        AgencyId[] agencies = [.. Enumerable.Range(1, 200).Select(agency => new AgencyId(agency))];
        await Task.WhenAll(agencies.Select(agency => store.OfferAsync(DrawName.Default, Batch(agency.Value, 1), Stop)));
        await Task.WhenAll(agencies.Select(agency => store.WinnersAsync(DrawName.Default, agency, Stop)));
        CloseDecision[] closes = await Task.WhenAll(
            agencies.Select(agency => store.CloseAsync(DrawName.Default, agency, null, Stop)));
        Assert.Single(closes.OfType<CloseDecision.CloseAndHold>());
        Assert.Equal(199, closes.OfType<CloseDecision.Close>().Count());
        WinnersAnswer[] winners = await Task.WhenAll(
            agencies.Select(agency => store.WinnersAsync(DrawName.Default, agency, Stop)));
        Assert.All(winners, answer => Assert.IsType<WinnersAnswer.Held>(answer));
        await Task.WhenAll(agencies.Select(agency => store.AgencyAsync(DrawName.Default, agency, Stop)));
        Assert.InRange(
            await _trial!.CountAsync(
                "SELECT COUNT(*) FROM pg_stat_activity "
                + "WHERE datname = current_database() AND application_name = 'shoal'"),
            1, Storage.Postgres.PostgresDatabase.MostConnections);
    }

    [Fact]
    public async Task An_agency_whose_row_somebody_holds_holds_up_nobody_who_comes_later()
    {
        await using ILotteryStore store = await OpenAsync();
        await store.WarmAsync();
        await store.OpenDrawAsync(Terms(DrawName.Default, 3), Stop);
        await store.OfferAsync(DrawName.Default, Batch(3, 1), Stop);
        await using NpgsqlDataSource other = NpgsqlDataSource.Create(Connection);
        await using NpgsqlConnection holder = await other.OpenConnectionAsync(Stop);
        await using NpgsqlTransaction held = await holder.BeginTransactionAsync(Stop);
        await using var hold = new NpgsqlCommand(
            "SELECT 1 FROM shoal.agency WHERE agency = 1 FOR UPDATE", holder, held);
        await hold.ExecuteNonQueryAsync(Stop);
        Task<BatchDecision> waiting = store.OfferAsync(DrawName.Default, Batch(1, 1), Stop);
        await Task.Delay(TimeSpan.FromMilliseconds(200), Stop);
        BatchDecision decision = await store.OfferAsync(DrawName.Default, Batch(2, 1), Stop)
            .WaitAsync(TimeSpan.FromSeconds(20), Stop);
        Assert.Equal(new BatchDecision.Store(1), decision);
        Assert.False(waiting.IsCompleted);
        await held.RollbackAsync(Stop);
        Assert.Equal(new BatchDecision.Store(1), await waiting);
    }

    [Fact]
    public async Task A_rehearsal_that_may_have_no_tables_of_its_own_hinders_nothing()
    {
        string role = $"shoal_{Guid.NewGuid():N}";
        await _trial!.RunAsync(
            $"""
            CREATE ROLE {role} LOGIN PASSWORD '{role}';
            DO $$ BEGIN
                EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
                EXECUTE format('GRANT CREATE ON DATABASE %I TO {role}', current_database());
            END $$
            """);
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(Connection) { Username = role, Password = role };
            PostgresLotteryStore store = await PostgresLotteryStore.OpenAsync(connection.ConnectionString, Stop);
            await using var records = new LotteryRecords(store);
            await records.OpenDrawAsync(Terms(DrawName.Default, 1), Stop);
            string? reason = await LotteryRehearsal.RunAsync(records, TimeProvider.System, NullLogger.Instance, Stop);
            Assert.Equal("try again later: the hub could not store it", reason);
            Assert.Equal(new BatchDecision.Store(1), await store.OfferAsync(DrawName.Default, Batch(1, 1), Stop));
        }
        finally
        {
            await _trial.RunAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task A_batch_that_comes_to_two_hubs_at_once_is_stored_once()
    {
        await using ILotteryStore one = await OpenAsync();
        await using ILotteryStore two = await OpenAsync();
        await one.OpenDrawAsync(Terms(DrawName.Default, 3), Stop);
        for (int number = 1; number <= 30; number++)
        {
            BatchDecision[] decisions = await Task.WhenAll(
                from agency in Enumerable.Range(1, 3)
                from store in new[] { one, two }
                select store.OfferAsync(DrawName.Default, Batch(agency, number), Stop));
            Assert.Equal(3, decisions.Count(decision => decision == new BatchDecision.Store(number)));
            Assert.Equal(3, decisions.Count(decision => decision == new BatchDecision.Repeated(number)));
        }

        DrawStanding standing = (await two.StandingAsync(DrawName.Default, Stop))!;
        Assert.All(standing.Agencies, agency => Assert.Equal((30, 30), (agency.Batches, agency.Bets)));
    }

    [Fact]
    public async Task Of_all_closes_at_all_hubs_exactly_one_holds_the_draw()
    {
        await using ILotteryStore one = await OpenAsync();
        await using ILotteryStore two = await OpenAsync();
        await one.OpenDrawAsync(Terms(DrawName.Default, 20), Stop);
        Task<int?> learnt = two.UntilHeldAsync(DrawName.Default, 0, Stop);
        CloseDecision[] decisions = await Task.WhenAll(
            from agency in Enumerable.Range(1, 20)
            from store in new[] { one, two }
            select store.CloseAsync(DrawName.Default, new AgencyId(agency), null, Stop));
        Assert.Single(decisions.OfType<CloseDecision.CloseAndHold>());
        Assert.Equal(19, decisions.OfType<CloseDecision.Close>().Count());
        Assert.Equal(20, decisions.OfType<CloseDecision.Repeated>().Count());
        Assert.Equal(1, await learnt.WaitAsync(Limits.Wait, Stop));
    }

    [Fact]
    public async Task What_is_acked_while_its_agency_closes_is_sealed_with_it()
    {
        await using ILotteryStore one = await OpenAsync();
        await using ILotteryStore two = await OpenAsync();
        await one.OpenDrawAsync(Terms(DrawName.Default, 1), Stop);
        Task<BatchDecision>[] offers = [.. Enumerable.Range(1, 50).Select(number => one.OfferAsync(
            DrawName.Default,
            Bets.Offer(1, new BatchIdentity.New(), Bets.Of(1, number, DrawTerms.DefaultWinningNumber)), Stop))];
        await offers[0];
        Assert.IsType<CloseDecision.CloseAndHold>(
            await two.CloseAsync(DrawName.Default, new AgencyId(1), null, Stop));
        var sealedBets = Assert.IsType<WinnersAnswer.Held>(
            await two.WinnersAsync(DrawName.Default, new AgencyId(1), Stop));
        BatchDecision[] decisions = await Task.WhenAll(offers);
        Assert.Equal(decisions.OfType<BatchDecision.Store>().Count(), sealedBets.Documents.Length);
        Assert.Equal(
            sealedBets.Documents,
            Assert.IsType<WinnersAnswer.Held>(
                await one.WinnersAsync(DrawName.Default, new AgencyId(1), Stop)).Documents);
    }

    [Fact]
    public async Task A_close_waits_for_no_other_agency()
    {
        await using ILotteryStore store = await OpenAsync();
        await store.OpenDrawAsync(Terms(DrawName.Default, 2), Stop);

        // Somebody else's transaction, which has agency 2 in hand.
        await using Npgsql.NpgsqlDataSource source = Npgsql.NpgsqlDataSource.Create(Connection);
        await using (Npgsql.NpgsqlConnection other = await source.OpenConnectionAsync(Stop))
        {
            await using Npgsql.NpgsqlTransaction transaction = await other.BeginTransactionAsync(Stop);
            await using var hold = new Npgsql.NpgsqlCommand(
                "SELECT 1 FROM shoal.agency WHERE agency = 2 FOR NO KEY UPDATE", other);
            await hold.ExecuteNonQueryAsync(Stop);
            Assert.IsType<CloseDecision.Close>(await store.CloseAsync(
                DrawName.Default, new AgencyId(1), null, Stop).WaitAsync(Limits.Wait, Stop));
        }

        Assert.IsType<CloseDecision.CloseAndHold>(
            await store.CloseAsync(DrawName.Default, new AgencyId(2), null, Stop));
    }

    [Fact]
    public async Task A_hub_whose_notices_are_lost_learns_of_the_draw_all_the_same()
    {
        await using ILotteryStore one = await OpenAsync();
        await using ILotteryStore two = await OpenAsync();
        await one.OpenDrawAsync(Terms(DrawName.Default, 1), Stop);
        Task<int?> learnt = two.UntilHeldAsync(DrawName.Default, 0, Stop);
        await Limits.UntilAsync(
            async () => await _trial!.CountAsync(
                """
                SELECT COUNT(*) FROM pg_stat_activity
                WHERE datname = current_database() AND query LIKE '%FROM draw WHERE held%' AND state = 'idle'
                """) > 0,
            "the second hub has looked");

        // As a restart of the database in the worst moment: nobody hears this draw's notice.
        await _trial!.RunAsync(
            """
            UPDATE shoal.agency SET closed = true;
            UPDATE shoal.draw SET held = true;
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()
                AND datname = current_database()
            """);
        Assert.Equal(1, await learnt.WaitAsync(Limits.Wait, Stop));
    }

    [Fact]
    public async Task A_database_that_was_away_refuses_a_batch_and_takes_it_later()
    {
        await using ILotteryStore store = await OpenAsync();
        await store.OpenDrawAsync(Terms(DrawName.Default, 1), Stop);
        await store.OfferAsync(DrawName.Default, Batch(1, 1), Stop);
        await _trial!.RunAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            + "AND datname = current_database()");
        IOException e = await Assert.ThrowsAsync<IOException>(
            () => store.OfferAsync(DrawName.Default, Batch(1, 2), Stop));
        Assert.StartsWith("PostgreSQL: ", e.Message, StringComparison.Ordinal);
        Assert.Equal(new BatchDecision.Store(2), await store.OfferAsync(DrawName.Default, Batch(1, 2), Stop));
    }

    [Fact]
    public async Task More_than_fit_into_a_lane_wait_and_are_all_stored()
    {
        await using ILotteryStore store = await OpenAsync();
        await store.OpenDrawAsync(Terms(DrawName.Default, 1), Stop);
        int count = PostgresLotteryStore.MostQueued + 100;
        Task<BatchDecision>[] offers = [.. Enumerable.Range(1, count).Select(number => store.OfferAsync(
            DrawName.Default, Bets.Offer(1, new BatchIdentity.New(), Bets.Of(1, number, 1)), Stop))];
        await Task.WhenAll(offers);
        Assert.Equal(count, (await store.StandingAsync(DrawName.Default, Stop))!.Agencies[0].Batches);
    }

    [Fact]
    public async Task Hubs_that_start_together_make_the_tables_once()
    {
        ILotteryStore[] stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OpenAsync()));
        Assert.Equal(0, await _trial!.CountAsync("SELECT COUNT(*) - MAX(step) FROM shoal.migration"));
        bool[] made = await Task.WhenAll(
            stores.Select(store => store.OpenDrawAsync(Terms(DrawName.Default, 5), Stop)));
        Assert.Single(made, isMade => isMade);
        foreach (ILotteryStore store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task Hubs_that_start_together_agree_about_the_key_of_tokens()
    {
        ILotteryStore[] stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync()));
        byte[][] keys = await Task.WhenAll(stores.Select(
            (store, i) => store.TokenKeyAsync([.. Enumerable.Repeat((byte)i, 32)], Stop)));
        Assert.All(keys, key => Assert.Equal(keys[0], key));
        foreach (ILotteryStore store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_left_alone()
    {
        await using (await OpenAsync())
        {
            await _trial!.RunAsync("INSERT INTO shoal.migration (step) VALUES (1000)");
        }

        IOException e = await Assert.ThrowsAsync<IOException>(OpenAsync);
        Assert.Contains("newer version", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_is_on_the_disk_also_where_the_database_would_not_wait_for_it()
    {
        await _trial!.RunAsync("ALTER DATABASE " + new Npgsql.NpgsqlConnectionStringBuilder(Connection).Database
            + " SET synchronous_commit = off");
        Assert.Equal("off", await SettingAsync(Npgsql.NpgsqlDataSource.Create(Connection)));
        Assert.Equal(
            "on",
            await SettingAsync(await Storage.Postgres.PostgresDatabase.OpenAsync(Connection, "shoal", [], Stop)));
    }

    [Theory]
    [InlineData("nonsense", "no connection string")]
    [InlineData("Database=x", "names no Host")]
    [InlineData("Host=127.0.0.1;Port=1;Password=secret", "PostgreSQL: ")]
    public async Task What_cannot_be_connected_says_why_and_no_password(string connection, string why)
    {
        IOException e = await Assert.ThrowsAsync<IOException>(() => PostgresLotteryStore.OpenAsync(connection, Stop));
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    private static async Task<string> SettingAsync(Npgsql.NpgsqlDataSource source)
    {
        await using Npgsql.NpgsqlDataSource own = source;
        await using Npgsql.NpgsqlCommand command = own.CreateCommand("SHOW synchronous_commit");
        return (string)(await command.ExecuteScalarAsync(Stop))!;
    }

    private static BatchOffer Batch(int agency, int number) =>
        Bets.Offer(agency, new BatchIdentity.Numbered(number), Bets.Of(agency, number, 1));
}
