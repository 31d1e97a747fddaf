using System.Net;
using Shoal.Core.Roster;

namespace Shoal.Tests.Roster;

public sealed class EndpointTextTests
{
    [Theory]
    [InlineData("127.0.0.1:9999", "127.0.0.1", 9999)]
    [InlineData("hub.local:1", "hub.local", 1)]
    [InlineData("hub_1.lan:65535", "hub_1.lan", 65535)]
    [InlineData("0.0.0.0:0", "0.0.0.0", 0)]
    [InlineData("[::1]:9999", "::1", 9999)]
    [InlineData("[fe80::1%eth0]:80", "fe80::1%eth0", 80)]
    [InlineData("hub", "hub", 9999)]
    [InlineData("[fd00::7]", "fd00::7", 9999)]
    public void An_address_is_read(string text, string host, int port)
    {
        Assert.True(EndpointText.TryParse(text, 9999, out EndpointText address, out string? reason), reason);
        Assert.Equal(new EndpointText(host, port), address);
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
    [InlineData("[hub]:9999")]
    [InlineData("hub: 1")]
    [InlineData("http://hub:9999")]
    [InlineData("hub name:9999")]
    public void What_is_not_an_address_is_refused_with_a_reason(string text)
    {
        Assert.False(EndpointText.TryParse(text, 9999, out _, out string? reason));
        Assert.Contains($"'{text}'", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_default_a_port_must_be_named()
    {
        Assert.False(EndpointText.TryParse("hub", null, out _, out string? reason));
        Assert.Contains("port", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:9999")]
    [InlineData("[::1]:9999")]
    [InlineData("hub:0")]
    public void An_address_is_written_as_it_is_read(string text)
    {
        Assert.True(EndpointText.TryParse(text, null, out EndpointText address, out _));
        Assert.Equal(text, address.ToString());
    }

    [Fact]
    public void Names_as_long_as_a_name_can_be_are_read_and_longer_ones_are_not()
    {
        Assert.True(EndpointText.TryParse($"{new string('h', 253)}:1", null, out _));
        Assert.False(EndpointText.TryParse($"{new string('h', 254)}:1", null, out _));
    }

    [Theory]
    [InlineData("127.0.0.1", true, false)]
    [InlineData("127.9.9.9", true, false)]
    [InlineData("LocalHost", true, false)]
    [InlineData("::1", true, false)]
    [InlineData("10.0.0.7", false, false)]
    [InlineData("hub.local", false, false)]
    [InlineData("0.0.0.0", false, true)]
    [InlineData("::", false, true)]
    [InlineData("", false, true)]
    public void Some_addresses_are_of_this_machine_alone_and_some_are_all_of_it(
        string host, bool isLoopback, bool isAny)
    {
        Assert.Equal(isLoopback, new EndpointText(host, 1).IsLoopback);
        Assert.Equal(isAny, new EndpointText(host, 1).IsAny);
    }

    [Fact]
    public void A_mapped_address_shows_as_the_ipv4_address_that_it_is() => Assert.Equal(
        "10.0.0.7:80", EndpointText.From(new IPEndPoint(IPAddress.Parse("::ffff:10.0.0.7"), 80)).ToString());
}
