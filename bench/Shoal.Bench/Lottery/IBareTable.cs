namespace Shoal.Bench.Lottery;

/// <summary>A table of bets and nothing more.</summary>
internal interface IBareTable : IAsyncDisposable
{
    /// <summary>Inserts a batch of an agency, which is on the disk when this returns.</summary>
    Task InsertAsync(int agency, int rows);
}
