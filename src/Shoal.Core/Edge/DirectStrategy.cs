namespace Shoal.Core.Edge;

/// <summary>
/// Everything straight from the origin; the edges have nothing to do, unless they were filled before.
/// </summary>
internal sealed class DirectStrategy(EdgeBoard board, DirectLimit limit) : EdgeStrategy(board)
{
    public override bool GoesDirect(int client, int request, int file) =>
        limit == DirectLimit.None || Board.Direct[client] == 0;

    public override bool TryFill(int edge) => false;

    public override void OnIdle(int file)
    {
        if (Board.Remaining[file] == 0)
        {
            Board.Evict(file);
        }
    }
}
