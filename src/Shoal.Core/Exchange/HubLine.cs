namespace Shoal.Core.Exchange;

/// <summary>A peer's line to the hub: what is said while it is down is dropped, and said again when it is up.</summary>
internal sealed class HubLine
{
    private static readonly TimeSpan AliveInterval = TimeSpan.FromSeconds(1);
    private TimeSpan _lastTold;

    public bool IsUp { get; set; }

    public void Say(TimeSpan now, MemberMessage message, IList<SwarmPeerEffect> effects)
    {
        if (IsUp)
        {
            _lastTold = now;
            effects.Add(new SwarmPeerEffect.ToHub(message));
        }
    }

    /// <summary>Renews the lease if nothing else has done so lately.</summary>
    public void Tick(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        if (now - _lastTold >= AliveInterval)
        {
            Say(now, new MemberMessage.Alive(), effects);
        }
    }
}
