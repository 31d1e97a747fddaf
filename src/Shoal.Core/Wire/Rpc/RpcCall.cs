namespace Shoal.Core.Wire.Rpc;

/// <summary>A call of a remote procedure.</summary>
/// <param name="Id">Chosen by the caller; its reply has the same.</param>
/// <param name="Protocol">
/// The version of the call protocol itself; only <see cref="RpcCodec.Protocol"/> is known.
/// </param>
/// <param name="Program">Which program.</param>
/// <param name="Version">Which version of it.</param>
/// <param name="Procedure">Which of its procedures.</param>
/// <param name="Arguments">What it is given, in its external data representation.</param>
public sealed record RpcCall(
    uint Id, uint Protocol, uint Program, uint Version, uint Procedure, ReadOnlyMemory<byte> Arguments);

/// <summary>The reply to a call.</summary>
/// <param name="Id">That of the call.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Results">What the procedure returns, if it was done.</param>
public sealed record RpcReply(uint Id, RpcOutcome Outcome, ReadOnlyMemory<byte> Results);

/// <summary>What came of a call. All but the last have the values of <c>accept_stat</c>.</summary>
public enum RpcOutcome
{
    /// <summary>It was done.</summary>
    Done = 0,

    /// <summary>There is no such program here.</summary>
    NoSuchProgram = 1,

    /// <summary>There is no such version of the program.</summary>
    NoSuchVersion = 2,

    /// <summary>The program has no such procedure.</summary>
    NoSuchProcedure = 3,

    /// <summary>Its arguments cannot be read.</summary>
    BadArguments = 4,

    /// <summary>It could not be done.</summary>
    Failed = 5,

    /// <summary>Refused before anybody looked at it: the protocol's version, or who calls.</summary>
    Denied = 100,
}
