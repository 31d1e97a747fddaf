using System.CommandLine;
using Shoal.Bench.Contest;
using Shoal.Bench.Fetch;
using Shoal.Bench.Idle;
using Shoal.Bench.Lottery;
using Shoal.Bench.Members;
using Shoal.Bench.Relayed;

namespace Shoal.Bench;

/// <summary>What the bench can do; the scripts beside it call it.</summary>
internal static class BenchCommands
{
    public static RootCommand Create() => new("Measures Shoal beside what people use today.")
    {
        RandomFileCommands.CreateMake(),
        RandomFileCommands.CreateCheck(),
        PumpBench.Create(),
        ExchangeBench.Create(),
        LinksBench.Create(),
        HubBench.Create(),
        RelayBench.Create(),
        DirectoryBench.Create(),
        FetchBench.Create(),
        LotteryBench.Create(),
    };
}
