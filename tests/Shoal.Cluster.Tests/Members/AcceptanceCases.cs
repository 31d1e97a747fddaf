namespace Shoal.Cluster.Tests.Members;

/// <summary>
/// What the shell does with a command in a state. <c>D</c> stands for the date in a request, <c>|</c> for the zero byte
/// at the end of a field, <c>PORT</c> for the port that was chosen.
/// </summary>
/// <param name="State">How it came to be: lines of this terminal, and events, which begin with an exclamation.</param>
/// <param name="Command">The line.</param>
/// <param name="Sent">What is sent because of it, one request a text.</param>
/// <param name="Printed">What is printed below it.</param>
internal sealed record AcceptanceCase(string[] State, string Command, string[] Sent, string Printed);

/// <summary>The table.</summary>
internal static class AcceptanceCases
{
    private static readonly string[] s_new = [];
    private static readonly string[] s_registered = ["REGISTER anna"];
    private static readonly string[] s_connected = ["REGISTER anna", "CONNECT anna"];
    private static readonly string[] s_published = [.. s_connected, "!file film", "PUBLISH film a  film"];
    private static readonly string[] s_company = [.. s_published, "!bert"];
    private static readonly string[] s_known = [.. s_company, "LIST_USERS"];

    public static IEnumerable<AcceptanceCase> All() =>
    [
        .. Syntax(), .. Users(), .. Publications(), .. Lists(), .. Files(), .. Lengths(), .. Down(), .. Restarted(),
        .. SecondTerminal(), .. EveryCommand("!log down"), .. EveryCommand("!time down"), .. Quit(),
    ];

    private static IEnumerable<AcceptanceCase> Syntax()
    {
        foreach (string verb in new[] { "REGISTER", "UNREGISTER", "CONNECT", "DISCONNECT", "LIST_CONTENT" })
        {
            foreach (string line in new[] { verb, $"{verb} anna bert", $"{verb} anna ", $"{verb}  anna" })
            {
                yield return Wrong(line, $"Syntax error. Usage: {verb} <userName>");
            }
        }

        yield return Wrong("PUBLISH", "Syntax error. Usage: PUBLISH <fileName> <description>");
        yield return Wrong("PUBLISH film", "Syntax error. Usage: PUBLISH <fileName> <description>");
        yield return Wrong("DELETE", "Syntax error. Usage: DELETE <fileName>");
        yield return Wrong("DELETE film two", "Syntax error. Usage: DELETE <fileName>");
        string fetch = "Syntax error. Usage: GET_FILE <userName> <remote_fileName> <local_fileName>";
        yield return Wrong("GET_FILE", fetch);
        yield return Wrong("GET_FILE bert", fetch);
        yield return Wrong("GET_FILE bert song", fetch);
        yield return Wrong("GET_FILE bert song copy more", fetch);
        yield return Wrong("LIST_USERS anna", "Syntax error. Use: LIST_USERS");
        yield return Wrong("LIST_USERS ", "Syntax error. Use: LIST_USERS");
        yield return Wrong("QUIT now", "Syntax error. Use: QUIT");
        yield return Wrong("register", "Syntax error. Usage: REGISTER <userName>");
        yield return Wrong("HELP", "Error: command HELP not valid.");
        yield return Wrong("list users", "Error: command LIST not valid.");
        yield return Wrong("", "Error: command  not valid.");
        yield return Wrong(" REGISTER anna", "Error: command  not valid.");
        yield return Wrong("REGISTER\tanna", "Error: command REGISTER?ANNA not valid.");
    }

    private static IEnumerable<AcceptanceCase> Users() =>
    [
        new(s_new, "REGISTER anna", ["REGISTER|D|anna|"], "c> REGISTER OK\n"),
        new(s_new, "register anna", ["REGISTER|D|anna|"], "c> REGISTER OK\n"),
        new(s_new, "REGISTER Ünal", ["REGISTER|D|Ünal|"], "c> REGISTER OK\n"),
        new(s_registered, "REGISTER anna", ["REGISTER|D|anna|"], "c> USERNAME IN USE\n"),
        new(s_registered, "REGISTER Anna", ["REGISTER|D|Anna|"], "c> REGISTER OK\n"),
        new(s_new, "UNREGISTER anna", ["UNREGISTER|D|anna|"], "c> USER DOES NOT EXIST\n"),
        new(s_registered, "UNREGISTER anna", ["UNREGISTER|D|anna|"], "c> UNREGISTER OK\n"),
        new(s_connected, "UNREGISTER anna", ["UNREGISTER|D|anna|"], "c> UNREGISTER FAIL\n"),
        new(s_new, "CONNECT anna", ["CONNECT|D|anna|#|"], "c> CONNECT FAIL, USER DOES NOT EXIST\n"),
        new(s_registered, "CONNECT anna", ["CONNECT|D|anna|PORT|"], "c> CONNECT OK\n"),
        new(s_connected, "CONNECT anna", ["CONNECT|D|anna|PORT|"], "c> USER ALREADY CONNECTED\n"),
        new([.. s_connected, "REGISTER carl"], "CONNECT carl", ["DISCONNECT|D|anna|", "CONNECT|D|carl|PORT|"],
            "c> CONNECT OK\n"),
        new(s_connected, "CONNECT carl", ["DISCONNECT|D|anna|", "CONNECT|D|carl|#|"],
            "c> CONNECT FAIL, USER DOES NOT EXIST\n"),
        new(s_new, "DISCONNECT anna", [], "c> DISCONNECT FAIL / USER NOT CONNECTED\n"),
        new(s_registered, "DISCONNECT anna", [], "c> DISCONNECT FAIL / USER NOT CONNECTED\n"),
        new(s_connected, "DISCONNECT anna", ["DISCONNECT|D|anna|"], "c> DISCONNECT OK\n"),
        new(s_connected, "DISCONNECT bert", [], "c> DISCONNECT FAIL / USER NOT CONNECTED\n"),
        new([.. s_connected, "DISCONNECT anna"], "DISCONNECT anna", [],
            "c> DISCONNECT FAIL / USER NOT CONNECTED\n"),
        new([.. s_connected, "DISCONNECT anna"], "UNREGISTER anna", ["UNREGISTER|D|anna|"], "c> UNREGISTER OK\n"),
    ];

    private static IEnumerable<AcceptanceCase> Publications() =>
    [
        new(s_new, "PUBLISH film a film", [], "c> PUBLISH FAIL, USER NOT CONNECTED\n"),
        new(s_registered, "PUBLISH film a film", [], "c> PUBLISH FAIL, USER NOT CONNECTED\n"),
        new(s_connected, "PUBLISH film a  film", ["PUBLISH|D|anna|film|a  film|"], "c> PUBLISH OK\n"),
        new(s_connected, "publish film a 'film' \"é\"", ["PUBLISH|D|anna|film|a 'film' \"é\"|"], "c> PUBLISH OK\n"),
        new(s_connected, "PUBLISH film ", ["PUBLISH|D|anna|film||"], "c> PUBLISH OK\n"),
        new(s_connected, "PUBLISH film  ", ["PUBLISH|D|anna|film| |"], "c> PUBLISH OK\n"),
        new(s_connected, "PUBLISH  film", [], "c> PUBLISH FAIL\n"),
        new(s_connected, "PUBLISH film a\u0001film", [], "c> PUBLISH FAIL\n"),
        new(s_published, "PUBLISH film again", ["PUBLISH|D|anna|film|again|"],
            "c> PUBLISH FAIL, CONTENT ALREADY PUBLISHED\n"),
        new(s_new, "DELETE film", [], "c> DELETE FAIL, USER NOT CONNECTED\n"),
        new(s_connected, "DELETE film", ["DELETE|D|anna|film|"], "c> DELETE FAIL, CONTENT NOT PUBLISHED\n"),
        new(s_published, "DELETE film", ["DELETE|D|anna|film|"], "c> DELETE OK\n"),
        new(s_published, "DELETE Film", ["DELETE|D|anna|Film|"], "c> DELETE FAIL, CONTENT NOT PUBLISHED\n"),
        new([.. s_published, "DELETE film"], "PUBLISH film new", ["PUBLISH|D|anna|film|new|"], "c> PUBLISH OK\n"),
        new([.. s_published, "!unregistered"], "PUBLISH song x", ["PUBLISH|D|anna|song|x|"],
            "c> PUBLISH FAIL, USER DOES NOT EXIST\n"),
        new([.. s_published, "!unregistered"], "DELETE film", ["DELETE|D|anna|film|"],
            "c> DELETE FAIL, USER DOES NOT EXIST\n"),
        new([.. s_published, "!unregistered"], "DISCONNECT anna", ["DISCONNECT|D|anna|"],
            "c> DISCONNECT FAIL / USER DOES NOT EXIST\n"),
    ];

    private static IEnumerable<AcceptanceCase> Lists() =>
    [
        new(s_new, "LIST_USERS", [], "c> LIST_USERS FAIL, USER NOT CONNECTED\n"),
        new(s_connected, "LIST_USERS", ["LIST_USERS|D|anna|"], "c> LIST_USERS OK\n\tanna hub PORT\n"),
        new(s_connected, "list_users", ["LIST_USERS|D|anna|"], "c> LIST_USERS OK\n\tanna hub PORT\n"),
        new([.. s_connected, "!unregistered"], "LIST_USERS", ["LIST_USERS|D|anna|"],
            "c> LIST_USERS FAIL, USER DOES NOT EXIST\n"),
        new(s_new, "LIST_CONTENT anna", [], "c> LIST_CONTENT FAIL, USER NOT CONNECTED\n"),
        new(s_connected, "LIST_CONTENT anna", ["LIST_CONTENT|D|anna|anna|"], "c> LIST_CONTENT OK\n"),
        new(s_published, "LIST_CONTENT anna", ["LIST_CONTENT|D|anna|anna|"], "c> LIST_CONTENT OK\n\tfilm a  film\n"),
        new(s_company, "LIST_CONTENT bert", ["LIST_CONTENT|D|anna|bert|"], "c> LIST_CONTENT OK\n\tsong \n"),
        new(s_connected, "LIST_CONTENT nobody", ["LIST_CONTENT|D|anna|nobody|"],
            "c> LIST_CONTENT FAIL, REMOTE USER DOES NOT EXIST\n"),
        new([.. s_connected, "!unregistered"], "LIST_CONTENT anna", ["LIST_CONTENT|D|anna|anna|"],
            "c> LIST_CONTENT FAIL, USER DOES NOT EXIST\n"),
    ];

    private static IEnumerable<AcceptanceCase> Files() =>
    [
        new(s_new, "GET_FILE bert song copy", [], "c> GET_FILE FAIL\n"),
        new(s_company, "GET_FILE bert song copy", [], "c> GET_FILE FAIL\n"),
        new(s_known, "GET_FILE bert song copy", ["GET_FILE|song|"], "c> GET_FILE OK\n"),
        new(s_known, "GET_FILE bert none copy", ["GET_FILE|none|"], "c> GET_FILE FAIL / FILE NOT EXIST\n"),
        new(s_known, "GET_FILE bert secret copy", ["GET_FILE|secret|"], "c> GET_FILE FAIL / FILE NOT EXIST\n"),
        new(s_known, "GET_FILE nobody song copy", [], "c> GET_FILE FAIL\n"),
        new([.. s_known, "!bert leaves"], "GET_FILE bert song copy", [], "c> GET_FILE FAIL\n"),
        new([.. s_known, "!down"], "GET_FILE bert song copy", ["GET_FILE|song|"], "c> GET_FILE OK\n"),
        new([.. s_known, "DISCONNECT anna"], "GET_FILE bert song copy", [], "c> GET_FILE FAIL\n"),
    ];

    private static IEnumerable<AcceptanceCase> Lengths()
    {
        foreach (int length in new[] { 255, 256, 257 })
        {
            string name = new('n', length);
            bool fits = length <= 255;
            string[] Sent(string request) => fits ? [request] : [];
            string Printed(string right, string wrong) => $"c> {(fits ? right : wrong)}\n";
            yield return new(s_new, $"REGISTER {name}", Sent($"REGISTER|D|{name}|"),
                Printed("REGISTER OK", "REGISTER FAIL"));
            yield return new(s_new, $"UNREGISTER {name}", Sent($"UNREGISTER|D|{name}|"),
                Printed("USER DOES NOT EXIST", "UNREGISTER FAIL"));
            yield return new(s_new, $"CONNECT {name}", Sent($"CONNECT|D|{name}|#|"),
                Printed("CONNECT FAIL, USER DOES NOT EXIST", "CONNECT FAIL"));
            yield return new(s_connected, $"PUBLISH {name} x", Sent($"PUBLISH|D|anna|{name}|x|"),
                Printed("PUBLISH OK", "PUBLISH FAIL"));
            yield return new(s_connected, $"PUBLISH x {name}", Sent($"PUBLISH|D|anna|x|{name}|"),
                Printed("PUBLISH OK", "PUBLISH FAIL"));
            yield return new(s_connected, $"DELETE {name}", Sent($"DELETE|D|anna|{name}|"),
                Printed("DELETE FAIL, CONTENT NOT PUBLISHED", "DELETE FAIL"));
            yield return new(s_connected, $"LIST_CONTENT {name}", Sent($"LIST_CONTENT|D|anna|{name}|"),
                Printed("LIST_CONTENT FAIL, REMOTE USER DOES NOT EXIST", "LIST_CONTENT FAIL"));
            yield return new(s_connected, $"DISCONNECT {name}", [], "c> DISCONNECT FAIL / USER NOT CONNECTED\n");
            yield return new(s_known, $"GET_FILE bert {name} copy", Sent($"GET_FILE|{name}|"),
                Printed("GET_FILE FAIL / FILE NOT EXIST", "GET_FILE FAIL"));
        }
    }

    private static IEnumerable<AcceptanceCase> Down() =>
    [
        new(["!down"], "REGISTER anna", [], "c> REGISTER FAIL\n"),
        new([.. s_registered, "!down"], "UNREGISTER anna", [], "c> UNREGISTER FAIL\n"),
        new([.. s_registered, "!down"], "CONNECT anna", [], "c> CONNECT FAIL\n"),
        new([.. s_connected, "!down"], "CONNECT anna", [], "c> CONNECT FAIL\n"),
        new([.. s_connected, "!down"], "PUBLISH film x", [], "c> PUBLISH FAIL\n"),
        new([.. s_published, "!down"], "DELETE film", [], "c> DELETE FAIL\n"),
        new([.. s_connected, "!down"], "LIST_USERS", [], "c> LIST_USERS FAIL\n"),
        new([.. s_connected, "!down"], "LIST_CONTENT anna", [], "c> LIST_CONTENT FAIL\n"),
        new([.. s_connected, "!down"], "DISCONNECT anna", [], "c> DISCONNECT OK\n"),
        new([.. s_connected, "!down"], "DISCONNECT bert", [], "c> DISCONNECT FAIL / USER NOT CONNECTED\n"),
        new([.. s_connected, "!down", "DISCONNECT anna"], "LIST_USERS", [],
            "c> LIST_USERS FAIL, USER NOT CONNECTED\n"),
    ];

    private static IEnumerable<AcceptanceCase> Restarted() =>
    [
        new([.. s_registered, "!restart"], "REGISTER anna", ["REGISTER|D|anna|"], "c> USERNAME IN USE\n"),
        new([.. s_connected, "!restart"], "UNREGISTER anna", ["UNREGISTER|D|anna|"], "c> UNREGISTER OK\n"),
        new([.. s_connected, "!restart"], "CONNECT anna", ["CONNECT|D|anna|PORT|"], "c> CONNECT OK\n"),
        new([.. s_connected, "!restart"], "PUBLISH film x", ["PUBLISH|D|anna|film|x|"],
            "c> PUBLISH FAIL, USER NOT CONNECTED\n"),
        new([.. s_published, "!restart"], "DELETE film", ["DELETE|D|anna|film|"],
            "c> DELETE FAIL, USER NOT CONNECTED\n"),
        new([.. s_connected, "!restart"], "LIST_USERS", ["LIST_USERS|D|anna|"],
            "c> LIST_USERS FAIL, USER NOT CONNECTED\n"),
        new([.. s_connected, "!restart"], "LIST_CONTENT anna", ["LIST_CONTENT|D|anna|anna|"],
            "c> LIST_CONTENT FAIL, USER NOT CONNECTED\n"),
        new([.. s_connected, "!restart"], "DISCONNECT anna", ["DISCONNECT|D|anna|"],
            "c> DISCONNECT FAIL / USER NOT CONNECTED\n"),
        new([.. s_known, "!restart"], "GET_FILE bert song copy", ["GET_FILE|song|"], "c> GET_FILE OK\n"),
        new([.. s_connected, "!restart", "LIST_USERS"], "DISCONNECT anna", [],
            "c> DISCONNECT FAIL / USER NOT CONNECTED\n"),
        new([.. s_published, "!restart", "LIST_USERS", "CONNECT anna"], "LIST_CONTENT anna",
            ["LIST_CONTENT|D|anna|anna|"], "c> LIST_CONTENT OK\n\tfilm a  film\n"),
    ];

    private static IEnumerable<AcceptanceCase> SecondTerminal() =>
    [
        new([.. s_registered, "!second"], "CONNECT anna", ["CONNECT|D|anna|#|"], "c> USER ALREADY CONNECTED\n"),
        new([.. s_registered, "!second"], "UNREGISTER anna", ["UNREGISTER|D|anna|"], "c> UNREGISTER FAIL\n"),
        new([.. s_registered, "!second"], "REGISTER anna", ["REGISTER|D|anna|"], "c> USERNAME IN USE\n"),
        new([.. s_registered, "!second"], "PUBLISH film x", [], "c> PUBLISH FAIL, USER NOT CONNECTED\n"),
        new([.. s_registered, "!second"], "DELETE film", [], "c> DELETE FAIL, USER NOT CONNECTED\n"),
        new([.. s_registered, "!second"], "LIST_USERS", [], "c> LIST_USERS FAIL, USER NOT CONNECTED\n"),
        new([.. s_registered, "!second"], "LIST_CONTENT anna", [], "c> LIST_CONTENT FAIL, USER NOT CONNECTED\n"),
        new([.. s_registered, "!second"], "GET_FILE anna film copy", [], "c> GET_FILE FAIL\n"),
        new([.. s_registered, "!second"], "QUIT", [], "c> +++ FINISHED +++\n"),
        new([.. s_registered, "!second"], "DISCONNECT anna", [], "c> DISCONNECT FAIL / USER NOT CONNECTED\n"),
        new([.. s_registered, "!second", "!second leaves"], "CONNECT anna", ["CONNECT|D|anna|PORT|"],
            "c> CONNECT OK\n"),
    ];

    /// <summary>Every command does what it always does, whatever else is down.</summary>
    private static IEnumerable<AcceptanceCase> EveryCommand(string down) =>
    [
        new([down], "REGISTER anna", ["REGISTER|D|anna|"], "c> REGISTER OK\n"),
        new([down, .. s_registered], "UNREGISTER anna", ["UNREGISTER|D|anna|"], "c> UNREGISTER OK\n"),
        new([down, .. s_registered], "CONNECT anna", ["CONNECT|D|anna|PORT|"], "c> CONNECT OK\n"),
        new([down, .. s_connected], "PUBLISH film x", ["PUBLISH|D|anna|film|x|"], "c> PUBLISH OK\n"),
        new([down, .. s_published], "DELETE film", ["DELETE|D|anna|film|"], "c> DELETE OK\n"),
        new([down, .. s_connected], "LIST_USERS", ["LIST_USERS|D|anna|"], "c> LIST_USERS OK\n\tanna hub PORT\n"),
        new([down, .. s_published], "LIST_CONTENT anna", ["LIST_CONTENT|D|anna|anna|"],
            "c> LIST_CONTENT OK\n\tfilm a  film\n"),
        new([down, .. s_known], "GET_FILE bert song copy", ["GET_FILE|song|"], "c> GET_FILE OK\n"),
        new([down, .. s_connected], "DISCONNECT anna", ["DISCONNECT|D|anna|"], "c> DISCONNECT OK\n"),
        new([down, .. s_connected], "QUIT", ["DISCONNECT|D|anna|"], "c> +++ FINISHED +++\n"),
    ];

    private static IEnumerable<AcceptanceCase> Quit()
    {
        const string Finished = "c> +++ FINISHED +++\n";
        foreach (string[] alone in new string[][]
        {
            s_new, s_registered, [.. s_connected, "DISCONNECT anna"], [.. s_connected, "!restart", "LIST_USERS"],
            ["!down"], [.. s_connected, "!down"], [.. s_connected, "!down", "DISCONNECT anna"],
        })
        {
            yield return new(alone, "QUIT", [], Finished);
        }

        foreach (string[] connected in new[]
        {
            s_connected, s_published, s_company, s_known,
            [.. s_connected, "!restart"], [.. s_connected, "!unregistered"],
        })
        {
            yield return new(connected, "quit", ["DISCONNECT|D|anna|"], Finished);
        }
    }

    private static AcceptanceCase Wrong(string line, string printed) => new(s_connected, line, [], printed + "\n");
}
