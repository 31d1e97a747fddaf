namespace Shoal.Core.Edge.Tier;

/// <summary>
/// A live tier, as its origin sees it: who is here and what stands where, around an <see cref="EdgeMachine"/> that
/// decides what goes which way. When somebody comes, goes or wants more, a new machine with a new plan takes over what
/// is on its way; between the two nothing new begins.
/// </summary>
/// <remarks>
/// States: gathering (no machine) -> planning (a draft is out) -> running -> complete; from there back to gathering if
/// somebody wants more. Files of a client that were on their way when its edge left start anew.
/// </remarks>
public sealed class EdgeTier
{
    /// <summary>An edge that so many clients have blamed for wrong chunks must go.</summary>
    public const int MostBlames = 3;

    private readonly TierOptions _options;
    private readonly TierCast _cast = new();
    private readonly TierSpares _spares;
    private readonly TierFlow _flow;
    private readonly TierLosses _losses;
    private bool _isPlanning;
    private bool _hasStarted;
    private bool _isComplete;

    /// <summary>A tier that nobody has joined.</summary>
    /// <param name="options">How it is run.</param>
    public EdgeTier(TierOptions options)
    {
        _options = options;
        _spares = new TierSpares(_cast);
        _flow = new TierFlow(_cast, Tally);
        _losses = new TierLosses(_cast, _flow);
    }

    /// <summary>What came of it so far.</summary>
    public TierTally Tally { get; } = new();

    /// <summary>Takes a fact and appends what follows from it.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="effects">Gets what is to be done, in order.</param>
    public void Apply(TierEvent fact, IList<TierEffect> effects)
    {
        switch (fact)
        {
            case TierEvent.Named named:
                _cast.Name(named.File, named.Kb);
                break;
            case TierEvent.EdgeJoined joined:
                OnEdgeJoined(joined, effects);
                break;
            case TierEvent.ClientJoined joined:
                _cast.Add(new TierClient(joined.Client, joined.Name, joined.Order));
                break;
            case TierEvent.Wants wants when _cast.FindClient(wants.Client) is { } client:
                OnWants(client, wants);
                break;
            case TierEvent.Ready ready when _cast.FindClient(ready.Client) is { IsReady: false } client:
                client.IsReady = true;
                _flow.Upset();
                break;
            case TierEvent.Left left when _cast.Remove(left.Member):
                _flow.Upset();
                break;
            case TierEvent.Asked asked when _cast.FindEdge(asked.Edge) is { } edge:
                OnAsked(edge, asked.File, effects);
                break;
            case TierEvent.Passed passed:
                Tally.Pass(passed.Kb);
                break;
            case TierEvent.Ended ended when _spares.TryEnd(ended.Transfer):
                Tally.End(ended.Transfer, _cast.SizeOf(ended.Transfer.File), null);
                break;
            case TierEvent.Failed failed when _spares.TryFail(failed.Transfer, failed.Fault):
                _flow.Upset();
                break;
            case TierEvent.Ended ended when _cast.Flights.Contains(ended.Transfer):
                _flow.Arrive(ended.Transfer, effects);
                break;
            case TierEvent.Failed failed when _cast.LoseCopy(failed.Transfer):
                _flow.Upset();
                break;
            case TierEvent.Failed failed when _cast.Flights.Remove(failed.Transfer):
                _losses.Fail(failed, effects);
                break;
            case TierEvent.Replaced replaced:
                _losses.Replace(replaced, effects);
                break;
            case TierEvent.Planned planned:
                OnPlanned(planned, effects);
                break;
            case TierEvent.Tick:
                OnTick(effects);
                break;
            default:
                break;
        }

        Conclude(effects);
    }

    /// <summary>Whether a client wants a file and has not got it.</summary>
    /// <param name="client">The client.</param>
    /// <param name="file">The file.</param>
    public bool Lacks(TierMember client, int file) =>
        _cast.FindClient(client)?.Waiting.Contains(file) == true
        || _cast.Flights.Any(flight => flight.Client == client && flight.File == file);

    /// <summary>Whether an edge has a file or fills it.</summary>
    /// <param name="member">The edge.</param>
    /// <param name="file">The file.</param>
    public bool Has(TierMember member, int file) => _cast.FindEdge(member) is { } edge
        && (edge.Spares.Contains(file) || edge.Asked.Contains(file) || edge.Copies.Contains(file)
            || _cast.Flights.Contains(TierTransfer.Fill(member, file)));

    private void OnEdgeJoined(TierEvent.EdgeJoined joined, IList<TierEffect> effects)
    {
        var edge = new TierEdge(joined.Edge, joined.Name, joined.CapacityKb);
        foreach (int file in joined.Copies)
        {
            // Under a virtual clock edges begin empty; and one copy in a tier is enough, as all clients reach it.
            if (_options.Clock == TierClock.Virtual || !_cast.Knows(file) || _cast.IsOnEdge(file))
            {
                effects.Add(new TierEffect.GiveUp(joined.Edge, file, null));
            }
            else
            {
                edge.Spares.Add(file);
            }
        }

        edge.Rests.UnionWith(joined.Rests);
        _cast.Add(edge);
        _flow.Upset();
    }

    /// <summary>An edge goes on with a fill of an earlier run if somebody wants it, and gives the others up.</summary>
    private void TakeUpRests(TierEdge edge, IList<TierEffect> effects)
    {
        bool mayFill = _options.Clock == TierClock.Wall;
        foreach (int file in edge.Rests)
        {
            if (mayFill && !_cast.IsOnEdge(file) && _cast.Clients.Any(client => client.Waiting.Contains(file)))
            {
                mayFill = false;
                _flow.Begin(TierTransfer.Fill(edge.Member, file), effects);
            }
            else
            {
                effects.Add(new TierEffect.GiveUp(edge.Member, file, null));
            }
        }

        edge.Rests.Clear();
    }

    /// <summary>
    /// Somebody who has no list asks for a file at an edge. While a plan is made or a virtual clock kept, it goes past.
    /// </summary>
    private void OnAsked(TierEdge edge, int file, IList<TierEffect> effects)
    {
        if (_spares.TryTouch(edge, file) || _isPlanning || _options.Clock == TierClock.Virtual
            || !_spares.TryAdmit(edge, file, effects))
        {
            return;
        }

        var fill = TierTransfer.Fill(edge.Member, file);
        Tally.Begin(fill, _cast.SizeOf(file));
        effects.Add(new TierEffect.Begin(fill, null));
        _flow.Upset();
    }

    private void OnWants(TierClient client, TierEvent.Wants wants)
    {
        foreach (int file in wants.Files)
        {
            if (client.Add(file))
            {
                Tally.Want(_cast.SizeOf(file), file);
            }
        }

        // Whoever says what it wants is told when all is here: at once, where it is nothing new.
        _isComplete = false;
        _flow.Upset();
    }

    private void OnTick(IList<TierEffect> effects)
    {
        if (_isPlanning || _flow.IsSteady || !MayStart())
        {
            return;
        }

        _spares.Adopt();
        foreach (TierEdge edge in _cast.Edges)
        {
            TakeUpRests(edge, effects);
        }

        _spares.MakeWay(effects);
        var draft = new TierDraft(_cast, _options, _flow.Revision);
        if (_hasStarted)
        {
            Follow(new TierCourse(draft, TierCourse.PlanAtOnce(draft), TierClock.Wall), effects);
        }
        else
        {
            _isPlanning = true;
            effects.Add(new TierEffect.Plan(draft));
        }
    }

    /// <summary>At first all who are expected must be here; always all must have said what they want.</summary>
    private bool MayStart() => _cast.Clients.All(client => client.IsReady || client.Wanted > 0)
        && (_hasStarted || (_cast.Edges.Count >= _options.ExpectEdges
            && _cast.Clients.Count >= Math.Max(1, _options.ExpectClients)));

    private void OnPlanned(TierEvent.Planned planned, IList<TierEffect> effects)
    {
        _isPlanning = false;
        if (planned.Draft.Revision != _flow.Revision)
        {
            return;
        }

        _hasStarted = true;
        effects.Add(new TierEffect.Started());
        Follow(new TierCourse(planned.Draft, planned.Setup, _options.Clock), effects);
    }

    private void Follow(TierCourse course, IList<TierEffect> effects)
    {
        if (_flow.IsClocked && !_isComplete)
        {
            effects.Add(new TierEffect.ClockLost());
        }

        _flow.Follow(course, effects);
    }

    private void Conclude(IList<TierEffect> effects)
    {
        bool isComplete = _hasStarted && _cast.Flights.Count == 0 && _cast.Clients.Count > 0
            && _cast.Clients.All(client => client.IsReady && !client.HasWaiting);
        if (isComplete && !_isComplete)
        {
            effects.Add(new TierEffect.Complete(_flow.Clock));
        }

        _isComplete = isComplete;
    }
}
