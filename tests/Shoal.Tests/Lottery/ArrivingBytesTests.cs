using Shoal.Hosts.Lottery;

namespace Shoal.Tests.Lottery;

/// <summary>Room for messages on their way in: a little at first, more for whoever fills it and is answered.</summary>
public sealed class ArrivingBytesTests
{
    private const int First = 8 * 1024;

    [Fact]
    public void Whoever_fills_the_room_gets_twice_as_much_up_to_a_bound()
    {
        using var dropped = new CancellationTokenSource();
        using var arriving = new ArrivingBytes(new ArrivalBudget(long.MaxValue), dropped);
        var rooms = new List<int>();
        for (int i = 0; i < 7; i++)
        {
            rooms.Add(Fill(arriving));
            arriving.Take(arriving.Bytes.Length);
        }

        Assert.Equal(
            [First, 2 * First, 4 * First, 8 * First, ArrivingBytes.MostAhead, ArrivingBytes.MostAhead,
                ArrivingBytes.MostAhead], rooms);
    }

    [Fact]
    public void Whoever_sends_little_again_gets_little_again()
    {
        using var dropped = new CancellationTokenSource();
        using var arriving = new ArrivingBytes(new ArrivalBudget(long.MaxValue), dropped);
        Fill(arriving);
        arriving.Take(First);
        Assert.True(arriving.TryMakeRoom());
        arriving.Came(100);
        arriving.Take(100);
        Assert.True(arriving.TryMakeRoom());
        Assert.Equal(First, arriving.Room.Length);
    }

    [Fact]
    public void What_has_come_in_part_is_kept_in_the_larger_room()
    {
        using var dropped = new CancellationTokenSource();
        using var arriving = new ArrivingBytes(new ArrivalBudget(long.MaxValue), dropped);
        Assert.True(arriving.TryMakeRoom());
        byte[] said = [.. Enumerable.Range(0, First).Select(i => (byte)(i * 7))];
        said.CopyTo(arriving.Room);
        arriving.Came(First);
        arriving.Take(First - 100);
        Assert.True(arriving.TryMakeRoom());
        Assert.Equal(said[^100..], arriving.Bytes.ToArray());
        Assert.Equal((2 * First) - 100, arriving.Room.Length);
    }

    [Fact]
    public void Where_memory_is_short_nobody_takes_more_than_needed()
    {
        using var dropped = new CancellationTokenSource();
        var budget = new ArrivalBudget(4 * First);
        using var other = new ArrivingBytes(budget, dropped);
        using var arriving = new ArrivingBytes(budget, dropped);
        Fill(arriving);
        arriving.Take(First);
        Assert.True(other.TryMakeRoom());
        other.Came(other.Room.Length);
        Assert.True(other.TryMakeRoom());
        Assert.Equal(First, Fill(arriving));
        Assert.False(dropped.IsCancellationRequested);
    }

    private static int Fill(ArrivingBytes arriving)
    {
        Assert.True(arriving.TryMakeRoom());
        int room = arriving.Room.Length;
        arriving.Came(room);
        return room;
    }
}
