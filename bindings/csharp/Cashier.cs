// A cashier's program: one bill, from the card to the receipt, with every end told.
//
//   Cashier SETTINGS BILL [cardType=03] [card=10001] [amount=100.00]
//           [certNo=NUMBER [certType=0] [totalFee=25.50] [deductionFee=10.00] [cancel=yes]]
//
// SETTINGS is a file as the operation configure takes it. BILL is a file in which the bill's numbers are kept: each number is
// on the disk before the call that uses it. Killed at any moment and started again with the same arguments, the program ends
// with the one outcome, and the money is booked once. A new patient is a new BILL; one program at a time works on a bill.
//
// 1. what earlier runs left open is settled; 2. the account is looked up; 3. money is put on it; 4. a wristband's code is made
// and read; 5. with certNo: the roster of fee-reduction cards is brought up to date, the card looked up, and the fee reduced
// (and, with cancel=yes, the reduction taken back).
//
// Ends with 0 when all is done, 1 when something was refused or could not be sent, 2 when the input, the settings or the store
// are wrong, 3 when a result is still not known: start it again then, with the same arguments.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;

static class Cashier
{
    private const int Done = 0;
    private const int Refused = 1;
    private const int Wrong = 2;
    private const int NotKnown = 3;

    // How often, and with what pause, the very same is called while nobody knows.
    private const int Tries = 4;
    private const int PauseSeconds = 2;

    // As onepay.settleSeconds in the settings, or longer: so long the platform's "no such order" does not count.
    private const int SettleSeconds = 10;

    private static int Main(string[] arguments)
    {
        Dictionary<string, string> options = OptionsIn(arguments);
        if (options == null)
        {
            Console.Error.WriteLine("usage: Cashier SETTINGS BILL [cardType=03] [card=10001] [amount=100.00] "
                + "[certNo=NUMBER [certType=0] [totalFee=25.50] [deductionFee=10.00] [cancel=yes]]");
            return Wrong;
        }
        try
        {
            int end = Walk(arguments[0], arguments[1], options);
            Hislink.Shutdown();
            return end;
        }
        // DllNotFoundException, EntryPointNotFoundException.
        catch (TypeLoadException error)
        {
            Console.Error.WriteLine("the library is not there, or lacks something: " + error.Message);
        }
        catch (BadImageFormatException)
        {
            Console.Error.WriteLine("this program runs as {0} bit, and hislink.dll is for the other", IntPtr.Size * 8);
        }
        catch (BillException error)
        {
            Console.Error.WriteLine(error.Message);
        }
        catch (ArgumentException error)
        {
            Console.Error.WriteLine(error.Message);
        }
        catch (Exception error)
        {
            // Such as an output that was closed, after money has moved: this tells nothing of it.
            Console.Error.WriteLine("stopped, start again with the same bill, which knows what was begun: " + error.Message);
            return NotKnown;
        }
        return Wrong;
    }

    /// <summary>The name=value arguments behind the first two; null where one has another name.</summary>
    private static Dictionary<string, string> OptionsIn(string[] arguments)
    {
        Dictionary<string, string> options = new Dictionary<string, string>();
        options["cardType"] = "03";
        options["card"] = "10001";
        options["amount"] = "100.00";
        options["certType"] = "0";
        options["certNo"] = "";
        options["totalFee"] = "25.50";
        options["deductionFee"] = "10.00";
        options["cancel"] = "no";
        for (int n = 2; n < arguments.Length; n++)
        {
            int equals = arguments[n].IndexOf('=');
            if (equals < 0 || !options.ContainsKey(arguments[n].Substring(0, equals)))
            {
                return null;
            }
            options[arguments[n].Substring(0, equals)] = arguments[n].Substring(equals + 1);
        }
        return arguments.Length < 2 ? null : options;
    }

    private static int Walk(string settings, string billFile, Dictionary<string, string> options)
    {
        HislinkReply configured = Hislink.Configure(new HislinkRequest().Set("/file", settings));
        if (configured.Status != HislinkStatus.Succeeded)
        {
            Tell("configure", configured);
            return Wrong;
        }
        Bill bill = new Bill(billFile);
        int end = SettleWhatIsOpen();
        if (end == Done)
        {
            end = LookAtAccount(options);
        }
        if (end == Done)
        {
            end = Recharge(bill, options);
        }
        if (end == Done)
        {
            end = MakeWristband(options);
        }
        if (end == Done && options["certNo"].Length > 0)
        {
            end = ReduceFee(bill, options);
        }
        return end;
    }

    // ---- 1. What earlier runs left open

    /// <summary>
    /// Asks what became of every movement of money whose end is not known. That also shows whether there is a journal: without
    /// one a call that is repeated would be sent again.
    /// </summary>
    private static int SettleWhatIsOpen()
    {
        // Both lists before the first question: an answer may move an entry from one into the other.
        HislinkReply unknown = Hislink.JournalList("{\"state\":\"unknown\",\"limit\":10000}");
        HislinkReply pending = Hislink.JournalList("{\"state\":\"pending\",\"limit\":10000}");
        foreach (HislinkReply list in new HislinkReply[] { unknown, pending })
        {
            if (list.Status != HislinkStatus.Succeeded)
            {
                Tell("journal", list);
                return Wrong;
            }
        }
        SettleEach(unknown);
        SettleEach(pending);
        return Done;
    }

    private static void SettleEach(HislinkReply list)
    {
        for (int n = 0; ; n++)
        {
            string entry = list.Get("/data/entries/" + n.ToString(CultureInfo.InvariantCulture));
            if (entry == null)
            {
                return;
            }
            string name = Hislink.Get(entry, "/orderNo") == null ? "/deductionID" : "/orderNo";
            string number = Hislink.Get(entry, name);
            HislinkReply reply = Hislink.JournalResolve(new HislinkRequest().Set(name, number));
            Tell("from before, " + number + " " + Hislink.Get(entry, "/service"), reply);
        }
    }

    // ---- 2. The account

    private static int LookAtAccount(Dictionary<string, string> options)
    {
        HislinkReply reply = Hislink.OnepayAccountInfo(CardOf(options));
        if (reply.Status != HislinkStatus.Succeeded)
        {
            Tell("account", reply);
            Say("the account cannot be shown: " + reply.Message);
            return EndOf(reply);
        }
        Say("account of " + reply.Get("/data/param/userName") + ", balance " + reply.Get("/data/param/balance"));
        return Done;
    }

    private static HislinkRequest CardOf(Dictionary<string, string> options)
    {
        return new HislinkRequest().Set("/param/cardType", options["cardType"]).Set("/param/cardNo", options["card"]);
    }

    // ---- 3. The money

    private static int Recharge(Bill bill, Dictionary<string, string> options)
    {
        // First the number on the disk, then the money: a number that is lost after the call would be a recharge that nobody
        // can find.
        bool begunBefore = bill.Has("orderNo");
        string number = bill.NumberOf("orderNo", "OC");
        if (begunBefore && IsNotInJournal(Hislink.JournalResolve(new HislinkRequest().Set("/orderNo", number))))
        {
            HislinkStatus told = AskPlatform(number, options["amount"]);
            if (told != HislinkStatus.Rejected)
            {
                return told == HislinkStatus.Succeeded ? Done : told == HislinkStatus.Failed ? Refused : NotKnown;
            }
        }
        HislinkRequest request = CardOf(options).Set("/orderNo", number).Set("/param/depositeType", "CASH");
        // Yuan with two decimals, as text: money is never a floating-point number.
        request.Set("/param/chargeAmt", options["amount"]);

        HislinkReply reply = Insist("recharge", Hislink.OnepayRecharge, request);
        switch (reply.Status)
        {
            case HislinkStatus.Succeeded:
                string balance = reply.Get("/data/param/balance");
                Say("charged " + options["amount"] + (balance == null ? "" : ", balance " + balance)
                    + (reply.Replayed ? ", by an earlier call" : "") + ": print the receipt of " + number);
                break;
            case HislinkStatus.Failed:
                Say("nothing was charged: " + reply.Message);
                Say(reply.Replayed ? "this number is refused for good: repair the cause, and begin a new bill"
                    : "give the money back, or start again with the same bill");
                break;
            case HislinkStatus.Rejected:
                Say("this call charged nothing: " + reply.Message);
                SayOfEarlier(begunBefore, number);
                break;
            default:
                Say("nobody knows yet whether " + number + " was charged: hand out nothing, take no money again");
                break;
        }
        return EndOf(reply);
    }

    /// <summary>The earlier run ended before it made the call, or the store was lost since: only the platform can tell which.</summary>
    private static bool IsNotInJournal(HislinkReply reply)
    {
        return reply.Status == HislinkStatus.Rejected && reply.Code == "BAD_FIELD";
    }

    /// <summary>What the platform says of an order that the journal does not know; Rejected: it has none, and it may be sent.</summary>
    private static HislinkStatus AskPlatform(string number, string amount)
    {
        for (int n = 1; ; n++)
        {
            HislinkReply reply = Hislink.OnepayQuery(new HislinkRequest().Set("/orderNo", number));
            Tell("query", reply);
            string code = reply.Get("/data/respCode");
            string booked = reply.Get("/data/param/chargeAmt");
            // Only a signed answer counts that names the trade's state, and this amount if any ("verified" is there where it is
            // not signed, another code refuses the question). All else, such as a connection that failed, tells of the question.
            bool counts = reply.Get("/data/verified") == null && (code == "000000" || code == "00000")
                && (booked == null || IsSameAmount(booked, amount));
            switch (counts ? reply.Get("/data/param/result") : null)
            {
                case "succ":
                    Say("charged " + amount + ", by an earlier call: print the receipt of " + number);
                    return HislinkStatus.Succeeded;
                case "fail":
                case "closed":
                    Say("nothing was charged, and this number is refused for good: begin a new bill");
                    return HislinkStatus.Failed;
                case "notfound":
                    if (n == 2)
                    {
                        return HislinkStatus.Rejected;
                    }
                    Say("the platform does not know " + number + "; it may be on its way, asking again");
                    Thread.Sleep(SettleSeconds * 1000);
                    break;
                default:
                    Say("nobody knows yet whether " + number + " was charged: hand out nothing, take no money again");
                    return HislinkStatus.Unknown;
            }
        }
    }

    private static bool IsSameAmount(string booked, string amount)
    {
        decimal one, other;
        return decimal.TryParse(booked, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out one)
            && decimal.TryParse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out other) && one == other;
    }

    // ---- 4. The wristband

    private static int MakeWristband(Dictionary<string, string> options)
    {
        HislinkReply made = Hislink.OnepayWristbandCode(CardOf(options).Set("/param/operatorId", "0001"));
        if (made.Status != HislinkStatus.Succeeded)
        {
            Tell("wristband code", made);
            return EndOf(made);
        }
        string key = made.Get("/data/param/key");
        HislinkReply read = Hislink.OnepayWristbandAccount(new HislinkRequest().Set("/param/key", key));
        if (read.Status != HislinkStatus.Succeeded)
        {
            Tell("wristband account", read);
            return EndOf(read);
        }
        Say("wristband " + key + " of " + read.Get("/data/param/userName") + ", balance "
            + read.Get("/data/param/balance"));
        return Done;
    }

    // ---- 5. The fee-reduction card

    private static int ReduceFee(Bill bill, Dictionary<string, string> options)
    {
        if (bill.Has("cancelTime"))
        {
            // A time is kept only for a reduction that was taken: with a cancellation begun, there is nothing more to deduct.
            return TakeBack(bill);
        }
        bool begunBefore = bill.Has("deductionID");
        if (begunBefore)
        {
            // By its number alone: the roster may have changed since, and know the card no more.
            HislinkReply before = Hislink.JournalResolve(
                new HislinkRequest().Set("/deductionID", bill.NumberOf("deductionID", "GD")));
            Tell("reduction from before", before);
            if (before.IsOpen || before.Status == HislinkStatus.Succeeded)
            {
                return AfterDeduction(bill, options, before);
            }
            if (IsNotInJournal(before))
            {
                // The platform knows the same again by its deductionID; but what it refuses now it may have taken before.
                bill.TimeOf("deductionLost");
            }
        }
        SyncRoster();
        HislinkReply card = Hislink.GloryLookup(new HislinkRequest().Set("/certType", options["certType"])
            .Set("/certNo", options["certNo"]));
        if (card.Status != HislinkStatus.Succeeded)
        {
            Tell("lookup", card);
            return EndOf(card);
        }
        if (card.Get("/data/found") != "true")
        {
            Say("no card of " + options["certNo"] + ": the patient pays the whole fee (roster of "
                + card.Get("/data/syncedAt") + ")");
            return Done;
        }
        HislinkReply reply = Deduct(bill, options, card);
        if (reply.Status == HislinkStatus.Rejected)
        {
            Say("this call reduced nothing: " + reply.Message);
            SayOfEarlier(begunBefore, bill.NumberOf("deductionID", "GD"));
        }
        return AfterDeduction(bill, options, reply);
    }

    private static int AfterDeduction(Bill bill, Dictionary<string, string> options, HislinkReply reply)
    {
        switch (reply.Status)
        {
            case HislinkStatus.Succeeded:
                Say("the fee is reduced by " + options["deductionFee"] + ": take the rest of " + options["totalFee"]);
                return options["cancel"] == "yes" ? TakeBack(bill) : Done;
            case HislinkStatus.Failed:
                if (bill.Has("deductionLost"))
                {
                    Say("the store has lost what an earlier run did, and the platform takes it no more: " + reply.Message);
                    Say("ask its people whether " + bill.NumberOf("deductionID", "GD") + " was reduced");
                    return NotKnown;
                }
                Say("not reduced, the patient pays the whole fee: " + reply.Message);
                break;
            case HislinkStatus.Rejected:
                break;
            default:
                Say("nobody knows yet whether " + bill.NumberOf("deductionID", "GD") + " was reduced: let the patient wait");
                break;
        }
        return EndOf(reply);
    }

    /// <summary>Brings the roster up to date. Without that the lookup answers from what there is.</summary>
    private static void SyncRoster()
    {
        HislinkReply reply;
        do
        {
            reply = Hislink.GlorySync("{\"maxPages\":20}");
            if (reply.Status != HislinkStatus.Succeeded)
            {
                Tell("sync", reply);
                Say("the roster is not up to date");
                return;
            }
            Console.WriteLine("sync: {0} cards came, up to record {1}", reply.Get("/data/received"), reply.Get("/data/cursor"));
        }
        while (reply.Get("/data/done") != "true");
    }

    private static HislinkReply Deduct(Bill bill, Dictionary<string, string> options, HislinkReply card)
    {
        string number = bill.NumberOf("deductionID", "GD");
        HislinkRequest request = new HislinkRequest()
            .Set("/deductionID", number)
            .Set("/deductionTime", bill.TimeOf("deductionTime"))
            .Set("/certType", options["certType"])
            .Set("/certNo", options["certNo"])
            .Set("/certName", card.Get("/data/cards/0/certName"))
            .Set("/gloryType", card.Get("/data/cards/0/gloryType"))
            .Set("/deductionType", "0")
            .Set("/totalFee", options["totalFee"])
            .Set("/deductionFee", options["deductionFee"]);
        return Insist("deduct", Hislink.GloryDeduct, request);
    }

    private static int TakeBack(Bill bill)
    {
        bool begunBefore = bill.Has("cancelTime");
        string number = bill.NumberOf("deductionID", "GD");
        HislinkReply reply = Insist("cancel", Hislink.GloryCancel, new HislinkRequest()
            .Set("/deductionID", number).Set("/deductionTime", bill.TimeOf("cancelTime")));
        switch (reply.Status)
        {
            case HislinkStatus.Succeeded:
                Say("the reduction was taken back: take the whole fee");
                break;
            case HislinkStatus.Failed:
                Say("the reduction still stands: " + reply.Message);
                break;
            case HislinkStatus.Rejected:
                Say("this call took nothing back: " + reply.Message);
                SayOfEarlier(begunBefore, number);
                break;
            default:
                Say("nobody knows yet whether " + number + " was taken back: let the patient wait");
                break;
        }
        return EndOf(reply);
    }

    // ---- What they share

    /// <summary>
    /// Calls until the end is known. It is the same request to the last character: the library knows what became of the earlier
    /// calls, sends only what surely was not booked, and asks the platform about what may have been. With a new number it would
    /// be another payment, and the patient would have two.
    /// </summary>
    private static HislinkReply Insist(string step, Func<string, HislinkReply> operation, string request)
    {
        HislinkReply last = null;
        for (int n = 1; ; n++)
        {
            HislinkReply reply = operation(request);
            Tell(step, reply);
            // Rejected, as by a store that broke: that call did nothing, which tells nothing of the one before.
            if (last == null || reply.Status != HislinkStatus.Rejected)
            {
                last = reply;
            }
            if (reply.Code == "DUPLICATE_ORDER")
            {
                Say("this bill's number stands for other content: give the card and the amounts of before");
            }
            if (!last.IsOpen || n == Tries)
            {
                return last;
            }
            Say("not known yet, asking again");
            Thread.Sleep(PauseSeconds * 1000);
        }
    }

    /// <summary>A call that is rejected tells nothing of those that an earlier run made with the same number.</summary>
    private static void SayOfEarlier(bool begunBefore, string number)
    {
        if (begunBefore)
        {
            Say("what an earlier run did with " + number + " is not told by this: begin no new bill for it");
        }
    }

    private static int EndOf(HislinkReply reply)
    {
        switch (reply.Status)
        {
            case HislinkStatus.Succeeded: return Done;
            case HislinkStatus.Failed: return Refused;
            case HislinkStatus.Rejected: return Wrong;
            default: return NotKnown;
        }
    }

    /// <summary>The line for the log.</summary>
    private static void Tell(string step, HislinkReply reply)
    {
        Console.WriteLine("{0}: {1} {2} {3}{4}", step, reply.Status, reply.Code, reply.Message,
            reply.Field == null ? "" : " (" + reply.Field + ")");
    }

    /// <summary>What the cashier reads.</summary>
    private static void Say(string words)
    {
        Console.WriteLine("> " + words);
    }
}

/// <summary>A bill that cannot be kept. The number or time in question was not used.</summary>
sealed class BillException : Exception
{
    public BillException(string message)
        : base("the bill cannot be kept, nothing was sent for it: " + message)
    {
    }
}

/// <summary>The numbers and times of a bill, each in its file before it is used.</summary>
sealed class Bill
{
    private readonly string path;
    private readonly Dictionary<string, string> kept = new Dictionary<string, string>();

    public Bill(string path)
    {
        this.path = path;
        if (!File.Exists(path))
        {
            return;
        }
        foreach (string line in File.ReadAllLines(path, Encoding.UTF8))
        {
            int equals = line.IndexOf('=');
            if (equals > 0)
            {
                kept[line.Substring(0, equals)] = line.Substring(equals + 1);
            }
        }
    }

    /// <summary>Whether something of that name is kept.</summary>
    public bool Has(string name)
    {
        return kept.ContainsKey(name);
    }

    /// <summary>The bill's number of that name: the kept one, or a new one, which is kept from now on.</summary>
    public string NumberOf(string name, string prefix)
    {
        if (!Has(name))
        {
            HislinkReply made = Hislink.OrderNo(new HislinkRequest().Set("/prefix", prefix));
            string number = made.Get("/data/orderNo");
            if (number == null)
            {
                throw new BillException(made.Message);
            }
            Keep(name, number);
        }
        return kept[name];
    }

    /// <summary>The same for a time: now, as the platform writes it (UTC+8, whatever this machine's time zone is).</summary>
    public string TimeOf(string name)
    {
        if (!Has(name))
        {
            Keep(name, DateTime.UtcNow.AddHours(8).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        }
        return kept[name];
    }

    private void Keep(string name, string value)
    {
        try
        {
            Write(name, value);
        }
        catch (IOException error)
        {
            throw new BillException(error.Message);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new BillException(error.Message);
        }
        kept[name] = value;
    }

    /// <summary>Writes the file anew beside the old one, and puts it in its place: a crash leaves one or the other.</summary>
    private void Write(string name, string value)
    {
        Dictionary<string, string> all = new Dictionary<string, string>(kept);
        all[name] = value;
        StringBuilder text = new StringBuilder();
        foreach (KeyValuePair<string, string> pair in all)
        {
            text.Append(pair.Key).Append('=').Append(pair.Value).Append('\n');
        }
        byte[] bytes = new UTF8Encoding(false).GetBytes(text.ToString());
        string fresh = path + ".new";
        using (FileStream file = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes, 0, bytes.Length);
            // Onto the disk, not only to the system.
            file.Flush(true);
        }
        if (File.Exists(path))
        {
            File.Replace(fresh, path, null);
        }
        else
        {
            File.Move(fresh, path);
        }
        // The new name as well: without it a power failure could leave the old file, or none, and the number would be lost.
        using (FileStream file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Flush(true);
        }
    }
}
