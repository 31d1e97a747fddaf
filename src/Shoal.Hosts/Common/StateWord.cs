using System.Text.Json;

namespace Shoal.Hosts.Common;

/// <summary>
/// The words of states in log lines and in the tags of metrics, as reports have them: <c>name_in_use</c>.
/// </summary>
internal static class StateWord
{
    public static string Of<T>(T state)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}
