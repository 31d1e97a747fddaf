using System.Text;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>
/// An agency's file that is nowhere: the same lines again and again, nine bets and one that is none, and at every read
/// somebody looks how far it is.
/// </summary>
internal sealed class EndlessBets(int rounds, Action<long> look) : Stream
{
    public const int BetsOfRound = 9;

    private static readonly byte[] s_round = Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Repeat("Ana,Paz,30904465,1990-02-28,7\r\n", BetsOfRound)) + "nobody's bet\r\n");

    private long _position;

    public static int BytesOfRound => s_round.Length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => (long)rounds * s_round.Length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        look(_position);
        int at = (int)(_position % s_round.Length);
        int read = (int)Math.Min(Math.Min(count, s_round.Length - at), Length - _position);
        s_round.AsSpan(at, read).CopyTo(buffer.AsSpan(offset));
        _position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
