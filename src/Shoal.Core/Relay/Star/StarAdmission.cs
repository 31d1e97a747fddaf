using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>
/// Who can take part in a run under the system clock, and with what. Reasons are sentences for people.
/// </summary>
internal sealed class StarAdmission(StarHubOptions options, SwarmTracker tracker)
{
    private string? _whyNotStart;

    private int Members => options.Costs.Links.Length;

    public string? WhyNotJoin(MemberMessage.Join join, StarCourse? course)
    {
        if (_whyNotStart is not null)
        {
            return _whyNotStart;
        }

        if (join.Relay != RelayUse.Always)
        {
            return "it keeps the system clock, and every chunk passes it: join with --relay always";
        }

        if (join.Expect != Members)
        {
            return $"it keeps the system clock with the costs of {Members} peers: join with --expect {Members}";
        }

        if (course is not null)
        {
            return course.Find(join.Peer) is null
                ? "its system clock runs already, and nobody else can take part" : null;
        }

        if (join.RunningFor is not null)
        {
            return "it has restarted, and its system clock with it: start all peers again to go on";
        }

        bool isNew = tracker.Roster.Find(join.Peer) is not { Link: not null };
        return isNew && tracker.PresentMembers >= Members ? $"all {Members} places are taken" : null;
    }

    /// <summary>Nothing new can come when the clock runs: it would be in nobody's plan.</summary>
    public static string? WhyNotShare(MemberMessage.Share share, StarCourse? course)
    {
        SharedEntry.File? news = course is null ? null : share.Entries.OfType<SharedEntry.File>()
            .FirstOrDefault(file => !course.Has(file.Content));
        return news is null ? null : $"it brought '{news.Name}', which was not there when the system clock started";
    }

    /// <summary>What is too much to be counted, or for the clock to show.</summary>
    public string? WhyNotStart(StarFiles files)
    {
        long transfers = (long)files.ChunkCount * (Members - 1);
        long most = options.Costs.Links.Max(link => Math.Max(link.Chunk.Nanoseconds, link.Message.Nanoseconds));
        if (transfers > StarShape.MostTransfers)
        {
            _whyNotStart = $"{transfers} transfers are more than the {StarShape.MostTransfers} that it can order";
        }
        else if ((Int128)transfers * most * 5 >= VirtualTime.Never.Nanoseconds)
        {
            _whyNotStart = "its system clock cannot show so long a time: give it smaller --costs";
        }

        return _whyNotStart;
    }
}
