namespace Shoal.Core.Wire;

/// <summary>Who says something to whom; the upper half of a <see cref="FrameType"/>.</summary>
public enum FrameConversation
{
    /// <summary>Two peers introduce themselves to each other.</summary>
    Introduction = 0x00,

    /// <summary>
    /// A peer to another peer; and, between a hub and its member, what the relay says as one more peer, or is told.
    /// </summary>
    Peer = 0x10,

    /// <summary>A member to its hub.</summary>
    Member = 0x20,

    /// <summary>The hub to a member.</summary>
    Hub = 0x30,

    /// <summary>Between a hub that keeps the system clock and its member, both ways.</summary>
    Star = 0x40,

    /// <summary>In an edge tier, between any two, both ways; chunks travel beside it.</summary>
    Tier = 0x50,

    /// <summary>Between a hub and the machine of a user of its directory, both ways.</summary>
    Offers = 0x60,
}

/// <summary>The fifth byte of a frame. The upper four bits are its <see cref="FrameConversation"/>.</summary>
public enum FrameType
{
    /// <summary><see cref="Core.Exchange.PeerIntroduction"/>.</summary>
    Introduction = 0x01,

    /// <summary><see cref="Core.Exchange.PeerMessage.Hold"/>.</summary>
    PeerHold = 0x10,

    /// <summary><see cref="Core.Exchange.PeerMessage.Have"/>.</summary>
    PeerHave = 0x11,

    /// <summary><see cref="Core.Exchange.PeerMessage.Request"/>.</summary>
    PeerRequest = 0x12,

    /// <summary><see cref="Core.Exchange.PeerMessage.Cancel"/>.</summary>
    PeerCancel = 0x13,

    /// <summary><see cref="Core.Exchange.PeerMessage.Decline"/>.</summary>
    PeerDecline = 0x14,

    /// <summary><see cref="Core.Exchange.PeerMessage.Alive"/>.</summary>
    PeerAlive = 0x15,

    /// <summary>A chunk: its name and its bytes.</summary>
    PeerChunk = 0x1F,

    /// <summary><see cref="Core.Exchange.MemberMessage.Join"/>.</summary>
    MemberJoin = 0x20,

    /// <summary><see cref="Core.Exchange.MemberMessage.Describe"/>, or a part of one.</summary>
    MemberDescribe = 0x21,

    /// <summary><see cref="Core.Exchange.MemberMessage.Share"/>.</summary>
    MemberShare = 0x22,

    /// <summary><see cref="Core.Exchange.MemberMessage.Hold"/>.</summary>
    MemberHold = 0x23,

    /// <summary><see cref="Core.Exchange.MemberMessage.Ready"/>.</summary>
    MemberReady = 0x24,

    /// <summary><see cref="Core.Exchange.MemberMessage.Have"/>.</summary>
    MemberHave = 0x25,

    /// <summary><see cref="Core.Exchange.MemberMessage.Lose"/>.</summary>
    MemberLose = 0x26,

    /// <summary><see cref="Core.Exchange.MemberMessage.Count"/>.</summary>
    MemberCount = 0x27,

    /// <summary><see cref="Core.Exchange.MemberMessage.Alive"/>.</summary>
    MemberAlive = 0x28,

    /// <summary><see cref="Core.Exchange.MemberMessage.Leave"/>.</summary>
    MemberLeave = 0x29,

    /// <summary><see cref="Core.Exchange.MemberMessage.Look"/>.</summary>
    MemberLook = 0x2A,

    /// <summary><see cref="Core.Exchange.MemberMessage.Reach"/>.</summary>
    MemberReach = 0x2B,

    /// <summary><see cref="Core.Exchange.HubMessage.Welcome"/>.</summary>
    HubWelcome = 0x30,

    /// <summary><see cref="Core.Exchange.HubMessage.Refuse"/>.</summary>
    HubRefuse = 0x31,

    /// <summary><see cref="Core.Exchange.HubMessage.Joined"/>.</summary>
    HubJoined = 0x32,

    /// <summary><see cref="Core.Exchange.HubMessage.Gone"/>.</summary>
    HubGone = 0x33,

    /// <summary><see cref="Core.Exchange.HubMessage.Describe"/>, or a part of one.</summary>
    HubDescribe = 0x34,

    /// <summary><see cref="Core.Exchange.HubMessage.Share"/>.</summary>
    HubShare = 0x35,

    /// <summary><see cref="Core.Exchange.HubMessage.Own"/>.</summary>
    HubOwn = 0x36,

    /// <summary><see cref="Core.Exchange.HubMessage.Lost"/>.</summary>
    HubLost = 0x37,

    /// <summary><see cref="Core.Exchange.HubMessage.Start"/>.</summary>
    HubStart = 0x38,

    /// <summary><see cref="Core.Exchange.HubMessage.Follow"/>.</summary>
    HubFollow = 0x39,

    /// <summary><see cref="Core.Exchange.HubMessage.Advance"/>.</summary>
    HubAdvance = 0x3A,

    /// <summary><see cref="Core.Exchange.HubMessage.Finished"/>.</summary>
    HubFinished = 0x3B,

    /// <summary><see cref="Core.Exchange.HubMessage.Alive"/>.</summary>
    HubAlive = 0x3C,

    /// <summary><see cref="Core.Exchange.HubMessage.Seen"/>.</summary>
    HubSeen = 0x3D,

    /// <summary><see cref="Core.Exchange.HubMessage.Call"/>.</summary>
    HubCall = 0x3E,

    /// <summary><see cref="Core.Exchange.HubMessage.Listed"/>.</summary>
    HubListed = 0x3F,

    /// <summary><see cref="Core.Exchange.HubMessage.Clock"/>.</summary>
    HubClock = 0x40,

    /// <summary><see cref="Core.Exchange.HubMessage.Order"/>.</summary>
    HubOrder = 0x41,

    /// <summary><see cref="Core.Exchange.HubMessage.Clocked"/>.</summary>
    HubClocked = 0x42,

    /// <summary><see cref="Core.Exchange.MemberMessage.Answer"/>.</summary>
    MemberAnswer = 0x43,

    /// <summary><see cref="Core.Edge.Tier.TierMessage.Attend"/>.</summary>
    TierAttend = 0x50,

    /// <summary><see cref="Core.Edge.Tier.TierMessage.Want"/>, or a part of one.</summary>
    TierWant = 0x51,

    /// <summary><see cref="Core.Edge.Tier.TierMessage.Ready"/>.</summary>
    TierReady = 0x52,

    /// <summary><see cref="Core.Edge.Tier.TierMessage.Describe"/>, or a part of one.</summary>
    TierDescribe = 0x53,

    /// <summary><see cref="Core.Edge.Tier.TierMessage.Share"/>, or a part of one.</summary>
    TierShare = 0x54,

    /// <summary><see cref="Core.Edge.Tier.TierMessage.Unknown"/>, or a part of one.</summary>
    TierUnknown = 0x55,

    /// <summary><see cref="Core.Edge.Tier.TierMessage.Order"/>.</summary>
    TierOrder = 0x56,

    /// <summary><see cref="Core.Edge.Tier.TierMessage.Settle"/>.</summary>
    TierSettle = 0x57,

    /// <summary><see cref="Core.Edge.Tier.TierMessage.GiveUp"/>.</summary>
    TierGiveUp = 0x58,

    /// <summary><see cref="Core.Edge.Tier.TierMessage.Whole"/>.</summary>
    TierWhole = 0x59,

    /// <summary><see cref="Core.Edge.Tier.TierMessage.Fail"/>.</summary>
    TierFail = 0x5A,

    /// <summary><see cref="Core.Edge.Tier.TierMessage.Meet"/>.</summary>
    TierMeet = 0x5B,

    /// <summary><see cref="Core.Edge.Tier.TierMessage.Match"/>.</summary>
    TierMatch = 0x5C,

    /// <summary><see cref="Core.Edge.Tier.TierMessage.Refuse"/>.</summary>
    TierRefuse = 0x5D,

    /// <summary><see cref="Core.Edge.Tier.TierMessage.Finish"/>.</summary>
    TierFinish = 0x5E,

    /// <summary><see cref="Core.Edge.Tier.TierMessage.Listed"/>.</summary>
    TierListed = 0x5F,

    /// <summary><see cref="Core.Exchange.MemberMessage.Enlist"/>.</summary>
    MemberEnlist = 0x60,

    /// <summary><see cref="Core.Exchange.MemberMessage.Offer"/>.</summary>
    MemberOffer = 0x61,

    /// <summary><see cref="Core.Exchange.MemberMessage.Withdraw"/>.</summary>
    MemberWithdraw = 0x62,

    /// <summary><see cref="Core.Exchange.MemberMessage.Seek"/>.</summary>
    MemberSeek = 0x63,

    /// <summary><see cref="Core.Exchange.HubMessage.Wanted"/>.</summary>
    HubWanted = 0x64,

    /// <summary><see cref="Core.Exchange.HubMessage.Found"/>.</summary>
    HubFound = 0x65,
}
