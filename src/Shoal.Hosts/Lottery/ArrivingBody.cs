namespace Shoal.Hosts.Lottery;

/// <summary>How the reading of a body ended.</summary>
internal enum BodyEnd
{
    /// <summary>All of it is here.</summary>
    Whole,

    /// <summary>It has more bytes than it may.</summary>
    TooLong,

    /// <summary>It was given up for others.</summary>
    NoRoom,
}

/// <summary>A body that is read whole.</summary>
internal sealed class ArrivingBody : IDisposable
{
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenSource _dropped;
    private readonly ArrivingBytes _bytes;

    /// <param name="budget">What its bytes count against.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public ArrivingBody(ArrivalBudget budget, CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken;
        _dropped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _bytes = new ArrivingBytes(budget, _dropped);
    }

    /// <summary>What was read; valid until this is disposed of.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.Bytes;

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="most">Bytes that it may have.</param>
    public async Task<BodyEnd> ReadAsync(Stream stream, int most)
    {
        try
        {
            while (_bytes.TryMakeRoom())
            {
                int read = await stream.ReadAsync(_bytes.Room, _dropped.Token);
                if (read == 0)
                {
                    return _bytes.TryBeginWork() ? BodyEnd.Whole : BodyEnd.NoRoom;
                }

                _bytes.Came(read);
                if (_bytes.Bytes.Length > most)
                {
                    return BodyEnd.TooLong;
                }
            }

            return BodyEnd.NoRoom;
        }
        catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
        {
            return BodyEnd.NoRoom;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bytes.Dispose();
        _dropped.Dispose();
    }
}
