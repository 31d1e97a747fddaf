using Shoal.Cli.Frame;

// Nothing else may be loaded on this path: people and scripts ask for the version often.
if (args is ["--version"])
{
    Console.Out.WriteLine(ShoalVersion.Text);
    return ExitCode.Done;
}

var screen = CommandScreen.OfProcess();
return await CommandFrame.RunAsync(CommandTree.Create(screen), args, screen);
