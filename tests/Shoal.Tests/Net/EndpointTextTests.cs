using System.Net;
using Shoal.Net.Transport;

namespace Shoal.Tests.Net;

public sealed class EndpointTextTests
{
    [Theory]
    [InlineData("10.0.0.7:9999", "10.0.0.7", 9999, "10.0.0.7:9999")]
    [InlineData("hub.lan:1", "hub.lan", 1, "hub.lan:1")]
    [InlineData("[fd00::7]:65535", "fd00::7", 65535, "[fd00::7]:65535")]
    [InlineData("[fe80::1%2]:7", "fe80::1%2", 7, "[fe80::1%2]:7")]
    [InlineData(":0", "", 0, ":0")]
    [InlineData("hub", "hub", 42, "hub:42")]
    [InlineData("[::1]", "::1", 42, "[::1]:42")]
    public void AddressesReadAndWrite(string text, string host, int port, string written)
    {
        Assert.True(EndpointText.TryParse(text, 42, out EndpointText endpoint));
        Assert.Equal(new EndpointText(host, port), endpoint);
        Assert.Equal(written, endpoint.ToString());
    }

    [Theory]
    [InlineData("hub:")]
    [InlineData("hub:65536")]
    [InlineData("hub:-1")]
    [InlineData("hub:+1")]
    [InlineData("hub: 1")]
    [InlineData("fd00::7:9999")]
    [InlineData("[fd00::7")]
    [InlineData("[fd00::7]9999")]
    [InlineData("[10.0.0.7]:9999")]
    [InlineData("[hub]:9999")]
    [InlineData("a b:1")]
    [InlineData("http://hub:1")]
    public void WhatIsNoAddressIsRefused(string text) => Assert.False(EndpointText.TryParse(text, 42, out _));

    [Fact]
    public void APortIsNeededWhereThereIsNoDefault()
    {
        Assert.False(EndpointText.TryParse("hub", null, out _));
        Assert.False(EndpointText.TryParse("[::1]", null, out _));
        Assert.True(EndpointText.TryParse("[::1]:5", null, out _));
    }

    [Fact]
    public void ASocketsAddressShowsIpv4AsItIs() => Assert.Equal(
        "10.0.0.7:80", EndpointText.From(new IPEndPoint(IPAddress.Parse("::ffff:10.0.0.7"), 80)).ToString());
}
