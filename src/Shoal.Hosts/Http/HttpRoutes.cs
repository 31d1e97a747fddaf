using Microsoft.AspNetCore.Routing;

namespace Shoal.Hosts.Http;

/// <summary>Maps what a feature serves over HTTP; every feature has one, and a door takes any number.</summary>
/// <param name="routes">Where to map.</param>
public delegate void HttpRoutes(IEndpointRouteBuilder routes);
