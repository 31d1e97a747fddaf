using System.Buffers;
using Shoal.Core.Wire;

namespace Shoal.Tests.Wire;

public sealed class CodecTests
{
    private const int RandomSeeds = 200;

    [Fact]
    public void EveryMessageComesBackAsItWent()
    {
        foreach (Frames frames in Frames.All)
        {
            for (ulong seed = 0; seed < RandomSeeds; seed++)
            {
                foreach (object message in frames.Random(seed))
                {
                    List<byte[]> encoded = frames.Encode(message);
                    object back = Assert.Single(frames.DecodeAll(encoded));
                    Assert.Equal($"{seed} {ValueText.Of(message)}", $"{seed} {ValueText.Of(back)}");
                    Assert.Equal(encoded[0], Assert.Single(frames.Encode(back)));
                }
            }
        }
    }

    [Fact]
    public void EverySplitInTwoGivesTheSame()
    {
        foreach (Frames frames in Frames.All)
        {
            foreach (object message in frames.Random(7))
            {
                byte[] frame = frames.Encode(message)[0];
                string expected = ValueText.Of(message);
                for (int at = 0; at <= frame.Length; at++)
                {
                    ReadOnlySequence<byte> input = Segments.InTwo(frame, at);
                    Assert.Equal(DecodeStatus.Done, frames.NewDecoder()(ref input, out object? back, out _));
                    Assert.Equal(expected, ValueText.Of(back));
                    Assert.True(input.IsEmpty);
                }

                ReadOnlySequence<byte> single = Segments.Single(frame);
                Assert.Equal(DecodeStatus.Done, frames.NewDecoder()(ref single, out object? whole, out _));
                Assert.Equal(expected, ValueText.Of(whole));
            }
        }
    }

    [Fact]
    public void ABeginningNeedsMoreAndStaysUntouched()
    {
        foreach (Frames frames in Frames.All)
        {
            foreach (object message in frames.Random(8))
            {
                byte[] frame = frames.Encode(message)[0];
                Frames.Decoder decode = frames.NewDecoder();
                for (int length = 0; length < frame.Length; length++)
                {
                    var input = new ReadOnlySequence<byte>(frame, 0, length);
                    Assert.Equal(
                        DecodeStatus.NeedMore, decode(ref input, out object? none, out string? reason));
                    Assert.Equal(length, input.Length);
                    Assert.Null(none);
                    Assert.Null(reason);
                }

                // The very decoder that saw all the beginnings reads the whole.
                var whole = new ReadOnlySequence<byte>(frame);
                Assert.Equal(DecodeStatus.Done, decode(ref whole, out _, out _));
            }
        }
    }

    [Fact]
    public void WhatFollowsAFrameIsLeftAlone()
    {
        foreach (Frames frames in Frames.All)
        {
            List<byte[]> several = [.. frames.Random(9).SelectMany(frames.Encode)];
            var input = new ReadOnlySequence<byte>(several.SelectMany(frame => frame).ToArray());
            Frames.Decoder decode = frames.NewDecoder();
            for (int read = 0; read < several.Count; read++)
            {
                Assert.Equal(several.Skip(read).Sum(frame => frame.Length), input.Length);
                Assert.Equal(DecodeStatus.Done, decode(ref input, out _, out _));
            }

            Assert.True(input.IsEmpty);
        }
    }
}
