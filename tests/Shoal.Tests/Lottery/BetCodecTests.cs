using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Shoal.Core.Lottery;
using Shoal.Core.Randomness;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Lottery;

namespace Shoal.Tests.Lottery;

/// <summary>Random bets and random damage, beside a slow reader that anybody can see through.</summary>
public sealed partial class BetCodecTests
{
    private const int Rounds = 1_000;

    // Among them what has a meaning in a form of bets, and characters of one, two, three and four bytes.
    private static readonly string[] s_characters =
    [
        "a", "Z", " ", "\"", "'", "é", "ñ", "\u20AC", "\U0001F600", ",", ";", ":", "{", "}", "\r", "\n", "\0",
        "\u0085",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_damaged_message_is_taken_if_and_only_if_the_slow_reader_takes_it(ulong randomSeed)
    {
        var random = new DeterministicRandom(randomSeed);
        int taken = 0;
        for (int round = 0; round < Rounds; round++)
        {
            var written = new ArrayBufferWriter<byte>();
            ImmutableArray<Bet> bets = RandomBets(random, characters: 9);
            AgencyTextCodec.Encode(new AgencyMessage.Batch(new AgencyId(1), bets, default), written);
            byte[] bytes = Damage(random, written.WrittenSpan[1..^1]);
            var input = new ReadOnlySequence<byte>([(byte)'B', .. bytes, (byte)';']);
            DecodeStatus status = AgencyTextCodec.TryDecode(ref input, Bets.Today, out AgencyMessage? message);
            Assert.Equal((DecodeStatus.Done, 0), (status, input.Length));
            Bet[]? expected = ReadSlowly(bytes);
            Assert.Equal(expected, (message as AgencyMessage.Batch)?.List.ToArray());
            taken += expected is null ? 0 : 1;
        }

        // The damage leaves some alone, so that both ends are met.
        Assert.InRange(taken, Rounds / 10, Rounds - (Rounds / 10));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Rows_of_any_names_are_read_as_they_were_written(ulong randomSeed)
    {
        var random = new DeterministicRandom(randomSeed);
        for (int round = 0; round < Rounds; round++)
        {
            // All but line ends and other controls, which no bet has.
            ImmutableArray<Bet> bets = RandomBets(random, s_characters.Length - 4);
            byte[] rows = BetRows.Encode(bets.AsSpan());
            Assert.True(
                BatchBody.TryReadRows(rows, new AgencyId(1), Bets.Today, out ImmutableArray<Bet> read, out _),
                $"random seed {randomSeed}: {Encoding.UTF8.GetString(rows)}");
            Assert.Equal(bets.ToArray(), read.ToArray());
            Assert.Equal(
                bets.Where(bet => bet.Number == bets[0].Number).Select(bet => bet.Document),
                BetRows.DocumentsOf(rows, bets[0].Number));
            BatchBody.TryReadRows(Damage(random, rows), new AgencyId(1), Bets.Today, out read, out BodyFault? fault);
            Assert.Equal(read.IsEmpty, fault is not null);
        }
    }

    private static ImmutableArray<Bet> RandomBets(DeterministicRandom random, int characters) =>
        [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => RandomBet(random, characters))];

    private static Bet RandomBet(DeterministicRandom random, int characters) => new(
        new AgencyId(1), RandomName(random, characters), RandomName(random, characters),
        $"{random.Next(1_000_000_000)}", new DateOnly(1900, 1, 1).AddDays(random.Next(45_000)), random.Next(10_000));

    private static string RandomName(DeterministicRandom random, int characters) => "x" + string.Concat(
        Enumerable.Range(0, random.Next(6)).Select(_ => s_characters[random.Next(characters)]));

    // Nothing, or some bytes are others, gone, or there twice; none of them ends the message.
    private static byte[] Damage(DeterministicRandom random, ReadOnlySpan<byte> bytes)
    {
        List<byte> damaged = [.. bytes];
        for (int times = random.Next(3); times > 0; times--)
        {
            int at = random.Next(damaged.Count);
            switch (random.Next(3))
            {
                case 0:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 1:
                    damaged.RemoveAt(at);
                    break;
                default:
                    damaged.Insert(at, damaged[at]);
                    break;
            }
        }

        return [.. damaged.Where(one => one != ';')];
    }

    // Null: they are no batch.
    private static Bet[]? ReadSlowly(byte[] bytes)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }

        MatchCollection found = OneBet().Matches(text);
        if (found.Count == 0 || string.Join(',', found.Select(one => one.Value)) != text)
        {
            return null;
        }

        Bet?[] bets = [.. found.Select(one => ReadSlowly([.. one.Groups.Values.Skip(1).Select(group => group.Value)]))];
        return bets.All(bet => bet is not null && bet.Agency == bets[0]!.Agency) ? [.. bets!] : null;
    }

    private static Bet? ReadSlowly(string[] values) =>
        values[..2].All(name => name.Trim().Length > 0 && name.Length <= 128 && !name.Any(char.IsControl))
        && values[2].Length is >= 1 and <= 18 && values[2].All(char.IsAsciiDigit)
        && DateOnly.TryParseExact(
            values[3], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly birth)
        && birth <= Bets.Today
        && int.TryParse(values[4], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 9999
        && int.TryParse(values[5], NumberStyles.None, CultureInfo.InvariantCulture, out int agency) && agency > 0
            ? new Bet(new AgencyId(agency), values[0], values[1], values[2], birth, number)
            : null;

    [GeneratedRegex(
        "\\{PlayerName:([^,{}:;]*),PlayerSurname:([^,{}:;]*),PlayerDocID:([^,{}:;]*),PlayerDateOfBirth:([^,{}:;]*),"
        + "WageredNumber:([^,{}:;]*),AgencyID:([^,{}:;]*)\\}")]
    private static partial Regex OneBet();
}
