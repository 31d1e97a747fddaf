namespace Shoal.Simulation.Exchange;

/// <summary>What goes wrong in a world, at the times that its scenario names.</summary>
internal sealed class WorldFaults(
    WorldFrame frame, HubShell hub, PeerMesh mesh, PeerProcesses processes, PeerShells shells)
{
    /// <summary>Lets a fault happen. One that befalls a process which is not there does nothing.</summary>
    public void Befall(ScenarioFault fault)
    {
        switch (fault)
        {
            case ScenarioFault.Vanish vanish when processes.All[vanish.Peer] is { Machine: not null } peer:
                processes.Kill(peer);
                if (vanish.BackAfter is { } delay)
                {
                    processes.StartLater(peer, delay);
                }

                break;
            case ScenarioFault.Stall stall
                when processes.All[stall.Peer] is { Machine: not null, IsStalled: false } peer:
                processes.Stall(peer, stall.For);
                break;
            case ScenarioFault.Cut cut:
                mesh.Part(cut.Pair);
                shells.Cut(processes.All[cut.Pair.One], processes.All[cut.Pair.Other]);
                frame.Later(cut.For, new WorldEvent(WorldEventKind.CutEnds, -1, 0, cut.Pair));
                break;
            case ScenarioFault.Withhold withhold:
                processes.All[withhold.Peer].IsWithholding = true;
                break;
            case ScenarioFault.ChangeLink change:
                processes.ChangeLink(processes.All[change.Peer], change.Up, change.Down);
                break;
            case ScenarioFault.Corrupt corrupt:
                processes.All[corrupt.Peer].CorruptChance = corrupt.Chance;
                break;
            case ScenarioFault.RestartHub restart when hub.IsUp:
                hub.Kill();
                hub.StartLater(restart.BackAfter);
                break;
            default:
                break;
        }
    }
}
