using Shoal.Core.Wire;
using Shoal.Core.Wire.Handshake;

namespace Shoal.Tests.Wire;

public sealed class HandshakeProofTests
{
    private static readonly SwarmKey s_key = new(Fill(1, SwarmKey.Size));
    private static readonly Hello s_initiator = new(EndRole.Member, true, Fill(2, Hello.NonceSize));
    private static readonly Hello s_responder = new(EndRole.Hub, true, Fill(3, Hello.NonceSize));

    [Fact]
    public void AProofConvinces()
    {
        foreach (Prover prover in Enum.GetValues<Prover>())
        {
            byte[] proof = Prove(s_key, prover, s_initiator, s_responder);
            Assert.True(KeyProof.Verify(s_key, prover, s_initiator, s_responder, proof));
            for (int i = 0; i < proof.Length; i++)
            {
                proof[i] ^= 1;
                Assert.False(KeyProof.Verify(s_key, prover, s_initiator, s_responder, proof));
                proof[i] ^= 1;
            }

            Assert.False(KeyProof.Verify(s_key, prover, s_initiator, s_responder, proof.AsSpan(1)));
        }
    }

    [Fact]
    public void AnotherKeyDoesNot()
    {
        byte[] proof =
            Prove(new SwarmKey(Fill(9, SwarmKey.Size)), Prover.Initiator, s_initiator, s_responder);
        Assert.False(KeyProof.Verify(s_key, Prover.Initiator, s_initiator, s_responder, proof));
    }

    [Fact]
    public void AnOldProofCannotBeReplayed()
    {
        byte[] initiators = Prove(s_key, Prover.Initiator, s_initiator, s_responder);
        byte[] responders = Prove(s_key, Prover.Responder, s_initiator, s_responder);

        // Whoever recorded a conversation repeats one side of it; the other side's nonce is fresh.
        var freshResponder = new Hello(EndRole.Hub, true, Fill(4, Hello.NonceSize));
        var freshInitiator = new Hello(EndRole.Member, true, Fill(5, Hello.NonceSize));
        Assert.False(KeyProof.Verify(s_key, Prover.Initiator, s_initiator, freshResponder, initiators));
        Assert.False(KeyProof.Verify(s_key, Prover.Responder, freshInitiator, s_responder, responders));
    }

    [Fact]
    public void AProofCannotBeReflected()
    {
        // The other end hands a proof back as its own, in either direction.
        byte[] initiators = Prove(s_key, Prover.Initiator, s_initiator, s_responder);
        byte[] responders = Prove(s_key, Prover.Responder, s_initiator, s_responder);
        Assert.False(KeyProof.Verify(s_key, Prover.Responder, s_initiator, s_responder, initiators));
        Assert.False(KeyProof.Verify(s_key, Prover.Initiator, s_initiator, s_responder, responders));
        Assert.False(KeyProof.Verify(s_key, Prover.Responder, s_responder, s_initiator, initiators));
        Assert.False(KeyProof.Verify(s_key, Prover.Initiator, s_responder, s_initiator, responders));
    }

    [Fact]
    public void ARepeatedHelloIsRefused()
    {
        var peer = new Hello(EndRole.Peer, true, Fill(6, Hello.NonceSize));
        Assert.Equal(HandshakeRefusal.Reflected, Hello.Judge(peer, Copy(peer.Bytes), EndRole.Peer));
    }

    [Fact]
    public void NothingInTheHellosCanBeChangedOnTheWay()
    {
        byte[] proof = Prove(s_key, Prover.Initiator, s_initiator, s_responder);
        var otherRole = new Hello(EndRole.Peer, true, s_initiator.Bytes[^Hello.NonceSize..]);
        Assert.False(KeyProof.Verify(s_key, Prover.Initiator, otherRole, s_responder, proof));
    }

    [Theory]
    [InlineData(true, true, EndRole.Hub, null)]
    [InlineData(false, false, EndRole.Hub, null)]
    [InlineData(true, false, EndRole.Hub, HandshakeRefusal.OtherHasNoKey)]
    [InlineData(false, true, EndRole.Hub, HandshakeRefusal.OtherWantsKey)]
    [InlineData(true, true, EndRole.Peer, HandshakeRefusal.OtherRole)]
    public void EndsAreJudged(bool mineKeyed, bool theirsKeyed, EndRole theirRole, HandshakeRefusal? expected)
    {
        var mine = new Hello(EndRole.Member, mineKeyed, Fill(1, Hello.NonceSize));
        var theirs = new Hello(theirRole, theirsKeyed, Fill(2, Hello.NonceSize));
        Assert.Equal(expected, Hello.Judge(mine, theirs, EndRole.Hub));
    }

    [Fact]
    public void AHelloIsReadAtAnySplit()
    {
        byte[] bytes = s_initiator.Bytes.ToArray();
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(DecodeStatus.NeedMore, Hello.TryRead(bytes.AsSpan(0, length), out _, out _));
        }

        Assert.Equal(DecodeStatus.Done, Hello.TryRead(bytes, out Hello? hello, out _));
        Assert.Equal((EndRole.Member, true), (hello!.Role, hello.IsKeyed));
        Assert.Equal(bytes, hello.Bytes);
    }

    [Theory]
    [InlineData(0, 'G', HandshakeRefusal.NotShoal)]
    [InlineData(4, 'l', HandshakeRefusal.NotShoal)]
    [InlineData(5, 0, HandshakeRefusal.OtherVersion)]
    [InlineData(5, 1, HandshakeRefusal.OtherVersion)]
    [InlineData(5, Hello.Version - 1, HandshakeRefusal.OtherVersion)]
    [InlineData(5, Hello.Version + 1, HandshakeRefusal.OtherVersion)]
    [InlineData(6, 0, HandshakeRefusal.Malformed)]
    [InlineData(6, 4, HandshakeRefusal.Malformed)]
    [InlineData(7, 2, HandshakeRefusal.Malformed)]
    public void AWrongByteIsFoundAtOnce(int at, int value, HandshakeRefusal expected)
    {
        byte[] bytes = s_initiator.Bytes.ToArray();
        bytes[at] = (byte)value;
        for (int length = at + 1; length <= bytes.Length; length++)
        {
            Assert.Equal(
                DecodeStatus.Invalid,
                Hello.TryRead(bytes.AsSpan(0, length), out _, out HandshakeRefusal refusal));
            Assert.Equal(expected, refusal);
        }
    }

    [Fact]
    public void EveryRefusalHasWords()
    {
        foreach (HandshakeRefusal refusal in Enum.GetValues<HandshakeRefusal>())
        {
            Assert.NotEqual(refusal.ToString(), refusal.Describe());
        }
    }

    private static Hello Copy(ReadOnlySpan<byte> bytes)
    {
        Assert.Equal(DecodeStatus.Done, Hello.TryRead(bytes, out Hello? copy, out _));
        return copy!;
    }

    private static byte[] Prove(SwarmKey key, Prover prover, Hello initiator, Hello responder)
    {
        var proof = new byte[KeyProof.Size];
        KeyProof.Compute(key, prover, initiator, responder, proof);
        return proof;
    }

    private static byte[] Fill(byte value, int count) => [.. Enumerable.Repeat(value, count)];
}
