using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Shoal.Core.Lottery;

namespace Shoal.Hosts.Lottery;

/// <summary>
/// What agencies prove over HTTP who they are with: an agency's number and its HMAC under a key that the store
/// keeps, so that there is no list of tokens, and hubs that share a store take the same ones.
/// </summary>
public sealed class AgencyTokens
{
    /// <summary>Bytes of the key.</summary>
    public const int KeySize = 32;

    private readonly byte[] _key;

    /// <summary>Tokens under a key.</summary>
    /// <exception cref="ArgumentException">The key does not have <see cref="KeySize"/> bytes.</exception>
    public AgencyTokens(byte[] key) => _key = key.Length == KeySize
        ? key
        : throw new ArgumentException($"a key of tokens has {KeySize} bytes, not {key.Length}", nameof(key));

    /// <summary>Tokens under the key that a store keeps, which is made if it has none.</summary>
    /// <exception cref="IOException">The store failed.</exception>
    public static async Task<AgencyTokens> OpenAsync(LotteryRecords records, CancellationToken cancellationToken) =>
        new(await records.Store.TokenKeyAsync(RandomNumberGenerator.GetBytes(KeySize), cancellationToken));

    /// <summary>The token of an agency, for all draws.</summary>
    public string Of(AgencyId agency) => $"{agency}.{Base64Url.EncodeToString(Sign(agency))}";

    /// <summary>Whose token it is; null: it is none of this lottery.</summary>
    public AgencyId? Check(string token)
    {
        int dot = token.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !AgencyId.TryParse(token.AsSpan(0, dot), out AgencyId agency))
        {
            return null;
        }

        byte[] expected = Encoding.ASCII.GetBytes(Of(agency));
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(token)) ? agency : null;
    }

    private byte[] Sign(AgencyId agency) => HMACSHA256.HashData(
        _key, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"shoal lottery agency {agency}")));
}
