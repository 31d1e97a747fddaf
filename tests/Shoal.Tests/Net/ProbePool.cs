using System.Buffers;

namespace Shoal.Tests.Net;

/// <summary>
/// A pool that knows who has not returned what, refuses a second return, and spoils what was returned, so
/// that a late reader reads nonsense.
/// </summary>
internal sealed class ProbePool : MemoryPool<byte>
{
    private int _rented;
    private long _rentedBytes;

    public int Rented => Volatile.Read(ref _rented);

    /// <summary>The size of all that was ever rented.</summary>
    public long RentedBytes => Volatile.Read(ref _rentedBytes);

    public override int MaxBufferSize => int.MaxValue;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        Interlocked.Increment(ref _rented);
        Interlocked.Add(ref _rentedBytes, minBufferSize);
        return new Owner(this, new byte[Math.Max(1, minBufferSize)]);
    }

    protected override void Dispose(bool disposing)
    {
    }

    private sealed class Owner(ProbePool pool, byte[] bytes) : IMemoryOwner<byte>
    {
        private int _isReturned;

        public Memory<byte> Memory => Volatile.Read(ref _isReturned) == 0
            ? bytes
            : throw new ObjectDisposedException(nameof(Owner));

        public void Dispose()
        {
            Assert.Equal(0, Interlocked.Exchange(ref _isReturned, 1));
            bytes.AsSpan().Fill(0xDD);
            Interlocked.Decrement(ref pool._rented);
        }
    }
}
