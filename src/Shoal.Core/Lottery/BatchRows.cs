namespace Shoal.Core.Lottery;

/// <summary>
/// The bets of a batch as a store keeps them and an export prints them: rows of text, in one array. Read as objects
/// they would take five times as much memory while they wait for the disk.
/// </summary>
/// <param name="Bytes">
/// A row a bet, ending with CR and LF, in UTF-8: <c>agency,first_name,last_name,document,birthdate,number</c>.
/// </param>
/// <param name="Bets">The number of rows, at least one.</param>
public sealed record BatchRows(byte[] Bytes, int Bets);
