namespace Shoal.Core.Wire.Handshake;

/// <summary>Why two ends do not talk to each other.</summary>
public enum HandshakeRefusal
{
    /// <summary>The other end speaks another protocol.</summary>
    NotShoal,

    /// <summary>The other end speaks another version of the protocol.</summary>
    OtherVersion,

    /// <summary>The other end has a role that has no business here.</summary>
    OtherRole,

    /// <summary>The other end's hello or answer makes no sense.</summary>
    Malformed,

    /// <summary>The other end repeated this end's nonce.</summary>
    Reflected,

    /// <summary>This end has a key and the other has none.</summary>
    OtherHasNoKey,

    /// <summary>The other end has a key and this one has none.</summary>
    OtherWantsKey,

    /// <summary>The ends have different keys.</summary>
    WrongKey,

    /// <summary>The other end did not say what was due in time.</summary>
    TimedOut,

    /// <summary>The other end closed the connection.</summary>
    Closed,

    /// <summary>This end has as many connections as it takes.</summary>
    Busy,
}

/// <summary>Says refusals in words.</summary>
public static class HandshakeRefusals
{
    /// <summary>Whether another attempt gives the same: the key, the version or the address is wrong.</summary>
    public static bool IsFinal(this HandshakeRefusal refusal) => refusal is not (
        HandshakeRefusal.Busy or HandshakeRefusal.Closed or HandshakeRefusal.TimedOut or HandshakeRefusal.Reflected);

    /// <summary>What went wrong and what to do, for people.</summary>
    public static string Describe(this HandshakeRefusal refusal) => refusal switch
    {
        HandshakeRefusal.NotShoal => "the other end does not speak Shoal's protocol; is the address right?",
        HandshakeRefusal.OtherVersion =>
            $"the other end speaks another version of Shoal's protocol than {Hello.Version}; "
            + "use the same shoal on both",
        HandshakeRefusal.OtherRole =>
            "the other end has another role than expected here; "
            + "is this the address of a hub, and not of a peer?",
        HandshakeRefusal.Malformed => "the other end's hello makes no sense",
        HandshakeRefusal.Reflected => "the other end repeats what it hears",
        HandshakeRefusal.OtherHasNoKey =>
            "a key is needed here and the other end has none; start it with --key",
        HandshakeRefusal.OtherWantsKey =>
            "the other end needs a key and there is none here; use --key or SHOAL_KEY",
        HandshakeRefusal.WrongKey => "the other end has another key; both need the same file",
        HandshakeRefusal.TimedOut => "the other end said nothing in time",
        HandshakeRefusal.Closed => "the other end closed the connection during the hello",
        HandshakeRefusal.Busy => "there are as many connections as are taken here",
        _ => refusal.ToString(),
    };
}
