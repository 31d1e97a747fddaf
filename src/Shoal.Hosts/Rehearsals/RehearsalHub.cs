using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Exchange;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Frames;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Rehearsals;

/// <summary>
/// The hub of a rehearsal: it knows beforehand who comes and what happens, and so has no rules. What the real one does
/// beside talking to a peer is nothing that a peer has to rehearse.
/// </summary>
internal sealed class RehearsalHub : IAsyncDisposable
{
    private readonly Door _door;
    private readonly TimeProvider _time;

    private RehearsalHub(Door door, TimeProvider time)
    {
        _door = door;
        _time = time;
    }

    public EndpointText Address => _door.Local;

    /// <exception cref="IOException">It cannot be listened on this machine.</exception>
    public static async Task<RehearsalHub> OpenAsync(
        SwarmKey? key, ITransport transport, TimeProvider time, CancellationToken cancellationToken)
    {
        var handshake = new HandshakeOptions
        {
            Role = EndRole.Hub, Expected = EndRole.Member, Key = key, Time = time,
        };
        ITransportListener listener = await transport.ListenAsync(
            new EndpointText("127.0.0.1", 0), cancellationToken);
        return new RehearsalHub(new Door(listener, new DoorOptions { Handshake = handshake }), time);
    }

    /// <summary>Brings members together, and sees them off when each has the contents of all.</summary>
    public async Task RunAsync(int members, CancellationToken cancellationToken)
    {
        var cast = new List<Guest>();
        try
        {
            while (cast.Count < members && await _door.AcceptAsync(cancellationToken) is { } transport)
            {
                cast.Add(new Guest(transport, cast.Count + 1, new ConnectionOptions { Time = _time }));
            }

            await Task.WhenAll(cast.Select(guest => guest.EnterAsync(cancellationToken)));
            Introduce(cast);
            int chunks = 0;
            cast.ForEach(guest => chunks += guest.ChunkCount);
            await Task.WhenAll(cast.Select(
                guest => guest.ReceiveAsync(chunks - guest.ChunkCount, cancellationToken)));
            var report = new ExchangeReport(TimeSpan.Zero, TimeSpan.Zero, BoundSource.Estimated, "", 0, []);
            cast.ForEach(guest => guest.Send(new HubMessage.Finished(report)));
            await Task.WhenAll(cast.Select(guest => guest.ReceiveAsync(int.MaxValue, cancellationToken)));
        }
        finally
        {
            foreach (Guest guest in cast)
            {
                await guest.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _door.DisposeAsync();

    private static void Introduce(List<Guest> cast)
    {
        ImmutableArray<PlanShare>.Builder shares = ImmutableArray.CreateBuilder<PlanShare>(cast.Count);
        foreach (Guest guest in cast)
        {
            shares.Add(new PlanShare(guest.Member.Id, guest.Bytes, guest.Bytes));
            foreach (Guest other in cast)
            {
                if (other != guest)
                {
                    guest.Introduce(other);
                }
            }
        }

        var plan = new DistributionPlan(1, 0, shares.MoveToImmutable());
        foreach (Guest guest in cast)
        {
            guest.Send(new HubMessage.Follow(plan));
            guest.Send(new HubMessage.Start());
        }
    }

    private sealed class Guest(TransportConnection transport, int order, ConnectionOptions options) : IAsyncDisposable
    {
        private readonly FrameConnection<MemberMessage, HubMessage> _connection = new(
            transport, new HubSide(), options);

        private readonly List<HubMessage> _news = [];
        private Member? _member;

        public Member Member => _member ?? throw new IOException("A member of the rehearsal left before it came.");

        public int ChunkCount { get; private set; }

        public double Bytes { get; private set; }

        /// <summary>Tells it of another one, and of what that one has.</summary>
        public void Introduce(Guest other)
        {
            foreach (HubMessage news in other._news)
            {
                Send(news);
            }

            Send(new HubMessage.Joined(other.Member));
        }

        public void Send(HubMessage message) => _connection.Send(message);

        public async Task EnterAsync(CancellationToken cancellationToken)
        {
            while (true)
            {
                switch ((await _connection.ReceiveAsync(cancellationToken)).Message)
                {
                    case MemberMessage.Join join:
                        _member = new Member(join.Peer, join.Name, order, join.Endpoints, join.Capacity);
                        Send(new HubMessage.Welcome(_member));
                        break;
                    case MemberMessage.Describe describe:
                        Describe(describe.Manifests);
                        break;
                    case MemberMessage.Share share:
                        _news.Add(new HubMessage.Share(share.Origin, share.OriginName, order, share.Entries));
                        break;
                    case MemberMessage.Ready or null:
                        return;
                    default:
                        break;
                }
            }
        }

        /// <summary>Listens until it has so many chunks, or has gone.</summary>
        public async Task ReceiveAsync(int chunks, CancellationToken cancellationToken)
        {
            while (chunks > 0)
            {
                switch ((await _connection.ReceiveAsync(cancellationToken)).Message)
                {
                    case MemberMessage.Have have:
                        chunks -= have.Chunks.Length;
                        break;
                    case MemberMessage.Leave or null:
                        return;
                    default:
                        break;
                }
            }
        }

        public ValueTask DisposeAsync() => _connection.DisposeAsync();

        private void Describe(ImmutableArray<Manifest> contents)
        {
            _news.Add(new HubMessage.Describe(contents));
            foreach (Manifest content in contents)
            {
                _news.Add(new HubMessage.Own(Member.Id, [content.Id]));
                ChunkCount += content.ChunkCount;
                Bytes += content.Length;
            }
        }
    }
}
