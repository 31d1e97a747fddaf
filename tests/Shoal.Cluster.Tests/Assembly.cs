// Signals, processes and mounts: what these tests do to hosts is done on Linux.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
