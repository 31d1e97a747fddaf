namespace Shoal.Core.Edge;

/// <summary>
/// Decides which file goes which way: from the origin to an edge, from an edge to a client, or straight, and which
/// copy makes room. It is told what has arrived and knows no time, so the links may be as fast as they turn out to be:
/// modelled ones (<see cref="EdgeLinks"/>) or real ones.
/// </summary>
/// <remarks>
/// Whatever the policy, these rules hold: each client's files start in the order of its list, each once; an
/// edge makes one fill at a time, holds a file that the origin does not send it again, passes it on only
/// whole unless <see cref="EdgePassing"/> says otherwise, and never has more than its capacity, the fill
/// under way included; a copy that is being sent is not given up.
/// </remarks>
public sealed class EdgeMachine
{
    private readonly EdgeBoard _board;
    private readonly EdgeStrategy _strategy;
    private readonly EdgePassing _passing;
    private bool _isRunning;

    /// <summary>Creates a machine that has not begun.</summary>
    /// <param name="setup">Links, lists and policy.</param>
    /// <exception cref="ArgumentException">There is no plan, though the policy is to follow one.</exception>
    public EdgeMachine(EdgeSetup setup)
    {
        _board = new EdgeBoard(setup);
        _strategy = EdgeStrategy.Of(_board, setup);
        _passing = setup.Passing;
    }

    /// <summary>Whether anything depends on when a direct transfer ends, but that all is over.</summary>
    internal bool MindsDirect => _strategy.CountsDirect;

    /// <summary>Takes a fact and appends what follows from it.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="effects">Gets what is to be done, in order.</param>
    public void Apply(in EdgeEvent fact, List<EdgeEffect> effects)
    {
        _board.Effects = effects;
        switch (fact.Kind)
        {
            case EdgeEventKind.Began when !_isRunning:
                _isRunning = true;
                _board.Prefill(_strategy);
                StartAll();
                break;
            case EdgeEventKind.Ended:
                if (!OnEnded(fact.Transfer))
                {
                    break;
                }

                StartAll();
                break;
            default:
                return;
        }

        if (_board.IsOver)
        {
            _isRunning = false;
            effects.Add(new EdgeEffect(EdgeEffectKind.Complete, default));
        }
    }

    /// <summary>Goes back to where nothing has begun, with another plan.</summary>
    internal void Restart(ReadOnlySpan<int> order, ReadOnlySpan<long> budgets)
    {
        _isRunning = false;
        _board.Clear();
        _strategy.Restart(order, budgets);
    }

    /// <summary>Whether anything can go on that could not before.</summary>
    private bool OnEnded(EdgeTransfer ended)
    {
        _board.InFlight--;
        switch (ended.Kind)
        {
            case TransferKind.Fill:
                _board.Filling[ended.Edge] = EdgeBoard.Nowhere;
                _board.IsFilled[ended.File] = true;
                if (_board.Uses[ended.File] == 0)
                {
                    _strategy.OnIdle(ended.File);
                }

                return true;
            case TransferKind.Delivery:
                _board.Deliveries[(ended.Edge * _board.Clients) + ended.Client]--;
                if (--_board.Uses[ended.File] == 0 && _board.IsFilled[ended.File])
                {
                    _strategy.OnIdle(ended.File);
                }

                return true;
            case TransferKind.Direct:
                _board.Direct[ended.Client]--;
                return _strategy.CountsDirect;
            default:
                return false;
        }
    }

    private void StartAll()
    {
        bool isChanged = true;
        while (isChanged)
        {
            for (int client = 0; client < _board.Clients; client++)
            {
                Advance(client);
            }

            isChanged = false;
            for (int edge = 0; edge < _board.Edges; edge++)
            {
                isChanged |= _board.Filling[edge] == EdgeBoard.Nowhere && _strategy.TryFill(edge);
            }
        }
    }

    /// <summary>Starts what a client can start, in the order of its list.</summary>
    private void Advance(int client)
    {
        while (_board.Heads[client] < _board.Ends[client])
        {
            int request = _board.Heads[client];
            int file = _board.FileOf[request];
            if (_board.EdgeOf[file] == EdgeBoard.Nowhere)
            {
                if (!_strategy.GoesDirect(client, request, file))
                {
                    return;
                }

                _board.StartDirect(client, file);
                _strategy.OnStarted(request, file);
            }
            else
            {
                bool isHere = _board.IsFilled[file] || _passing == EdgePassing.Through;
                if (!isHere || !_strategy.MayServe(client, file))
                {
                    return;
                }

                bool wasIdle = _board.StartDelivery(client, file);
                _strategy.OnServed(request, file, wasIdle);
            }
        }
    }
}
