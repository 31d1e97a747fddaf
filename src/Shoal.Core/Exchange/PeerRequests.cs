using System.Collections.Immutable;
using Shoal.Core.Content;

namespace Shoal.Core.Exchange;

/// <summary>
/// The asking side of a peer: keeps a window of requests open at every neighbour that has what the picker wants from
/// it, notices late ones, and takes them elsewhere.
/// </summary>
internal sealed class PeerRequests(PeerChunks chunks, ChunkPicker picker)
{
    /// <summary>A peer has at most so many requests open at one neighbour.</summary>
    public const int MostFlights = 1024;

    // Two requests keep a link busy while a third travels; half a second of its rate absorbs what jitters.
    private const int FewestFlights = 2;
    private const int Lateness = 3;
    private const long LargestWindow = 16 << 20;
    private const long FirstWindow = 1 << 20;
    private const double WindowSeconds = 0.5;
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(1);

    // The relay looks for another holder itself, and needs some time for it.
    private static readonly TimeSpan RelayPatience = TimeSpan.FromSeconds(15);

    private readonly List<int> _scratch = [];

    /// <summary>Open requests at all neighbours.</summary>
    public int FlightCount { get; private set; }

    /// <summary>When a request was last made or answered.</summary>
    public TimeSpan LastProgress { get; set; }

    /// <summary>Asks a neighbour for as much as its window allows.</summary>
    public void Fill(TimeSpan now, Neighbour neighbour, IList<SwarmPeerEffect> effects)
    {
        // Few large requests are cheaper than many small ones: wait until a quarter of a long window is free.
        int open = neighbour.Flights.Count;
        if (open >= MostFlights
            || (open > 16 && !neighbour.IsRelay && neighbour.FlightBytes > WindowOf(neighbour) * 3 / 4))
        {
            return;
        }

        _scratch.Clear();
        while (HasRoom(neighbour) && picker.TryPick(now, neighbour, out int chunk))
        {
            Open(now, neighbour, chunk);
            _scratch.Add(chunk);
        }

        if (_scratch.Count > 0)
        {
            LastProgress = now;
            neighbour.Tell(new PeerMessage.Request(Refs(_scratch)), effects);
        }
    }

    /// <summary>
    /// A chunk came, right or wrong: it is in flight no longer. False if it had not been asked of this one.
    /// </summary>
    public bool Close(TimeSpan now, Neighbour neighbour, int chunk)
    {
        if (!neighbour.Flights.Remove(chunk, out Flight flight))
        {
            return false;
        }

        int bytes = chunks.Catalog.LengthOf(chunk);
        TimeSpan since = flight.AskedAt > neighbour.LastArrival ? flight.AskedAt : neighbour.LastArrival;
        neighbour.Rate.Add(bytes, now - since);
        neighbour.LastArrival = now;
        neighbour.IsLate = false;
        neighbour.FlightBytes -= bytes;
        neighbour.Lanes?.Closed(chunk);
        LastProgress = now;
        FlightCount--;
        chunks.RemoveAsked(chunk);
        return true;
    }

    /// <summary>A neighbour will not send a chunk that was asked of it.</summary>
    public void Drop(Neighbour neighbour, int chunk)
    {
        if (neighbour.Flights.Remove(chunk))
        {
            neighbour.Lanes?.Closed(chunk);
            neighbour.FlightBytes -= chunks.Catalog.LengthOf(chunk);
            FlightCount--;
            chunks.RemoveAsked(chunk);
        }
    }

    /// <summary>Forgets the requests to a neighbour whose connection is down.</summary>
    public void DropAll(Neighbour neighbour)
    {
        foreach (int chunk in neighbour.Flights.Keys.ToArray())
        {
            Drop(neighbour, chunk);
        }
    }

    /// <summary>The chunk is here: nobody else needs to send it.</summary>
    public void CancelElsewhere(IEnumerable<Neighbour> neighbours, int chunk, IList<SwarmPeerEffect> effects)
    {
        if (chunks.AskedCount(chunk) == 0)
        {
            return;
        }

        foreach (Neighbour other in neighbours)
        {
            if (other.Flights.ContainsKey(chunk))
            {
                Cancel(other, chunk, effects);
            }
        }
    }

    /// <summary>
    /// A neighbour has chunks: what was asked of their owner, who sends each of them once, is asked of it.
    /// </summary>
    public void SpareOwners(
        TimeSpan now, Neighbour holder, ImmutableArray<ChunkRef> have, IList<SwarmPeerEffect> effects)
    {
        foreach (ChunkRef name in have)
        {
            int chunk = chunks.Catalog.NumberOf(name);
            if (chunk >= 0 && picker.FindSpared(now, chunk) is { } owner && owner != holder)
            {
                Cancel(owner, chunk, effects);
                holder.FirstPicks.Enqueue(chunk);
                Fill(now, owner, effects);
            }
        }
    }

    /// <summary>
    /// Takes requests that are late by three times their expected time back and leaves them to other holders, if there
    /// are any. Who was late is asked for one chunk at a time until it delivers.
    /// </summary>
    public void TakeBackLate(
        TimeSpan now, IReadOnlyCollection<Neighbour> neighbours, IList<SwarmPeerEffect> effects)
    {
        foreach (Neighbour neighbour in neighbours)
        {
            _scratch.Clear();
            foreach ((int chunk, Flight flight) in neighbour.Flights)
            {
                if (now > flight.DueAt
                    && now - neighbour.LastArrival > PatienceFor(neighbour, chunks.Catalog.LengthOf(chunk)))
                {
                    _scratch.Add(chunk);
                }
            }

            foreach (int chunk in _scratch)
            {
                if (picker.OtherHolder(now, neighbour, chunk) is { } other)
                {
                    neighbour.IsLate = !neighbour.IsRelay;
                    Cancel(neighbour, chunk, effects);
                    other.FirstPicks.Enqueue(chunk);
                    effects.Add(new SwarmPeerEffect.Tell(
                        new SwarmNote.Stolen(neighbour.Id, other.Id, chunks.Catalog.RefOf(chunk))));
                }
            }
        }
    }

    /// <summary>
    /// Endgame: when everything that is missing is in flight, an idle holder that would bring a chunk in less than half
    /// the time is asked for it too. Whichever comes second is cancelled.
    /// </summary>
    public void AskTwice(TimeSpan now, IReadOnlyCollection<Neighbour> neighbours, IList<SwarmPeerEffect> effects)
    {
        if (chunks.UnaskedCount > 0 || FlightCount == 0)
        {
            return;
        }

        foreach (Neighbour neighbour in neighbours)
        {
            double remaining = Expected(neighbour, 0);
            if (neighbour.IsRelay || remaining < LeastPatience.TotalSeconds)
            {
                continue;
            }

            foreach (int chunk in neighbour.Flights.Keys)
            {
                if (chunks.AskedCount(chunk) == 1
                    && picker.OtherHolder(now, neighbour, chunk) is { IsRelay: false, Flights.Count: 0 } other
                    && other.Rate.Value > 0 && 2 * Expected(other, chunks.Catalog.LengthOf(chunk)) < remaining)
                {
                    Open(now, other, chunk);
                    other.Tell(new PeerMessage.Request([chunks.Catalog.RefOf(chunk)]), effects);
                }
            }
        }
    }

    private void Open(TimeSpan now, Neighbour neighbour, int chunk)
    {
        int bytes = chunks.Catalog.LengthOf(chunk);
        if (neighbour.Flights.Count == 0)
        {
            neighbour.LastArrival = now;
        }

        TimeSpan due = now + Max(TimeSpan.FromSeconds(Lateness * Expected(neighbour, bytes)), LeastPatience);
        neighbour.Flights.Add(chunk, new Flight(now, due));
        neighbour.Lanes?.Opened(chunk);
        neighbour.FlightBytes += bytes;
        FlightCount++;
        chunks.AddAsked(chunk);
    }

    private void Cancel(Neighbour neighbour, int chunk, IList<SwarmPeerEffect> effects)
    {
        Drop(neighbour, chunk);
        neighbour.Tell(new PeerMessage.Cancel([chunks.Catalog.RefOf(chunk)]), effects);
    }

    private static bool HasRoom(Neighbour neighbour)
    {
        int open = neighbour.Flights.Count;
        return neighbour.IsRelay ? open < MostFlights
            : neighbour.IsLate
            ? open == 0
            : open < FewestFlights || (open < MostFlights && neighbour.FlightBytes < WindowOf(neighbour));
    }

    private static long WindowOf(Neighbour neighbour) =>
        neighbour.Rate.Value > 0
            ? (long)Math.Min(neighbour.Rate.Value * WindowSeconds, LargestWindow)
            : FirstWindow;

    /// <summary>Seconds until a neighbour will have sent all that was asked of it and so many bytes more.</summary>
    private static double Expected(Neighbour neighbour, int bytes) =>
        neighbour.Rate.Value > 0 ? (neighbour.FlightBytes + bytes) / neighbour.Rate.Value : LeastPatience.TotalSeconds;

    private static TimeSpan PatienceFor(Neighbour neighbour, int bytes) =>
        neighbour.IsRelay ? RelayPatience
            : neighbour.Rate.Value > 0
            ? Max(TimeSpan.FromSeconds(Lateness * bytes / neighbour.Rate.Value), LeastPatience)
            : Lateness * LeastPatience;

    private ImmutableArray<ChunkRef> Refs(List<int> numbers)
    {
        var refs = ImmutableArray.CreateBuilder<ChunkRef>(numbers.Count);
        foreach (int number in numbers)
        {
            refs.Add(chunks.Catalog.RefOf(number));
        }

        return refs.MoveToImmutable();
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
