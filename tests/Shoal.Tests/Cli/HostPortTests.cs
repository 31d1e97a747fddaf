using Shoal.Cli.Parsing;

namespace Shoal.Tests.Cli;

public sealed class HostPortTests
{
    [Theory]
    [InlineData("127.0.0.1:9999", "127.0.0.1", 9999)]
    [InlineData("hub.lan:1", "hub.lan", 1)]
    [InlineData("hub_1.lan:65535", "hub_1.lan", 65535)]
    [InlineData("0.0.0.0:0", "0.0.0.0", 0)]
    [InlineData("[::1]:9999", "::1", 9999)]
    [InlineData("[fe80::1%eth0]:80", "fe80::1%eth0", 80)]
    [InlineData("hub", "hub", 9999)]
    [InlineData("[fd00::7]", "fd00::7", 9999)]
    public void An_address_is_read(string text, string host, int port)
    {
        Assert.True(HostPort.TryParse(text, 9999, out HostPort address, out string? reason), reason);
        Assert.Equal(new HostPort(host, port), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":9999")]
    [InlineData("hub:")]
    [InlineData("hub:65536")]
    [InlineData("hub:-1")]
    [InlineData("hub:+1")]
    [InlineData("9999")]
    [InlineData("fd00::7")]
    [InlineData("fd00::7:9999")]
    [InlineData("[fd00::7")]
    [InlineData("[fd00::7]9999")]
    [InlineData("[]:9999")]
    [InlineData("[127.0.0.1]:9999")]
    [InlineData("http://hub:9999")]
    [InlineData("hub name:9999")]
    public void What_is_not_an_address_is_refused_with_a_reason(string text)
    {
        Assert.False(HostPort.TryParse(text, 9999, out _, out string? reason));
        Assert.Contains($"'{text}'", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_default_a_port_must_be_named()
    {
        Assert.False(HostPort.TryParse("hub", null, out _, out string? reason));
        Assert.Contains("port", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:9999")]
    [InlineData("[::1]:9999")]
    [InlineData("hub:0")]
    public void An_address_is_written_as_it_is_read(string text)
    {
        Assert.True(HostPort.TryParse(text, null, out HostPort address, out _));
        Assert.Equal(text, address.ToString());
    }
}
