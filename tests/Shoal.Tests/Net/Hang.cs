namespace Shoal.Tests.Net;

/// <summary>
/// What a test that can hang may take. Idle it takes milliseconds; a busy machine makes seconds of them, and only a
/// hang makes minutes.
/// </summary>
internal static class Hang
{
    public const int Limit = 120_000;
}
