using System.Globalization;
using Shoal.Bench;
using Shoal.Bench.Pump;

// One process of the pump: started by PumpContestant.
if (args is ["pump-peer", var self, var folder, var address])
{
    return new PumpPeer(int.Parse(self, CultureInfo.InvariantCulture), folder, address).Run();
}

return await BenchCommands.Create().Parse(args).InvokeAsync();
