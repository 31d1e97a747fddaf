using System.CommandLine;
using System.Globalization;
using Shoal.Bench;
using Shoal.Bench.Pump;

// One process of the pump: started by PumpContestant.
if (args is ["pump-peer", var self, var folder, var address])
{
    return new PumpPeer(int.Parse(self, CultureInfo.InvariantCulture), folder, address).Run();
}

try
{
    return await BenchCommands.Create().Parse(args).InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (BenchFailure e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
catch (OperationCanceledException)
{
    return 130; // Stopped by a signal.
}
