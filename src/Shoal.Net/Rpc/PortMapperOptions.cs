using Shoal.Core.Wire.Rpc;

namespace Shoal.Net.Rpc;

/// <summary>How port mappers are found and waited for.</summary>
public sealed record PortMapperOptions
{
    /// <summary>The port of others' port mappers; 111 by default.</summary>
    public int AskPort { get; init; } = PortMapperCodec.Port;

    /// <summary>The local socket of this machine's port mapper; <c>/run/rpcbind.sock</c> by default.</summary>
    public string TellPath { get; init; } = "/run/rpcbind.sock";

    /// <summary>How often it is asked, since datagrams get lost; 3 by default.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>How long an answer is waited for; a second by default.</summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>What came of a question for a port.</summary>
public abstract record PortResult
{
    private PortResult()
    {
    }

    /// <summary>The program is there.</summary>
    /// <param name="Port">Where.</param>
    public sealed record Found(int Port) : PortResult;

    /// <summary>It is not, or nobody knows.</summary>
    /// <param name="Reason">Why not, for people.</param>
    public sealed record Failed(string Reason) : PortResult;
}
