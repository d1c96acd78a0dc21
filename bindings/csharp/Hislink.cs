// hislink for C#: hospital payments (onepay) and fee-reduction cards (glory).
//
// One file, to be added to a project as it is: .NET Framework 4.0 to .NET 8, C# 4, no package, no JSON library. It needs
// hislink.dll of the program's own bitness beside the program (README.md in this folder).
//
// Of the library's two ways this file takes the one that writes UTF-16 into a buffer of the caller's (hislink_call_w). A
// .NET text is UTF-16 already: nothing is converted, no text goes out as GBK by mistake, no foreign memory is freed here,
// and the convention is the one that P/Invoke has by default. The other way returns a pointer to UTF-8, which .NET
// Framework 4.0 can neither read nor free by itself.
//
// A reply that is longer than the buffer makes hislink_call_w return -2. The operation HAS run then, and must not be called
// again for that: the library keeps the reply for its thread, and it is fetched from there (FetchReply).

using System;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

/// <summary>What became of a call. Of money: decide by this and by nothing else.</summary>
public enum HislinkStatus
{
    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>The platform refused, or the request surely never reached it: no money moved.</summary>
    Failed,

    /// <summary>
    /// It may have arrived, and nobody knows the result. Book nothing and hand out nothing; call again with the same
    /// number and the same content, or JournalResolve, until it tells. Never with a new number.
    /// </summary>
    Unknown,

    /// <summary>The platform is still trading: as Unknown, a few seconds later.</summary>
    Pending,

    /// <summary>Wrong input or settings; this call did nothing. Field names what is to be repaired.</summary>
    Rejected
}

/// <summary>The reply of an operation.</summary>
public sealed class HislinkReply
{
    private readonly HislinkStatus status;
    private readonly string json;

    internal HislinkReply(HislinkStatus status, string json)
    {
        this.status = status;
        this.json = json;
    }

    /// <summary>What became of the call.</summary>
    public HislinkStatus Status { get { return status; } }

    /// <summary>Whether the end is not known yet: Unknown or Pending. The number must not be given up then.</summary>
    public bool IsOpen { get { return status == HislinkStatus.Unknown || status == HislinkStatus.Pending; } }

    /// <summary>
    /// Whether this is no end at all: the call of a ticket is still under way (Hislink.Wait). No operation's own reply is.
    /// </summary>
    public bool IsUnderWay { get { return status == HislinkStatus.Pending && Get("/data/underWay") == "true"; } }

    /// <summary>The whole reply, as JSON.</summary>
    public string Json { get { return json; } }

    /// <summary>Why, for programs and logs, such as "OK" or "BAD_FIELD".</summary>
    public string Code { get { return Get("/code"); } }

    /// <summary>Why, for people, in the profile's language.</summary>
    public string Message { get { return Get("/message"); } }

    /// <summary>The JSON pointer of the request's member at fault, or null.</summary>
    public string Field { get { return Get("/field"); } }

    /// <summary>The request's tag, or null: a string as it is, anything else as JSON.</summary>
    public string Tag { get { return Get("/tag"); } }

    /// <summary>The platform's own code, or null.</summary>
    public string PlatformCode { get { return Get("/platformCode"); } }

    /// <summary>The platform's own words, or null.</summary>
    public string PlatformMessage { get { return Get("/platformMessage"); } }

    /// <summary>Whether the outcome of an earlier call is told, and this one sent nothing.</summary>
    public bool Replayed { get { return Get("/data/replayed") == "true"; } }

    /// <summary>
    /// The value at a JSON pointer such as "/data/param/balance" or "/data/cards/0/certName": a string as it is, anything
    /// else as JSON. Null where there is none.
    /// </summary>
    public string Get(string pointer)
    {
        return Hislink.Get(json, pointer);
    }

    /// <summary>The whole reply, as JSON.</summary>
    public override string ToString()
    {
        return json;
    }
}

/// <summary>
/// A request that is made member by member: new HislinkRequest().Set("/orderNo", number).Set("/param/cardNo", card). It
/// can be given wherever the text of a request is expected.
/// </summary>
public sealed class HislinkRequest
{
    private string json;

    /// <summary>An empty request.</summary>
    public HislinkRequest()
        : this("{}")
    {
    }

    /// <summary>
    /// A request that begins with a JSON text; this is the way for numbers and arrays: new
    /// HislinkRequest("{\"timeoutMs\":20000}"). Amounts of money are strings.
    /// </summary>
    public HislinkRequest(string json)
    {
        if (json == null)
        {
            throw new ArgumentNullException("json");
        }
        this.json = json;
    }

    /// <summary>Sets a string at a JSON pointer, and makes the objects on the way.</summary>
    /// <exception cref="ArgumentException">There is no such way, or a text holds what JSON cannot.</exception>
    public HislinkRequest Set(string pointer, string value)
    {
        json = Hislink.Set(json, pointer, value);
        return this;
    }

    /// <summary>The request, as JSON.</summary>
    public override string ToString()
    {
        return json;
    }

    /// <summary>The request, as JSON; null stays null.</summary>
    public static implicit operator string(HislinkRequest request)
    {
        return request == null ? null : request.json;
    }
}

/// <summary>
/// The operations of the library. Every method may be called from any thread at any time, and blocks until it has its answer:
/// a program with windows takes CallAsync, or Start and TryTake with a timer. A method returns a reply for whatever happens in the library or at
/// the platforms. It throws before anything was done: DllNotFoundException (hislink.dll is not there),
/// BadImageFormatException (it is there for the other bitness), ArgumentException (a text holds the character U+0000).
/// </summary>
public static class Hislink
{
    /// <summary>hislink_call_w and hislink_result_w: the reply does not fit; the operation has run.</summary>
    private const int TooSmall = -2;

    /// <summary>How many milliseconds CallAsync leaves between two looks.</summary>
    private const int LookAfter = 20;

    /// <summary>What the first buffer of a call holds, in characters: nearly every reply, and not yet a large object.</summary>
    internal static int FirstCapacity = 16 * 1024;

    /// <summary>Runs an operation by its name, such as "onepay_recharge".</summary>
    /// <param name="operation">The name.</param>
    /// <param name="request">A JSON object; null counts as {}.</param>
    public static HislinkReply Call(string operation, string request)
    {
        RefuseNul(operation, "operation");
        RefuseNul(request, "request");
        return Written((buffer, capacity) => hislink_call_w(operation, request, buffer, capacity));
    }

    /// <summary>
    /// Starts an operation on a thread of the library's, and comes back at once. Whatever becomes of it, also a request that is
    /// wrong, is in the reply of its ticket.
    /// </summary>
    /// <param name="operation">The name.</param>
    /// <param name="request">A JSON object; null counts as {}.</param>
    /// <returns>A ticket, for TryTake or Wait; 0 where 64 calls are under way, and this one was not started.</returns>
    public static long Start(string operation, string request)
    {
        RefuseNul(operation, "operation");
        RefuseNul(request, "request");
        return hislink_call_start_w(operation, request);
    }

    /// <summary>
    /// Looks whether a ticket's call is done, without waiting: what a timer's event asks. True comes once, with the
    /// operation's reply; keep it. It is also true for a ticket that is 0 or was taken before: the reply is Rejected then.
    /// </summary>
    public static bool TryTake(long ticket, out HislinkReply reply)
    {
        reply = Wait(ticket, 0);
        if (!reply.IsUnderWay)
        {
            return true;
        }
        reply = null;
        return false;
    }

    /// <summary>Waits for a ticket's call.</summary>
    /// <param name="ticket">Of Start.</param>
    /// <param name="milliseconds">How long: 0 looks only, -1 waits as long as it takes.</param>
    /// <returns>The operation's reply, once; one that IsUnderWay while there is none.</returns>
    public static HislinkReply Wait(long ticket, int milliseconds)
    {
        return Written((buffer, capacity) => hislink_call_wait_w(ticket, milliseconds, buffer, capacity));
    }

    /// <summary>
    /// Runs an operation without holding the caller or any thread of .NET up. With await (from .NET 4.5 on) what follows runs
    /// in the window's own thread. Where 64 calls are under way, the reply is Rejected and nothing was done.
    /// </summary>
    public static Task<HislinkReply> CallAsync(string operation, string request)
    {
        long ticket = Start(operation, request);
        TaskCompletionSource<HislinkReply> source = new TaskCompletionSource<HislinkReply>();
        Timer timer = null;
        timer = new Timer(delegate
        {
            HislinkReply reply;
            try
            {
                if (!TryTake(ticket, out reply))
                {
                    timer.Change(LookAfter, Timeout.Infinite);
                    return;
                }
            }
            catch (Exception error)
            {
                timer.Dispose();
                source.SetException(error);
                return;
            }
            timer.Dispose();
            source.SetResult(reply);
        });
        timer.Change(0, Timeout.Infinite);
        return source.Task;
    }

    /// <summary>The reply that a function of the library writes into a buffer of the size that is given.</summary>
    private static HislinkReply Written(Func<IntPtr, int, int> write)
    {
        // The library keeps a reply for its thread: no host may move this one to another thread before it is fetched.
        Thread.BeginThreadAffinity();
        try
        {
            return WrittenOnThisThread(write);
        }
        finally
        {
            Thread.EndThreadAffinity();
        }
    }

    private static HislinkReply WrittenOnThisThread(Func<IntPtr, int, int> write)
    {
        // Made before the call, so that nothing is left to fail after it.
        char[] buffer = new char[FirstCapacity];
        int result;
        GCHandle pin = GCHandle.Alloc(buffer, GCHandleType.Pinned);
        try
        {
            result = write(pin.AddrOfPinnedObject(), buffer.Length);
        }
        finally
        {
            pin.Free();
        }
        return result == TooSmall ? FetchReply() : new HislinkReply(StatusOf(result), TextIn(buffer));
    }

    /// <summary>
    /// The reply of the call that has just run on this thread. Where there is no memory for it the status is Unknown: what
    /// has run may have moved money, and the journal knows.
    /// </summary>
    private static HislinkReply FetchReply()
    {
        try
        {
            char[] buffer = new char[hislink_result_size_w()];
            int result;
            GCHandle pin = GCHandle.Alloc(buffer, GCHandleType.Pinned);
            try
            {
                result = hislink_result_w(pin.AddrOfPinnedObject(), buffer.Length);
            }
            finally
            {
                pin.Free();
            }
            if (result != TooSmall)
            {
                return new HislinkReply(StatusOf(result), TextIn(buffer));
            }
        }
        catch (OutOfMemoryException)
        {
        }
        return new HislinkReply(HislinkStatus.Unknown, "{\"status\":\"unknown\",\"code\":\"BUFFER_TOO_SMALL\",\"message\":"
            + "\"the call has run, but there was no memory for its reply: call again with the same number, or "
            + "journal_resolve\"}");
    }

    /// <summary>What a number means. -3, a fault inside the library, and any other: nobody knows what was done.</summary>
    private static HislinkStatus StatusOf(int result)
    {
        switch (result)
        {
            case 0: return HislinkStatus.Succeeded;
            case 1: return HislinkStatus.Failed;
            case 3: return HislinkStatus.Pending;
            case -1: return HislinkStatus.Rejected;
            default: return HislinkStatus.Unknown;
        }
    }

    /// <summary>
    /// Reads a value out of a JSON text by its pointer (RFC 6901), such as "/param/cardNo": a string as it is, anything else
    /// as JSON. Null where there is no such place, or no JSON.
    /// </summary>
    public static string Get(string json, string pointer)
    {
        RefuseNul(json, "json");
        RefuseNul(pointer, "pointer");
        if (json == null || pointer == null)
        {
            return null;
        }
        // No value is longer than the text that it stands in; most are short.
        string value;
        int length = GetInto(Math.Min(json.Length, 1024) + 1, json, pointer, out value);
        if (length == TooSmall)
        {
            length = GetInto(json.Length + 1, json, pointer, out value);
        }
        return length < 0 ? null : value;
    }

    private static int GetInto(int capacity, string json, string pointer, out string value)
    {
        char[] buffer = new char[capacity];
        int length;
        GCHandle pin = GCHandle.Alloc(buffer, GCHandleType.Pinned);
        try
        {
            length = hislink_json_get_w(json, pointer, pin.AddrOfPinnedObject(), capacity);
        }
        finally
        {
            pin.Free();
        }
        value = length < 0 ? null : new string(buffer, 0, length);
        return length;
    }

    /// <summary>Sets a string in a JSON text, and makes the objects that are missing on the way.</summary>
    /// <param name="json">The JSON text; null and "" count as {}.</param>
    /// <param name="pointer">Where, such as "/param/cardNo".</param>
    /// <param name="value">The string. It is escaped as JSON needs it.</param>
    /// <returns>The changed JSON text.</returns>
    /// <exception cref="ArgumentException">There is no such way, or a text holds what JSON cannot.</exception>
    public static string Set(string json, string pointer, string value)
    {
        if (pointer == null)
        {
            throw new ArgumentNullException("pointer");
        }
        // A member that is left out by mistake could be another request: the caller must say "".
        if (value == null)
        {
            throw new ArgumentNullException("value", "there is no text for " + pointer);
        }
        RefuseNul(json, "json");
        RefuseNul(pointer, "pointer");
        RefuseNul(value, "value");
        int capacity = (json == null ? 0 : json.Length) + pointer.Length + value.Length + 64;
        string changed;
        int length = SetInto(capacity, json, pointer, value, out changed);
        while (length == TooSmall)
        {
            capacity *= 2;
            length = SetInto(capacity, json, pointer, value, out changed);
        }
        if (length < 0)
        {
            throw new ArgumentException("nothing can be set at " + pointer, "pointer");
        }
        return changed;
    }

    private static int SetInto(int capacity, string json, string pointer, string value, out string changed)
    {
        char[] buffer = new char[capacity];
        int length;
        GCHandle pin = GCHandle.Alloc(buffer, GCHandleType.Pinned);
        try
        {
            length = hislink_json_set_w(json, pointer, value, pin.AddrOfPinnedObject(), capacity);
        }
        finally
        {
            pin.Free();
        }
        changed = length < 0 ? null : new string(buffer, 0, length);
        return length;
    }

    /// <summary>The library's version, such as "0.1.0".</summary>
    public static string Version()
    {
        return Marshal.PtrToStringAnsi(hislink_version());
    }

    /// <summary>
    /// Stops listeners, and closes stores and kept connections. To be called before the program ends; the library can be
    /// used again after it.
    /// </summary>
    public static void Shutdown()
    {
        hislink_shutdown();
    }

    /// <summary>A text that C would read only up to its first U+0000, such as what some card readers give, is refused.</summary>
    private static void RefuseNul(string text, string name)
    {
        if (text != null && text.IndexOf('\0') >= 0)
        {
            throw new ArgumentException("the text holds the character U+0000", name);
        }
    }

    private static string TextIn(char[] buffer)
    {
        int length = Array.IndexOf(buffer, '\0');
        return new string(buffer, 0, length < 0 ? buffer.Length : length);
    }

    // The buffers are pinned and given by their address: StringBuilder, and char[] on some runtimes, are copied back and
    // forth, and the copy may lie on the stack, which a large reply would overflow.

    [DllImport("hislink", CallingConvention = CallingConvention.Winapi, CharSet = CharSet.Unicode, ExactSpelling = true)]
    private static extern int hislink_call_w(string operation, string request, IntPtr buffer, int capacity);

    [DllImport("hislink", CallingConvention = CallingConvention.Winapi, ExactSpelling = true)]
    private static extern int hislink_result_w(IntPtr buffer, int capacity);

    [DllImport("hislink", CallingConvention = CallingConvention.Winapi, ExactSpelling = true)]
    private static extern int hislink_result_size_w();

    [DllImport("hislink", CallingConvention = CallingConvention.Winapi, CharSet = CharSet.Unicode, ExactSpelling = true)]
    private static extern int hislink_json_get_w(string json, string pointer, IntPtr buffer, int capacity);

    [DllImport("hislink", CallingConvention = CallingConvention.Winapi, CharSet = CharSet.Unicode, ExactSpelling = true)]
    private static extern int hislink_json_set_w(string json, string pointer, string value, IntPtr buffer, int capacity);

    [DllImport("hislink", CallingConvention = CallingConvention.Winapi, CharSet = CharSet.Unicode, ExactSpelling = true)]
    private static extern long hislink_call_start_w(string operation, string request);

    [DllImport("hislink", CallingConvention = CallingConvention.Winapi, ExactSpelling = true)]
    private static extern int hislink_call_wait_w(long ticket, int milliseconds, IntPtr buffer, int capacity);

    [DllImport("hislink", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern IntPtr hislink_version();

    [DllImport("hislink", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern void hislink_shutdown();

    // What follows is written by the library's build from its table of operations; the rest of the file is not.
    // <operations>

    /// <summary>Makes or replaces a profile: where the platforms are, with which identity, and how to reach
    /// them.</summary>
    /// <param name="request">{"profile":"default","onepay":{"url","appId","appSecret","signType":"MD5"|"SM3",
    /// "encryptType":"AES"|"DES"|"SM4"|"Plain","version":"H.F.0.1","keyOrder":"ascii"|"sdk",
    /// "orderField":"outChargeNo","refundField":"outRefundNo","amountFields":[...],"settleSeconds":10,
    /// "details":{...}},"glory":{...},"http":{"connectTimeoutMs":5000,"timeoutMs":30000,"proxy","caFile",
    /// "clientCertFile","clientKeyFile","tls":"verify"|"insecure"},"store","journalDays":400,
    /// "log":{"dir":"PATH","level":"off"|"error"|"info"|"debug","keepDays":30},"language":"zh"|"en"}, or
    /// {"file":"PATH"} holding the same as UTF-8 JSON.</param>
    /// <returns>In data: {"profile"}, with "warnings" when a setting has no effect or is dangerous, or the log's
    /// folder cannot be written. Calls under way finish on the old profile. With tls insecure no certificate is
    /// verified, and every reply of a call that works with the profile carries "tls":"insecure"
    /// (docs/tls.md).</returns>
    /// <remarks>Errors: BAD_SETTINGS names the setting in "field", BAD_FIELD an unknown member of the request;
    /// nothing is replaced then.</remarks>
    /// <example><code>{"onepay":{"url":"http://127.0.0.1:18080/onepay-web/oneweb/oneapi",
    /// "appId":"1A3VL0KVK0000B020A0A0000CC3F48AD","appSecret":"1A3VL0KVE0010B010A0A0000277BDC91"},
    /// "glory":{"url":"http://127.0.0.1:18080","sid":"47258258201708031835123456",
    /// "key":"4fd6b8105f894d0da964b1e80b07b136","orgCode":"350100001"}}</code></example>
    public static HislinkReply Configure(string request)
    {
        return Call("configure", request);
    }

    /// <summary>Tells what this library is and knows.</summary>
    /// <param name="request">{}</param>
    /// <returns>In data: {"version","operations":[{"name","does"}],"dictionaries":[{"platform","field",
    /// "section","name","entries":[{"code","name"}]}],"profiles":{NAME:{...}}} with secrets shown as
    /// ***.</returns>
    /// <remarks>Errors: none of its own.</remarks>
    /// <example><code>{}</code></example>
    public static HislinkReply Describe(string request)
    {
        return Call("describe", request);
    }

    /// <summary>Checks, one by one, what may stand between this machine and the profile's platforms, and says
    /// what to do about each. Moves no money, writes nothing into journal or roster.</summary>
    /// <param name="request">{"platform":"onepay"|"glory"}: both that the profile has unless given. timeoutMs
    /// limits all checks together.</param>
    /// <returns>In data: {"checks":[{"name","platform","status":"ok"|"warning"|"failed"|"skipped","detail",
    /// "reason","advice","ms"}],"passed"}: names are vectors, settings, lookup, connect, tls, answer, clock,
    /// identity, store, log; a name may come several times. platform, reason (as of TLS_FAILED), advice and ms
    /// are there where they apply. skipped: one before it failed. The reply succeeds when the checks ran; passed
    /// tells whether none failed.</returns>
    /// <remarks>Errors: BAD_FIELD for another platform; BAD_SETTINGS for one that the profile lacks;
    /// NO_PROFILE.</remarks>
    /// <example><code>{"timeoutMs":15000}</code></example>
    public static HislinkReply Selftest(string request)
    {
        return Call("selftest", request);
    }

    /// <summary>Makes an order number that no other thread, process or machine makes.</summary>
    /// <param name="request">{"prefix":"OC"}: optional, at most 8 letters or digits.</param>
    /// <returns>In data: {"orderNo"}: the prefix, yyyyMMddHHmmss (UTC+8), a sequence and random digits: 32
    /// characters.</returns>
    /// <remarks>Errors: BAD_FIELD for a prefix that is too long or has other characters.</remarks>
    /// <example><code>{"prefix":"OC"}</code></example>
    public static HislinkReply OrderNo(string request)
    {
        return Call("order_no", request);
    }

    /// <summary>Signs an envelope as it stands, by its own signType (MD5 when it has none).</summary>
    /// <param name="request">{"message":{...}}: the whole envelope, as an object or as its JSON text.</param>
    /// <returns>In data: {"sign","text"}: the sign in upper-case hex, and the signing text with the secret shown
    /// as ***.</returns>
    /// <remarks>Errors: BAD_FIELD for an unknown signType or a null inside an array, with the place.</remarks>
    /// <example><code>{"message":{"appId":"A","param":{"amount":1.10},"signType":"MD5"}}</code></example>
    public static HislinkReply OnepaySign(string request)
    {
        return Call("onepay_sign", request);
    }

    /// <summary>Checks the sign of an envelope, in constant time. Where only encryptData travels, it is
    /// decrypted first.</summary>
    /// <param name="request">{"message":{...,"sign":"..."}}: as an object or as its JSON text.</param>
    /// <returns>In data: {"verified":true}</returns>
    /// <remarks>Errors: SIGN_MISMATCH (failed) with {"text"}, the signing text; BAD_FIELD for a missing
    /// sign.</remarks>
    /// <example><code>{"message":{"appId":"A","sign":"F71A10C8E2A376584F0B5A2539BD1D04"}}</code></example>
    public static HislinkReply OnepayVerify(string request)
    {
        return Call("onepay_verify", request);
    }

    /// <summary>Says why the sign of an envelope does not verify: the known mistakes are tried one by one, then
    /// in pairs, until the sign comes out. Sends nothing, writes nothing.</summary>
    /// <param name="request">{"message":{...,"sign":"..."}}: as for onepay_verify; best the JSON text that
    /// came.</param>
    /// <returns>In data: {"verified","text","mistakes":[{"name","detail","text"}],"alternatives","hint"}: the
    /// right signing text; the mistakes that together make the sign hold, with the text that was signed; other
    /// names that would explain it alone; what to look at where it stays unexplained. The secret is shown as
    /// ***. verified true comes with no mistakes.</returns>
    /// <remarks>Errors: BAD_FIELD for a missing sign, an unknown signType or a null inside an array;
    /// DECRYPT_FAILED (rejected) where no cipher opens it.</remarks>
    /// <example><code>{"message":{"appId":"A","sign":"f71a10c8e2a376584f0b5a2539bd1d04"}}</code></example>
    public static HislinkReply OnepayExplain(string request)
    {
        return Call("onepay_explain", request);
    }

    /// <summary>Encrypts by the profile's encryptType: AES to upper-case hex, DES and SM4 to base64.</summary>
    /// <param name="request">{"text":"..."} or {"param":{...}}, which is encrypted as its compact JSON
    /// text.</param>
    /// <returns>In data: {"encryptData"}; with encryptType Plain the text itself.</returns>
    /// <remarks>Errors: BAD_FIELD for a character that GBK lacks (SM4), or for both or neither member.</remarks>
    /// <example><code>{"param":{"cardNo":"10001"}}</code></example>
    public static HislinkReply OnepayEncrypt(string request)
    {
        return Call("onepay_encrypt", request);
    }

    /// <summary>Decrypts by the profile's encryptType. Hex of either case and base64 with line breaks are
    /// taken.</summary>
    /// <param name="request">{"encryptData":"..."}</param>
    /// <returns>In data: {"text","param"}: param only where the text is a JSON object or array.</returns>
    /// <remarks>Errors: DECRYPT_FAILED (rejected) for broken hex or base64, wrong padding, a wrong key or a
    /// wrong charset.</remarks>
    /// <example><code>{"encryptData":"4881709CA7AD08B8675294B1D812C603"}</code></example>
    public static HislinkReply OnepayDecrypt(string request)
    {
        return Call("onepay_decrypt", request);
    }

    /// <summary>Makes a request envelope that is signed, encrypted and ready to post. Sends nothing.</summary>
    /// <param name="request">{"transType":"...","param":{...},"timestamp":"yyyyMMddHHmmss"}: the time is now
    /// (UTC+8) unless given. A param that is a string is used as it stands.</param>
    /// <returns>In data: {"message":{...}}</returns>
    /// <remarks>Errors: BAD_FIELD names the member, down to the place inside param.</remarks>
    /// <example><code>{"transType":"hop.account.info","param":{"cardType":"03",
    /// "cardNo":"10001"}}</code></example>
    public static HislinkReply OnepaySeal(string request)
    {
        return Call("onepay_seal", request);
    }

    /// <summary>Opens an answer or a notification of the platform: decrypted, then verified.</summary>
    /// <param name="request">{"message":{...}}: as an object or as the JSON text that came.</param>
    /// <returns>In data: {"verified","param","message"}: the message with its param in plain. verified is false
    /// only for a refusal (respCode not zeros) that came unsigned. A notification charge.success or
    /// refund.success of an order in the journal settles it where the amount is the same: "journal":{"orderNo",
    /// "state","settled","amountDiffers":{"journal","platform"}}.</returns>
    /// <remarks>Errors: DECRYPT_FAILED (rejected); SIGN_MISMATCH (failed) with {"text"}.</remarks>
    /// <example><code>{"message":{"param":{"balance":"300.00"},"respCode":"000000",
    /// "sign":"1300AE0D80F62BC75072CEB20F354280"}}</code></example>
    public static HislinkReply OnepayOpen(string request)
    {
        return Call("onepay_open", request);
    }

    /// <summary>Runs any service of the platform and waits: seals, posts, opens and judges the answer.</summary>
    /// <param name="request">{"transType":"...","param":{...},"timeoutMs":30000}</param>
    /// <returns>In data: {"param","respCode","respMsg"}; status pending while the platform says init or
    /// ing.</returns>
    /// <remarks>Errors: CONNECT_FAILED, TLS_FAILED (failed: nothing was sent), TIMEOUT, HTTP_STATUS, BAD_ANSWER,
    /// SIGN_MISMATCH, DECRYPT_FAILED (unknown wherever the request may have arrived), PLATFORM_REFUSED with
    /// platformCode and platformMessage.</remarks>
    /// <example><code>{"transType":"hop.account.info","param":{"cardType":"03",
    /// "cardNo":"10001"}}</code></example>
    public static HislinkReply OnepayTransact(string request)
    {
        return Call("onepay_transact", request);
    }

    /// <summary>hop.account.info: the patient's account. Codes in param are checked against the
    /// dictionaries.</summary>
    /// <param name="request">{"param":{...},"orderNo"?}</param>
    /// <returns>In data: as onepay_transact.</returns>
    /// <remarks>Errors: BAD_FIELD names a wrong code or amount; the rest as onepay_transact.</remarks>
    /// <example><code>{"param":{"cardType":"03","cardNo":"10001"}}</code></example>
    public static HislinkReply OnepayAccountInfo(string request)
    {
        return Call("onepay_account_info", request);
    }

    /// <summary>hop.trade.recharge: puts money on an account, once for each order number: written into the
    /// journal before it is sent, and its outcome after. On status unknown or pending call again with the same
    /// number and content, or journal_resolve; never with a new number.</summary>
    /// <param name="request">{"orderNo":"...","param":{...}}: the order number may stand in param (outChargeNo)
    /// instead. Amounts are yuan with at most two decimals.</param>
    /// <returns>In data: as onepay_transact; with "replayed":true where an earlier call's outcome is told, with
    /// "queried":true where the library had to ask hop.trade.query, and "warnings" where the outcome could not
    /// be written down.</returns>
    /// <remarks>Errors: BAD_FIELD for a missing order number, a wrong code or amount; DUPLICATE_ORDER (rejected)
    /// for a number that was used with other content; STORE_FAILED (rejected: nothing was sent);
    /// PLATFORM_REFUSED (failed) also where the platform, asked, knows no such trade: the same number may be
    /// sent again; the rest as onepay_transact.</remarks>
    /// <example><code>{"orderNo":"OC20261121100000000001","param":{"cardType":"03","cardNo":"10001",
    /// "chargeAmt":"100.00","depositeType":"CASH"}}</code></example>
    public static HislinkReply OnepayRecharge(string request)
    {
        return Call("onepay_recharge", request);
    }

    /// <summary>hop.trade.refund: gives money back, once for each number, as onepay_recharge does. Refunds and
    /// recharges share one set of numbers.</summary>
    /// <param name="request">{"orderNo":"...","param":{...}}: orderNo is the refund's own number (outRefundNo in
    /// param).</param>
    /// <returns>In data: as onepay_recharge.</returns>
    /// <remarks>Errors: as onepay_recharge.</remarks>
    /// <example><code>{"orderNo":"RF20261121100000000001","param":{"outChargeNo":"OC20261121100000000001",
    /// "refundAmt":"20.00","withdrawMode":"0"}}</code></example>
    public static HislinkReply OnepayRefund(string request)
    {
        return Call("onepay_refund", request);
    }

    /// <summary>hop.trade.query: what became of an order, or of a refund.</summary>
    /// <param name="request">{"orderNo":"..."} for an order, {"refundNo":"..."} for a refund by its own number,
    /// or {"param":{"outChargeNo":"..."}}</param>
    /// <returns>In data: as onepay_transact. The status follows the trade's state: succ succeeded; init, ing
    /// pending; fail, closed, notfound failed; exp unknown. "data" is there in each case. Where the journal has
    /// the order open and its amount is the same, it is settled: "journal":{"orderNo","state","settled",
    /// "amountDiffers"}.</returns>
    /// <remarks>Errors: as onepay_account_info.</remarks>
    /// <example><code>{"orderNo":"OC20261121100000000001"}</code></example>
    public static HislinkReply OnepayQuery(string request)
    {
        return Call("onepay_query", request);
    }

    /// <summary>hop.trade.details: the list of trades.</summary>
    /// <param name="request">{"param":{...},"orderNo"?}</param>
    /// <returns>In data: as onepay_transact.</returns>
    /// <remarks>Errors: as onepay_account_info.</remarks>
    /// <example><code>{"param":{"cardType":"03","cardNo":"10001","beginDate":"20261101",
    /// "endDate":"20261231"}}</code></example>
    public static HislinkReply OnepayDetails(string request)
    {
        return Call("onepay_details", request);
    }

    /// <summary>portal.wb.queryAccount: the account behind a wristband code.</summary>
    /// <param name="request">{"param":{"key":"..."}}</param>
    /// <returns>In data: as onepay_transact; param holds balance, idNo, userName.</returns>
    /// <remarks>Errors: BAD_FIELD for a missing key; the rest as onepay_transact.</remarks>
    /// <example><code>{"param":{"key":"WB0001"}}</code></example>
    public static HislinkReply OnepayWristbandAccount(string request)
    {
        return Call("onepay_wristband_account", request);
    }

    /// <summary>portal.wb.getWristbandCode: makes the code of a patient's wristband.</summary>
    /// <param name="request">{"param":{"cardType","cardNo","idNo","idType","operatorId","operatorName",
    /// "accountType"}}</param>
    /// <returns>In data: as onepay_transact; param holds key and Url.</returns>
    /// <remarks>Errors: as onepay_account_info.</remarks>
    /// <example><code>{"param":{"cardType":"05","cardNo":"Z20001","operatorId":"0001",
    /// "accountType":"02"}}</code></example>
    public static HislinkReply OnepayWristbandCode(string request)
    {
        return Call("onepay_wristband_code", request);
    }

    /// <summary>Signs a body for the card platform: MD5, then HMAC-SHA256.</summary>
    /// <param name="request">{"body":{...},"timestamp":"yyyyMMddHHmmss"}: the body as an object or as its JSON
    /// text; the time is now (UTC+8) unless given.</param>
    /// <returns>In data: {"headers":{"sid","timestamp","sign"},"text"}: the headers to send, and the flattened
    /// signing text without the key.</returns>
    /// <remarks>Errors: BAD_FIELD names the member; BAD_SETTINGS for a missing sid or key.</remarks>
    /// <example><code>{"body":{"dataID":0,"orgCode":"H331001"}}</code></example>
    public static HislinkReply GlorySign(string request)
    {
        return Call("glory_sign", request);
    }

    /// <summary>Checks the sign of a body that came with headers, in constant time.</summary>
    /// <param name="request">{"headers":{"timestamp","sign"},"body":{...}}: header names in any case; the body
    /// as an object or as its JSON text.</param>
    /// <returns>In data: {"verified":true}</returns>
    /// <remarks>Errors: SIGN_MISMATCH (failed) with {"text"}; BAD_FIELD for a missing header.</remarks>
    /// <example><code>{"headers":{"timestamp":"20210407155206",
    /// "sign":"e7afe7e86467980f1d6ed3098ba67347ed9fdd431e4c07fd6f9de0b985f62887"},
    /// "body":{"dataID":0}}</code></example>
    public static HislinkReply GloryVerify(string request)
    {
        return Call("glory_verify", request);
    }

    /// <summary>Says why the sign of a body does not verify, as onepay_explain does. Sends nothing, writes
    /// nothing.</summary>
    /// <param name="request">{"headers":{"timestamp","sign"},"body":{...}}: as for glory_verify, with the header
    /// sid where it came; the body best as the text that came.</param>
    /// <returns>In data: as onepay_explain.</returns>
    /// <remarks>Errors: BAD_FIELD for a missing header.</remarks>
    /// <example><code>{"headers":{"timestamp":"20210407155206",
    /// "sign":"E7AFE7E86467980F1D6ED3098BA67347ED9FDD431E4C07FD6F9DE0B985F62887"},
    /// "body":{"dataID":0}}</code></example>
    public static HislinkReply GloryExplain(string request)
    {
        return Call("glory_explain", request);
    }

    /// <summary>Runs any service of the card platform and waits: signs, posts, verifies and judges the
    /// answer.</summary>
    /// <param name="request">{"path":"/glorycard/store/all","body":{...},"timeoutMs":30000}</param>
    /// <returns>In data: {"body"}: the answer's body.</returns>
    /// <remarks>Errors: BAD_FIELD for a path that is not the platform's; CONNECT_FAILED, TLS_FAILED (failed:
    /// nothing was sent), TIMEOUT, HTTP_STATUS, BAD_ANSWER, SIGN_MISMATCH (unknown wherever the request may have
    /// arrived), PLATFORM_REFUSED (responseFlag 0) with platformMessage and the answer's body in data.</remarks>
    /// <example><code>{"path":"/glorycard/store/all","body":{"dataID":0,"orgCode":"350100001"}}</code></example>
    public static HislinkReply GloryTransact(string request)
    {
        return Call("glory_transact", request);
    }

    /// <summary>Brings the roster in the store up to the platform's, page by page from where it stands. To be
    /// called again until done.</summary>
    /// <param name="request">{"maxPages":20,"maxSeconds":60}: optional; no further page is asked for after so
    /// many, or so long. timeoutMs limits each page.</param>
    /// <returns>In data: {"received","cursor","done"}: the cards stored by this call, the largest record number
    /// stored, and whether the platform said that there is no more.</returns>
    /// <remarks>Errors: as glory_transact, and STORE_FAILED; BAD_ANSWER (failed) for rows that are not as
    /// documented, more than 500 of them, or records that do not go forward. "data" is there in each case,
    /// without done: what was stored stays.</remarks>
    /// <example><code>{"maxPages":20}</code></example>
    public static HislinkReply GlorySync(string request)
    {
        return Call("glory_sync", request);
    }

    /// <summary>Finds a certificate's cards in the store's roster. Asks nobody else.</summary>
    /// <param name="request">{"certType":"0","certNo":"..."}: the case of letters in certNo does not
    /// matter.</param>
    /// <returns>In data: {"found","cards":[{"certType","certNo","certName","gloryType","gloryID","dataID"}],
    /// "syncedAt"}: when the roster was last complete, yyyy-MM-dd HH:mm:ss (UTC+8), or null.</returns>
    /// <remarks>Errors: BAD_FIELD for a certType that is not in the dictionary 4.1 or a blank certNo;
    /// STORE_FAILED.</remarks>
    /// <example><code>{"certType":"0","certNo":"350203197205258630"}</code></example>
    public static HislinkReply GloryLookup(string request)
    {
        return Call("glory_lookup", request);
    }

    /// <summary>Uploads a fee reduction (2.2): checked, written into the ledger, sent, and its outcome written
    /// down. On status unknown call again with the same content.</summary>
    /// <param name="request">{"certType":"0".."6","certNo","certName","deductionID","totalFee":"25.50",
    /// "deductionFee":"10.00","deductionTime":"yyyy-MM-dd HH:mm:ss","gloryType":"1","deductionType":"0"|"1"|"2",
    /// "remarks"?,"orgCode"?}: all strings. orgCode is the profile's. Amounts are yuan above zero with exactly
    /// two decimals. An 18-digit certNo of certType 0 must have its check digit right.</param>
    /// <returns>In data: {"deductionID","status":"1","responseMessage"}; of a deduction that is known with the
    /// same content {"deductionID","status","replayed":true}. "warnings" where the outcome could not be written
    /// down.</returns>
    /// <remarks>Errors: BAD_FIELD names the member; DUPLICATE_ORDER for a known deductionID with other content;
    /// STORE_FAILED (rejected: nothing was sent); PLATFORM_REFUSED (failed) with platformMessage, also for one
    /// that was cancelled; CONNECT_FAILED, TLS_FAILED (failed: nothing was sent); TIMEOUT, HTTP_STATUS,
    /// BAD_ANSWER, SIGN_MISMATCH (unknown wherever this or an earlier request may have arrived).</remarks>
    /// <example><code>{"certType":"0","certNo":"11010519491231002X","certName":"Zhang San","deductionID":"D1",
    /// "totalFee":"25.50","deductionFee":"10.00","deductionTime":"2026-11-21 10:00:00","gloryType":"1",
    /// "deductionType":"0"}</code></example>
    public static HislinkReply GloryDeduct(string request)
    {
        return Call("glory_deduct", request);
    }

    /// <summary>Takes a fee reduction back (2.3). On status unknown call again with the same time.</summary>
    /// <param name="request">{"deductionID":"...","deductionTime":"yyyy-MM-dd HH:mm:ss","orgCode"?}: the time is
    /// the cancellation's.</param>
    /// <returns>In data: {"deductionID","status":"0","responseMessage"}; {"deductionID","status":"0",
    /// "replayed":true} where it was cancelled already at that time.</returns>
    /// <remarks>Errors: BAD_FIELD /deductionID for a deduction that the ledger does not know, that was refused,
    /// or whose own outcome is unknown; DUPLICATE_ORDER /deductionTime with {"cancelTime"} for one that was
    /// cancelled with another time, or whose cancellation with another time is unknown; the rest as
    /// glory_deduct.</remarks>
    /// <example><code>{"deductionID":"D1","deductionTime":"2026-11-21 11:00:00"}</code></example>
    public static HislinkReply GloryCancel(string request)
    {
        return Call("glory_cancel", request);
    }

    /// <summary>Answers a /deductCheck of the platform (3.1) that the program's own web server received, from
    /// the ledger.</summary>
    /// <param name="request">{"headers":{"sid","timestamp","sign"},"body":"..."}: all headers that came, names
    /// in any case; the body best as the text that came, or as an object.</param>
    /// <returns>In data: {"headers":{"sid","timestamp","sign"},"body":{...}}: to be sent back as they are. A
    /// request that is refused has a signed answer too (responseFlag 0, no rows) and
    /// "refused":"MALFORMED"|"UNSIGNED"|"WRONG_SID"|"CLOCK"|"SIGN_MISMATCH"|"REPLAY"|"WRONG_ORG"|"BAD_SPAN"|"TOO_MANY"
    /// (rows: above 100000).</returns>
    /// <remarks>Errors: BAD_FIELD for missing headers or body; BAD_SETTINGS for a missing sid, key or orgCode;
    /// STORE_FAILED, with the refusal to send back in data.</remarks>
    /// <example><code>{"headers":{"sid":"47258258201708031835123456","timestamp":"20261121100000",
    /// "sign":"d88732e891578f50a20d0c8fc5733c90fc3487939007e0ce5d43165d0b9ae2ca"},"body":{"orgCode":"350100001",
    /// "deductTimeStart":"2026-11-21 00:00:00","deductionTimeEnd":"2026-11-21 23:59:59"}}</code></example>
    public static HislinkReply GloryCheck(string request)
    {
        return Call("glory_check", request);
    }

    /// <summary>Serves /deductCheck (3.1) on a thread of its own, until glory_unlisten or hislink_shutdown. It
    /// works by the profile as it is now. At most 256 connections, one request each; a newcomer takes the place
    /// of the oldest that has not asked yet.</summary>
    /// <param name="request">{"bind":"ip:port","certFile","keyFile"}: port 0 takes a free one; both files are
    /// PEM. Without them plain HTTP, on loopback addresses, or anywhere with "plainHttp":true.</param>
    /// <returns>In data: {"address"}: ip:port.</returns>
    /// <remarks>Errors: BAD_FIELD: /bind for an address that is in use, not this machine's, or listened on
    /// already; /certFile, /keyFile for files that are not there, hold no certificate or key, or do not fit.
    /// BAD_SETTINGS for a missing sid, key, orgCode or store; STORE_FAILED.</remarks>
    /// <example><code>{"bind":"127.0.0.1:0"}</code></example>
    public static HislinkReply GloryListen(string request)
    {
        return Call("glory_listen", request);
    }

    /// <summary>Stops the profile's listeners, or the one on that address. Requests under way get two seconds to
    /// end.</summary>
    /// <param name="request">{"bind":"ip:port"}: optional; the address that glory_listen gave.</param>
    /// <returns>In data: {"stopped":["ip:port"]}</returns>
    /// <remarks>Errors: BAD_FIELD /bind where the profile does not listen there.</remarks>
    /// <example><code>{}</code></example>
    public static HislinkReply GloryUnlisten(string request)
    {
        return Call("glory_unlisten", request);
    }

    /// <summary>Lists the journal of recharges, refunds, deductions and cancellations of the profile's appId and
    /// orgCode, newest first.</summary>
    /// <param name="request">{"state":"sending"|"unknown"|"pending"|"succeeded"|"failed","since":"yyyy-MM-dd
    /// HH:mm:ss","limit":100}: all optional; since also as yyyyMMdd or yyyyMMddHHmmss (UTC+8); limit at most
    /// 10000.</param>
    /// <returns>In data: {"entries":[{"orderNo" or "deductionID","platform","service","state","code",
    /// "platformCode","platformMessage","amount","begun","sent","changed","sends","profile","host","process",
    /// "param","maySendAgain"}]}. param is null when the secret was changed since. sending: by a process that is
    /// alive; what a dead one left is unknown. maySendAgain: it failed since it did not arrive.</returns>
    /// <remarks>Errors: BAD_FIELD; BAD_SETTINGS for store none; STORE_FAILED.</remarks>
    /// <example><code>{"since":"20261101","limit":10}</code></example>
    public static HislinkReply JournalList(string request)
    {
        return Call("journal_list", request);
    }

    /// <summary>Tells what became of an entry of the journal; where that is open, asks the platform first. Moves
    /// no money anew: a deduction or cancellation in doubt is repeated, which the platform knows by its
    /// deductionID.</summary>
    /// <param name="request">{"orderNo":"..."} for a recharge, or a refund by its own number;
    /// {"deductionID":"..."} for a deduction, or its cancellation where there is one.</param>
    /// <returns>In data: the end of the call that sent it, with "replayed":true; with "queried":true where the
    /// platform told.</returns>
    /// <remarks>Errors: BAD_FIELD for a number that the journal does not know; PLATFORM_REFUSED (failed) where
    /// nothing was moved; TIMEOUT (unknown) where the platform does not tell: call again later.</remarks>
    /// <example><code>{"orderNo":"OC20261121100000000001"}</code></example>
    public static HislinkReply JournalResolve(string request)
    {
        return Call("journal_resolve", request);
    }

    /// <summary>Compares a day of the journal with the platform's hop.trade.details, page by page, and with the
    /// ledger of deductions.</summary>
    /// <param name="request">{"day":"yyyyMMdd","param":{...}}: the day is today unless given; param is what the
    /// site's list needs besides days and pages, such as a card. timeoutMs limits all pages together.</param>
    /// <returns>In data: {"day","checked","onlyHere":[{"platform","orderNo" or "deductionID","service","state",
    /// "amount"}],"onlyThere":[...],"differing":[{...,"member":"amount"|"state","here","there"}]}</returns>
    /// <remarks>Errors: BAD_FIELD; those of onepay_details; BAD_ANSWER where the list is not named as in
    /// onepay.details; STORE_FAILED.</remarks>
    /// <example><code>{"day":"20261121"}</code></example>
    public static HislinkReply JournalReconcile(string request)
    {
        return Call("journal_reconcile", request);
    }
    // </operations>
}
