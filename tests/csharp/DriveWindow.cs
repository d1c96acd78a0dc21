// Drives the sample window, by its own message loop: presses the button, and sees that the window goes on meanwhile.
//
//   DriveWindow SETTINGS ORDER charge|restart|leave
//
// charge presses the button and waits for the end; restart only waits for what the window asks by itself; leave closes the
// window while the call is under way.

using System;
using System.Diagnostics;
using System.Windows.Forms;

static class DriveWindow
{
    private static int Main(string[] arguments)
    {
        HislinkReply configured = Hislink.Configure(new HislinkRequest().Set("/file", arguments[0]));
        if (configured.Status != HislinkStatus.Succeeded)
        {
            Console.WriteLine(configured.Json);
            return 1;
        }
        using (CashierWindow window = new CashierWindow(arguments[1]))
        using (Timer timer = new Timer())
        {
            int ticks = 0;
            bool pressed = false;
            long longest = 0;
            Stopwatch sinceTick = new Stopwatch();
            Stopwatch all = Stopwatch.StartNew();
            timer.Interval = 10;
            timer.Tick += delegate
            {
                longest = Math.Max(longest, sinceTick.ElapsedMilliseconds);
                sinceTick.Restart();
                ticks++;
                if (!pressed && ticks >= 3 && window.CanCharge && arguments[2] != "restart")
                {
                    pressed = true;
                    window.Charge();
                    // The button is off while a call is under way: pressed again, nothing happens.
                    window.Charge();
                }
                // Three seconds: by then the request is at the platform.
                bool over = arguments[2] == "leave" ? ticks > 300 : ticks > 3 && window.CanCharge;
                if (over || all.ElapsedMilliseconds > 60000)
                {
                    window.Close();
                }
            };
            timer.Start();
            Application.Run(window);
            Console.WriteLine("{0} ticks, none later than {1} ms: {2}", ticks, longest, window.Said);
        }
        Hislink.Shutdown();
        return 0;
    }
}
