using Shoal.Cli.Parsing;
using Shoal.Core.Randomness;

namespace Shoal.Tests.Cli;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1048576", 1_048_576)]
    [InlineData("64MB", 64_000_000)]
    [InlineData("64mb", 64_000_000)]
    [InlineData("500 MB", 500_000_000)]
    [InlineData("64MiB", 67_108_864)]
    [InlineData("256KiB", 262_144)]
    [InlineData("4k", 4_000)]
    [InlineData("1.5GB", 1_500_000_000)]
    [InlineData("8TiB", 8_796_093_022_208)]
    [InlineData("0.5KiB", 512)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void A_size_is_read(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out ByteSize size, out string? reason), reason);
        Assert.Equal(bytes, size.Bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("-1MB")]
    [InlineData("1,5GB")]
    [InlineData("1.2.3")]
    [InlineData("10Mbit")]
    [InlineData("0.3")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999999999TB")]
    [InlineData("999999999999999999999999999999999999999999999999")]
    public void What_is_not_a_size_is_refused_with_a_reason(string text)
    {
        Assert.False(ByteSize.TryParse(text, out _, out string? reason));
        Assert.Contains($"'{text}'", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_000, "1 kB")]
    [InlineData(1_234, "1.23 kB")]
    [InlineData(64_000_000, "64 MB")]
    [InlineData(67_108_864, "67.1 MB")]
    [InlineData(500_000_000, "500 MB")]
    [InlineData(999_499_999, "999 MB")]
    [InlineData(999_999_999, "1 GB")]
    [InlineData(9_995_000_000, "10 GB")]
    [InlineData(long.MaxValue, "9.22 EB")]
    public void A_size_is_written_with_three_digits(long bytes, string text) =>
        Assert.Equal(text, new ByteSize(bytes).ToString());

    [Theory]
    [InlineData("100Mbit", 12_500_000)]
    [InlineData("100mbit/s", 12_500_000)]
    [InlineData("100 Mbps", 12_500_000)]
    [InlineData("1Gbit", 125_000_000)]
    [InlineData("800kbit", 100_000)]
    [InlineData("8bit", 1)]
    [InlineData("12.5MB/s", 12_500_000)]
    [InlineData("1MiB/s", 1_048_576)]
    [InlineData("95.7Mbit/s", 11_962_500)]
    [InlineData("unlimited", double.PositiveInfinity)]
    public void A_rate_is_read(string text, double bytesPerSecond)
    {
        Assert.True(BitRate.TryParse(text, out BitRate rate, out string? reason), reason);
        Assert.Equal(bytesPerSecond, rate.BytesPerSecond);
    }

    [Theory]
    [InlineData("")]
    [InlineData("100")]
    [InlineData("100M")]
    [InlineData("100Mb")]
    [InlineData("100mb/s")]
    [InlineData("100MBps")]
    [InlineData("0Mbit")]
    [InlineData("-1Mbit")]
    [InlineData("fast")]
    public void What_is_not_a_rate_or_ambiguous_is_refused(string text)
    {
        Assert.False(BitRate.TryParse(text, out _, out string? reason));
        Assert.Contains($"'{text}'", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(11_962_500, "95.7 Mbit/s")]
    [InlineData(12_500_000, "100 Mbit/s")]
    [InlineData(125_000_000, "1 Gbit/s")]
    [InlineData(0, "0 bit/s")]
    [InlineData(double.PositiveInfinity, "unlimited")]
    public void A_rate_is_written_in_bits(double bytesPerSecond, string text) =>
        Assert.Equal(text, new BitRate(bytesPerSecond).ToString());

    [Theory]
    [InlineData("60", 60_000)]
    [InlineData("60s", 60_000)]
    [InlineData("1ms", 1)]
    [InlineData("0", 0)]
    [InlineData("1.5 s", 1_500)]
    [InlineData("2min", 120_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("500us", 0.5)]
    [InlineData("500µs", 0.5)]
    public void A_duration_is_read(string text, double milliseconds)
    {
        Assert.True(Duration.TryParse(text, out Duration duration, out string? reason), reason);
        Assert.Equal(milliseconds, duration.Value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-1s")]
    [InlineData("1h30m")]
    [InlineData("99999999999999999999999999d")]
    public void What_is_not_a_duration_is_refused(string text)
    {
        Assert.False(Duration.TryParse(text, out _, out string? reason));
        Assert.Contains($"'{text}'", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.42, "0.42 ms")]
    [InlineData(350, "350 ms")]
    [InlineData(6_270, "6.27 s")]
    [InlineData(12_345, "12.3 s")]
    [InlineData(120_449, "120.4 s")]
    [InlineData(1_200_000, "1200 s")]
    public void A_duration_is_written_to_compare(double milliseconds, string text) =>
        Assert.Equal(text, new Duration(TimeSpan.FromMilliseconds(milliseconds)).ToString());

    [Theory]
    [InlineData(0.2, "1 s")]
    [InlineData(45, "45 s")]
    [InlineData(59.5, "1 min 0 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(4_330, "1 h 12 min")]
    [InlineData(200_000, "2 d 7 h")]
    [InlineData(1e9, "very long")]
    public void A_wait_is_written_to_the_second(double seconds, string text) =>
        Assert.Equal(text, new Duration(TimeSpan.FromSeconds(seconds)).ToWait());

    [Fact]
    public void Written_figures_are_read_again_as_nearly_the_same()
    {
        const ulong Seed = 7;
        var random = new DeterministicRandom(Seed);
        for (int i = 0; i < 1_000; i++)
        {
            long bytes = (long)Math.Exp(random.NextDouble() * Math.Log(1e14));
            string written = new ByteSize(bytes).ToString();
            Assert.True(ByteSize.TryParse(written, out ByteSize size, out _), $"{written}, random seed {Seed}");
            Assert.InRange(size.Bytes, bytes * 0.994, bytes * 1.006);
            string rate = new BitRate(bytes).ToString();
            Assert.True(BitRate.TryParse(rate, out BitRate parsed, out _), $"{rate}, random seed {Seed}");
            Assert.InRange(parsed.BytesPerSecond, bytes * 0.994, bytes * 1.006);
        }
    }

    [Theory]
    [InlineData("200Mbit", "200Mbit")]
    [InlineData("95.7Mbit", "95700kbit")]
    [InlineData("1.5 Gbit/s", "1500Mbit")]
    [InlineData("9999 bit/s", "9999bit")]
    [InlineData("unlimited", "unlimited")]
    public void A_rate_is_written_for_a_command_line_to_the_bit(string text, string expected)
    {
        Assert.True(BitRate.TryParse(text, out BitRate rate, out _));
        Assert.Equal(expected, rate.ToArgument());
        Assert.True(BitRate.TryParse(expected, out BitRate again, out _));
        Assert.Equal(rate, again);
    }
}
