using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;

namespace Shoal.Hosts.Members;

/// <summary>The lines that a directory prints, as others of its kind do.</summary>
internal static class RequestLine
{
    public static string OfStart(EndpointText address) => $"s> init server {address}";

    public static string Of(RequestLineForm form, DirectoryRequest request) => form == RequestLineForm.Full
        ? $"s> OPERATION {DirectoryWords.Of(request.Operation)} FROM {request.User}"
        : $"s> {DirectoryWords.Of(request.Operation)} FROM {request.User}";
}
