// The C# binding, held through the built library: one check an argument, and "ok" at the end of each.
//
//   Contract SETTINGS CHECK [NUMBER]

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;

static class Contract
{
    private const int Threads = 16;
    private const int CallsEach = 6;

    private static int Main(string[] arguments)
    {
        try
        {
            HislinkReply configured = Hislink.Configure(new HislinkRequest().Set("/file", arguments[0]));
            Same(HislinkStatus.Succeeded, configured.Status, configured.Json);
            Run(arguments[1], arguments.Length > 2 ? arguments[2] : null);
            Hislink.Shutdown();
            Console.WriteLine("ok");
            return 0;
        }
        catch (Exception error)
        {
            Console.WriteLine(error);
            return 1;
        }
    }

    private static void Run(string check, string number)
    {
        switch (check)
        {
            case "replies": Replies(); break;
            case "mistakes": Mistakes(); break;
            case "capacities": Capacities(); break;
            case "large": Large(); break;
            case "threads":
                AtOnce("W");
                // Small objects are what the collector moves; and no reply fits at first.
                Hislink.FirstCapacity = 64;
                AtOnce("S");
                break;
            case "tiny": Hislink.FirstCapacity = 1; Tell(Recharge(number)); break;
            case "recharge": Tell(Recharge(number)); break;
            case "background": Background(); break;
            case "async": Asynchronously(); break;
            default: throw new Exception("no check " + check);
        }
    }

    private static void Same<T>(T expected, T found, string where)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, found))
        {
            throw new Exception(string.Format("expected {0}, found {1}: {2}", expected, found, where));
        }
    }

    private static void Throws<T>(Action action) where T : Exception
    {
        try
        {
            action();
        }
        catch (Exception error)
        {
            Same(typeof(T), error.GetType(), error.Message);
            return;
        }
        throw new Exception("no " + typeof(T));
    }

    private static HislinkReply Recharge(string number)
    {
        return Hislink.OnepayRecharge(new HislinkRequest().Set("/orderNo", number).Set("/tag", number)
            .Set("/param/cardType", "03").Set("/param/cardNo", "10001").Set("/param/chargeAmt", "1.00")
            .Set("/param/depositeType", "CASH"));
    }

    private static void Tell(HislinkReply reply)
    {
        Console.WriteLine("{0} {1} open={2} replayed={3} platform={4}/{5} {6}", reply.Status, reply.Code, reply.IsOpen,
            reply.Replayed, reply.PlatformCode, reply.PlatformMessage, reply.Get("/data/param/outChargeNo"));
    }

    private static void Replies()
    {
        HislinkReply reply = Hislink.OrderNo("{\"prefix\":\"OC\",\"tag\":{\"n\":1.10}}");
        Same(HislinkStatus.Succeeded, reply.Status, reply.Json);
        Same("OK", reply.Code, reply.Json);
        Same("{\"n\":1.10}", reply.Tag, reply.Json);
        Same(32, reply.Get("/data/orderNo").Length, reply.Json);
        Same(null, reply.Field, reply.Json);
        Same(null, reply.Get("/data/orderNo/0"), reply.Json);
        Same(false, reply.IsOpen || reply.Replayed, reply.Json);
        // A null request counts as {}.
        HislinkReply described = Hislink.Describe(null);
        Same(Hislink.Version(), described.Get("/data/version"), "version");
        Same(described.Json, described.ToString(), "text");

        string text = "\"\\/ \u0001 \u5F20\u4E09 \uD83D\uDE00";
        HislinkRequest request = new HislinkRequest("{\"timeoutMs\":20000}").Set("/tag", text).Set("/a/b~1c/~0", "");
        Same(text, Hislink.Get(request, "/tag"), request);
        Same("{\"b/c\":{\"~\":\"\"}}", Hislink.Get(request, "/a"), request);
        Same("20000", Hislink.Get(request, "/timeoutMs"), request);
        Same(request.ToString(), Hislink.Get(request, ""), request);
        // A value that is longer than the first guess, and one that each character makes six times as long.
        foreach (string value in new string[] { new string('\u5F20', 5000), new string('\u0001', 5000) })
        {
            Same(value, Hislink.Get(Hislink.Set(null, "/v", value), "/v"), "long value");
        }
    }

    private static void Mistakes()
    {
        HislinkReply reply = Hislink.OnepayRecharge("{\"orderNo\":\"A\",\"parm\":{}}");
        Same(HislinkStatus.Rejected, reply.Status, reply.Json);
        Same("BAD_FIELD", reply.Code, reply.Json);
        Same("/parm", reply.Field, reply.Json);
        Same("NO_OPERATION", Hislink.Call("onepay_pay", "{}").Code, "name");
        Same(HislinkStatus.Rejected, Hislink.Call(null, null).Status, "null name");
        Same("BAD_ENCODING", Hislink.OrderNo("{\"tag\":\"\uD83D\"}").Code, "half a character");
        Same("BAD_JSON", Hislink.OrderNo("").Code, "no text");
        Throws<ArgumentException>(delegate { Hislink.OrderNo("{}\0{"); });
        Throws<ArgumentException>(delegate { Hislink.Call("order_no\0", "{}"); });
        Throws<ArgumentException>(delegate { new HislinkRequest().Set("/param/cardNo", "10001\0"); });
        Throws<ArgumentException>(delegate { new HislinkRequest().Set("/tag", "a").Set("/tag/b", "c"); });
        Throws<ArgumentException>(delegate { new HislinkRequest("[").Set("/tag", "a"); });
        Throws<ArgumentException>(delegate { new HislinkRequest().Set("/tag", "\uD83D"); });
        Throws<ArgumentNullException>(delegate { new HislinkRequest().Set("/param/cardNo", null); });
        Throws<ArgumentNullException>(delegate { new HislinkRequest().Set(null, "10001"); });
        Throws<ArgumentNullException>(delegate { new HislinkRequest(null); });
        Same(null, Hislink.Get("{", "/a"), "no JSON");
        Same(null, Hislink.Get(null, "/a"), "null");
        Same(null, (string)(HislinkRequest)null, "null request");
    }

    private const string Card = "{\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}";

    /// <summary>Tickets, with a platform that takes its time.</summary>
    private static void Background()
    {
        HislinkReply reply;
        long ticket = Hislink.Start("onepay_account_info", Card);
        Same(true, ticket > 0, "ticket");
        Same(false, Hislink.TryTake(ticket, out reply), "at once");
        Same(null, reply, "at once");
        Same(true, Hislink.Wait(ticket, 1).IsUnderWay, "after a millisecond");
        int looks = 0;
        while (!Hislink.TryTake(ticket, out reply))
        {
            looks++;
            Thread.Sleep(5);
        }
        Same("200.00", reply.Get("/data/param/balance"), reply.Json);
        Same(false, reply.IsUnderWay || reply.IsOpen, reply.Json);
        Same(true, looks > 10, "looks: " + looks);
        Same(true, Hislink.TryTake(ticket, out reply), "taken");
        Same("/ticket", reply.Field, reply.Json);
        // Longer than the buffer: kept, and fetched.
        Hislink.FirstCapacity = 1;
        reply = Hislink.Wait(Hislink.Start("order_no", "{\"tag\":\"\u5F20\"}"), -1);
        Same("\u5F20", reply.Tag, reply.Json);
        Same("NO_OPERATION", Hislink.Wait(Hislink.Start(null, null), -1).Code, "null");
        Throws<ArgumentException>(delegate { Hislink.Start("order_no\0", "{}"); });
        Throws<ArgumentException>(delegate { Hislink.Start("order_no", "{}\0"); });
    }

    /// <summary>More tasks than may be under way; those that found no room are told so.</summary>
    private static void Asynchronously()
    {
        List<Task<HislinkReply>> tasks = new List<Task<HislinkReply>>();
        for (int n = 0; n < 70; n++)
        {
            tasks.Add(Hislink.CallAsync("onepay_account_info", Card));
        }
        GC.Collect();
        Same(true, Task.WaitAll(tasks.ToArray(), 60000), "an end");
        int done = 0;
        foreach (Task<HislinkReply> task in tasks)
        {
            bool refused = task.Result.Field == "/ticket" && task.Result.Status == HislinkStatus.Rejected;
            Same(true, refused || task.Result.Status == HislinkStatus.Succeeded, task.Result.Json);
            done += refused ? 0 : 1;
        }
        Same(64, done, "calls that were run");
    }

    /// <summary>Every capacity of the first buffer gives the same reply, from nothing to more than enough.</summary>
    private static void Capacities()
    {
        string request = "{\"message\":{\"appId\":\"A\",\"n\":\"\u5F20\uD83D\uDE00\"},\"tag\":\"\u5F20\"}";
        string whole = Hislink.OnepaySign(request).Json;
        Same(true, whole.EndsWith("}}"), whole);
        for (Hislink.FirstCapacity = 0; Hislink.FirstCapacity < whole.Length + 4; Hislink.FirstCapacity++)
        {
            HislinkReply reply = Hislink.OnepaySign(request);
            Same(whole, reply.Json, "capacity " + Hislink.FirstCapacity);
            Same(HislinkStatus.Succeeded, reply.Status, "capacity " + Hislink.FirstCapacity);
        }
    }

    /// <summary>A reply of eight megabytes, on a thread whose stack could not hold it.</summary>
    private static void Large()
    {
        string tag = new string('\u5F20', 4 * 1024 * 1024);
        string found = null;
        Thread small = new Thread(delegate() { found = Hislink.OrderNo(new HislinkRequest().Set("/tag", tag)).Tag; },
            512 * 1024);
        small.Start();
        small.Join();
        Same(tag, found, "large tag");
    }

    /// <summary>Threads that recharge, each with numbers of its own, while the collector moves what it can.</summary>
    private static void AtOnce(string prefix)
    {
        bool over = false;
        int collections = 0;
        Thread collector = new Thread(delegate()
        {
            while (!Volatile(ref over))
            {
                GC.Collect();
                collections++;
            }
        });
        List<string> wrong = new List<string>();
        List<Thread> threads = new List<Thread>();
        for (int n = 0; n < Threads; n++)
        {
            int own = n;
            threads.Add(new Thread(delegate() { RechargeOften(prefix + own, wrong); }));
        }
        collector.Start();
        threads.ForEach(delegate(Thread thread) { thread.Start(); });
        threads.ForEach(delegate(Thread thread) { thread.Join(); });
        Thread.MemoryBarrier();
        over = true;
        collector.Join();
        Same("", string.Join("\n", wrong.ToArray()), "wrong replies");
        Same(true, collections > 10, "the collector did not run: " + collections);
    }

    private static bool Volatile(ref bool value)
    {
        Thread.MemoryBarrier();
        return value;
    }

    private static void RechargeOften(string prefix, List<string> wrong)
    {
        for (int n = 0; n < CallsEach; n++)
        {
            string number = string.Format(CultureInfo.InvariantCulture, "{0}N{1}", prefix, n);
            string said;
            try
            {
                HislinkReply reply = Recharge(number);
                bool right = reply.Status == HislinkStatus.Succeeded && reply.Tag == number
                    && reply.Get("/data/param/outChargeNo") == number;
                said = right ? null : reply.Json;
            }
            catch (Exception error)
            {
                said = error.ToString();
            }
            if (said != null)
            {
                lock (wrong)
                {
                    wrong.Add(number + ": " + said);
                }
            }
        }
    }
}
