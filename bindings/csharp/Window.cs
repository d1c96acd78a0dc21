// A cashier's window that stays alive while the platform takes its time.
//
//   csc /platform:x86 /target:winexe Hislink.cs Window.cs
//   Window SETTINGS ORDER
//
// SETTINGS is a file as the operation configure takes it. ORDER is a file that holds the number of the recharge under way; it is
// on the disk before the call that uses it, and goes when the end is known. The window may be closed, or the program killed, at
// any moment: started again, it first asks what became of that number.
//
// Hislink.Start comes back at once, and the window's own timer asks Hislink.TryTake. Everything runs in the window's thread, so
// there is nothing to lock. With C# 5 and .NET 4.5, `HislinkReply reply = await Hislink.CallAsync(operation, request);` is
// the same in a line.

using System;
using System.Drawing;
using System.IO;
using System.Text;
using System.Windows.Forms;

public sealed class CashierWindow : Form
{
    private const int TickMilliseconds = 50;

    // As onepay.settleSeconds in the settings, or longer: so long the platform's "no such order" does not count.
    private const int SettleSeconds = 10;

    private readonly string orderFile;
    private readonly TextBox card = new TextBox();
    private readonly TextBox amount = new TextBox();
    private readonly Button charge = new Button();
    private readonly ProgressBar progress = new ProgressBar();
    private readonly Label clock = new Label();
    private readonly Label result = new Label();
    private readonly Timer timer = new Timer();

    // The call under way; 0 where there is none.
    private long ticket;
    private string operation;
    private string number;
    private DateTime begun;

    // Until when the platform is not asked again for an order that it does not know.
    private DateTime? pause;
    private bool askedTwice;

    public CashierWindow(string orderFile)
    {
        this.orderFile = orderFile;
        Text = "hislink";
        ClientSize = new Size(440, 170);
        Place(card, "10001", 12, 12, 200);
        Place(amount, "100.00", 220, 12, 80);
        Place(charge, "Charge", 308, 10, 120);
        Place(progress, "", 12, 46, 288);
        Place(clock, "", 308, 48, 120);
        Place(result, "", 12, 80, 416);
        result.Height = 80;
        progress.Maximum = 100;
        AcceptButton = charge;
        charge.Click += delegate { Charge(); };
        timer.Interval = TickMilliseconds;
        timer.Tick += delegate { Look(); };
        Load += delegate { AskForTheLast(); };
    }

    /// <summary>What the window says of the last call.</summary>
    public string Said { get { return result.Text; } }

    /// <summary>Whether the button can be pressed: no call is under way.</summary>
    public bool CanCharge { get { return charge.Enabled; } }

    /// <summary>What the button does.</summary>
    public void Charge()
    {
        if (!CanCharge)
        {
            return;
        }
        if (number != null && operation != "onepay_recharge")
        {
            // What an ended run began, and could not be asked for: nothing is sent under its number before that.
            AskForTheLast();
            return;
        }
        if (number == null)
        {
            HislinkReply made = Hislink.OrderNo("{\"prefix\":\"OC\"}");
            if (made.Status != HislinkStatus.Succeeded)
            {
                result.Text = "no number could be made: " + made.Message;
                return;
            }
            // First the number on the disk, then the money.
            Keep(made.Get("/data/orderNo"));
        }
        Begin("onepay_recharge", new HislinkRequest().Set("/orderNo", number).Set("/param/cardType", "03")
            .Set("/param/cardNo", card.Text).Set("/param/chargeAmt", amount.Text).Set("/param/depositeType", "CASH"));
    }

    /// <summary>A number from before was perhaps sent.</summary>
    private void AskForTheLast()
    {
        string kept = File.Exists(orderFile) ? File.ReadAllText(orderFile).Trim() : "";
        if (kept.Length > 0)
        {
            number = kept;
            askedTwice = false;
            Begin("journal_resolve", new HislinkRequest().Set("/orderNo", number));
        }
    }

    private void AskPlatform()
    {
        Begin("onepay_query", new HislinkRequest().Set("/orderNo", number));
    }

    private void Begin(string operation, string request)
    {
        this.operation = operation;
        // It comes back at once. With 0 nothing was begun, and the first look tells why.
        ticket = Hislink.Start(operation, request);
        begun = DateTime.UtcNow;
        charge.Enabled = false;
        result.Text = "asking the platform for " + number;
        timer.Start();
    }

    private void Look()
    {
        HislinkReply reply = null;
        if (pause != null && DateTime.UtcNow >= pause)
        {
            pause = null;
            askedTwice = true;
            AskPlatform();
        }
        if (pause != null || !Hislink.TryTake(ticket, out reply))
        {
            progress.Value = (progress.Value + 2) % progress.Maximum;
            clock.Text = (DateTime.UtcNow - begun).TotalSeconds.ToString("0.0") + " s";
            return;
        }
        ticket = 0;
        if (operation == "journal_resolve" && reply.Status == HislinkStatus.Rejected && reply.Code == "BAD_FIELD")
        {
            // The journal has no such number: it was never sent, or the store was lost. Only the platform can tell.
            AskPlatform();
            return;
        }
        HislinkStatus status = operation == "onepay_query" ? StatusOf(reply) : reply.Status;
        if (operation == "onepay_query" && status == HislinkStatus.Failed && !askedTwice)
        {
            // It may be on its way.
            pause = DateTime.UtcNow.AddSeconds(SettleSeconds);
            return;
        }
        timer.Stop();
        progress.Value = 0;
        charge.Enabled = true;
        Tell(status, reply);
    }

    /// <summary>
    /// The status of the order that a query was for. Only a signed answer counts that names the trade's state ("verified" is there
    /// where it is not signed, another code refuses the question). All else, such as a connection that failed, tells of the
    /// question, and leaves the order unknown.
    /// </summary>
    private static HislinkStatus StatusOf(HislinkReply reply)
    {
        string code = reply.Get("/data/respCode");
        bool counts = reply.Get("/data/verified") == null && (code == "000000" || code == "00000");
        switch (counts ? reply.Get("/data/param/result") : null)
        {
            case "succ": return HislinkStatus.Succeeded;
            case "fail":
            case "closed":
            case "notfound": return HislinkStatus.Failed;
            default: return HislinkStatus.Unknown;
        }
    }

    private void Tell(HislinkStatus status, HislinkReply reply)
    {
        switch (status)
        {
            case HislinkStatus.Succeeded:
                result.Text = "charged: print the receipt of " + number;
                Forget();
                break;
            case HislinkStatus.Failed:
                result.Text = "nothing was charged: " + reply.Message;
                Forget();
                break;
            case HislinkStatus.Rejected:
                // The number stays: an earlier call may have used it.
                result.Text = "this call charged nothing: " + reply.Message;
                break;
            default:
                result.Text = "nobody knows yet whether " + number + " was charged: hand out nothing, and press again";
                break;
        }
    }

    /// <summary>Writes the number down, through to the disk.</summary>
    private void Keep(string made)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(made);
        using (FileStream file = new FileStream(orderFile, FileMode.Create))
        {
            file.Write(bytes, 0, bytes.Length);
            file.Flush(true);
        }
        number = made;
    }

    /// <summary>The end is known: the next recharge has a number of its own.</summary>
    private void Forget()
    {
        File.Delete(orderFile);
        number = null;
    }

    private void Place(Control control, string text, int left, int top, int width)
    {
        control.Text = text;
        control.SetBounds(left, top, width, 24);
        Controls.Add(control);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            timer.Dispose();
        }
        base.Dispose(disposing);
    }
}

static class Window
{
    [STAThread]
    private static int Main(string[] arguments)
    {
        if (arguments.Length != 2)
        {
            MessageBox.Show("usage: Window SETTINGS ORDER");
            return 2;
        }
        HislinkReply configured = Hislink.Configure(new HislinkRequest().Set("/file", arguments[0]));
        if (configured.Status != HislinkStatus.Succeeded)
        {
            MessageBox.Show(configured.Message);
            return 2;
        }
        using (CashierWindow window = new CashierWindow(arguments[1]))
        {
            Application.Run(window);
        }
        // A call under way does not hold the end up; what it was about is in the journal.
        Hislink.Shutdown();
        return 0;
    }
}
