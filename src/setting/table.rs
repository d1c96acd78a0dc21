// THE table of settings, read twice: by src/setting.rs, and by tests/documentation/settings.rs for docs/settings.md.
// A group is what stands together in a profile; `profile` is the profile itself. The kinds:
//   needed()                  a text that must be there
//   optional()                a text that may be missing
//   text("default")           a text with a default
//   described("zh", "en")     a text whose default takes words
//   texts("a", "b")           a list of texts, and its default
//   word("default"; "a", "b") one of these words
//   count(default, most, "s") a whole number from 1 to most, in this unit: ms, s, days
//   object()                  a group
// The words are Markdown, Chinese first. After a change: HISLINK_BLESS=1 cargo test --test documentation
settings! {
    profile {
        profile: text("default"),
            "配置的名字",
            "the profile's name";
        onepay: object(),
            "支付平台的设置",
            "settings of the payment platform";
        glory: object(),
            "减免卡平台的设置",
            "settings of the card platform";
        http: object(),
            "怎样连接平台",
            "the way to the platforms";
        store: described("本用户的一个文件", "a file of the user's"),
            "流水、名库和台账存在哪里：`sqlite:路径`、`postgres://…` 或 `none`，见[存储在哪里](#存储在哪里)",
            "where journal, roster and ledger are kept: `sqlite:PATH`, `postgres://…` or `none`; see [where the store lies](#where-the-store-lies)";
        journalDays: count(400, 36_500, "days"),
            "流水里已了结的各笔保留多少天。删掉的号码对动态库来说就是新号",
            "how long settled entries of the journal stay. A number that is gone is new to the library";
        log: object(),
            "日志（[logs.zh-CN.md](logs.zh-CN.md)）；不写就没有日志",
            "the log ([logs.md](logs.md)); without it there is none";
        language: word("zh"; "zh", "en"),
            "提示的语言。`configure` 自己的应答立即用它，除非设置来自文件",
            "of messages. `configure` itself is answered in it at once, unless it comes from a file";
    }
    onepay {
        url: optional(),
            "报文 POST 到的地址，`http://` 或 `https://`，端口为 1 到 65535 或不写，不带用户名。凡要发送的操作都需要",
            "where envelopes are posted: `http://` or `https://`, with a port of 1 to 65535 or none, and no user name. Needed by whatever sends";
        appId: needed(),
            "应用编号；用 DES 至少 8 个字符，用 SM4 至少 16 个",
            "the application's id; for DES at least 8 characters, for SM4 at least 16";
        appSecret: needed(),
            "应用密钥；任何地方都不显示",
            "the application's secret; shown nowhere";
        signType: word("MD5"; "MD5", "SM3"),
            "请求怎样签名",
            "how requests are signed";
        encryptType: word("AES"; "AES", "DES", "SM4", "Plain", ""),
            "`param` 怎样加密；`Plain` 和空文本都是不加密",
            "how `param` is encrypted; `Plain` and an empty text both mean not at all";
        version: text("H.F.0.1"),
            "请求里的 `version`",
            "`version` in requests";
        keyOrder: word("ascii"; "ascii", "sdk"),
            "签名时成员名的顺序：`ascii` 照文档，`sdk` 照平台的客户端包。对文档里的全部字段两者相同",
            "order of names for signing: `ascii` as the document says, `sdk` as the platform's client kit does. On all documented fields both are the same";
        orderField: text("outChargeNo"),
            "`param` 里存放订单号的成员；不能为空",
            "the member of `param` that holds the order number; not empty";
        refundField: text("outRefundNo"),
            "`param` 里存放退款单号的成员；不能为空，也不能与 `orderField` 相同",
            "the member of `param` that holds a refund's own number; not empty, and not the same as `orderField`";
        amountFields: texts("chargeAmt", "refundAmt", "amount"),
            "`param` 里按金额检查的成员；其中排在前面而又有值的，是流水里的金额，但退款自己的（名字里带 `refund`）先于充值的",
            "the members of `param` that are checked as yuan; the first that is there is the amount in the journal, but a refund's own (a member with `refund` in its name) goes before its recharge's";
        settleSeconds: count(10, 3600, "s"),
            "平台的 `notfound` 多久之内还不算数：超时之后，从请求的最后一批字节发出算起；调用或崩溃留下的未了结的一笔，从发送者报出结局或被发现已死算起。要长于代理或网关可能留住请求的时间（[时间](money.zh-CN.md#时间)）",
            "how long the platform's `notfound` does not count yet: after a time limit, from when the request's last bytes left; of an entry that a call or crash left open, from when its sender told the outcome or was found dead. Longer than a proxy or gateway may hold a request back ([time](money.md#time))";
        details: object(),
            "本院 `hop.trade.details` 各成员的名字",
            "what the site's `hop.trade.details` calls its members";
    }
    details {
        beginDate: text("beginDate"), "请求里：起始日，`yyyyMMdd`", "in the request: the first day, `yyyyMMdd`";
        endDate: text("endDate"), "请求里：截止日", "in the request: the last day";
        pageNo: text("pageNo"), "请求里：第几页，从 1 起", "in the request: the page, from 1";
        pageSize: text("pageSize"), "请求里：每页多少行", "in the request: how many rows a page has";
        list: text("list"), "应答里：各行的数组", "in the answer: the array of rows";
        amount: text("amount"), "每行里：金额，元", "in a row: the amount in yuan";
        result: text("result"), "每行里：交易状态（文档 1.7）", "in a row: the trade's state (document 1.7)";
        tradeTime: text("tradeTime"), "每行里：入账时间，以 `yyyyMMdd` 开头", "in a row: when it was booked, beginning with `yyyyMMdd`";
    }
    glory {
        url: optional(),
            "平台的地址，各服务的路径接在它后面。`glory_transact`、`glory_sync`、`glory_deduct`、`glory_cancel` 需要",
            "the platform's address, which the paths of its services are joined to. Needed by `glory_transact`, `glory_sync`, `glory_deduct` and `glory_cancel`";
        sid: needed(),
            "平台给的账号，可见的 ASCII 字符",
            "the account id that the platform gave, in visible ASCII";
        key: needed(),
            "双方签名用的密钥；任何地方都不显示",
            "the key that both sides sign with; shown nowhere";
        orgCode: optional(),
            "医院代码。名库、减免、`glory_check`、`glory_listen` 需要",
            "the hospital's code. Needed by roster, deductions, `glory_check` and `glory_listen`";
        numbers: word("literal"; "literal", "plain"),
            "数字照原文签名，或去掉指数和末尾的零再签",
            "numbers are signed as written, or without exponent and trailing zeros";
        verifyAnswers: word("ifSigned"; "ifSigned", "always", "never"),
            "`ifSigned`：应答带 `sign` 就验，不带也采信；`always`：没有签名的应答一律 `unknown`，拒绝也一样；`never`：不看签名",
            "`ifSigned`: an answer is verified if it carries a `sign`, and an unsigned one is believed; `always`: any unsigned answer is `unknown`, also a refusal; `never`: no sign is looked at";
    }
    http {
        connectTimeoutMs: count(5_000, 3_600_000, "ms"),
            "域名解析的时限，以及连接加 TLS 握手的时限，各算各的",
            "limit for name lookup, and again for connecting with the TLS handshake";
        timeoutMs: count(30_000, 3_600_000, "ms"),
            "整个调用的时限。对 `glory_sync` 是每一页的；对减免和撤销包括再发的一次；对充值和退款还包括等别的调用以及询问，为此留出五分之一、至多 6 秒",
            "limit for the whole call. For `glory_sync` it is each page's; for deductions and cancellations it holds the second try too; for recharges and refunds also waiting for another call and asking, for which a fifth, at most 6 s, is kept";
        proxy: optional(),
            "用 CONNECT 转接的代理：`http://[用户:密码@]主机:端口`；密码任何地方都不显示",
            "a proxy that understands CONNECT: `http://[user:password@]host:port`; the password is shown nowhere";
        caFile: optional(),
            "PEM 文件：只信任其中的签发机构，取代系统的（[tls.zh-CN.md](tls.zh-CN.md#平台自己的-ca)）",
            "a PEM file: the only authorities to trust, in place of the system's ([tls.md](tls.md#the-platforms-own-authority))";
        clientCertFile: optional(),
            "PEM 文件：向平台出示的证书链；与 `clientKeyFile` 要么都有要么都没有",
            "a PEM file: the certificate chain to show to the platform; both this and `clientKeyFile`, or neither";
        clientKeyFile: optional(),
            "PEM 文件：它的私钥",
            "a PEM file: its key";
        tls: word("verify"; "verify", "insecure"),
            "`insecure`：不验证平台的证书，只可临时用于排查；不能与 `caFile` 同用。此后每个应答、每行日志都注明（[tls.zh-CN.md](tls.zh-CN.md#insecure为什么不要用)）",
            "`insecure`: the platform's certificate is not verified, for finding a fault only; not together with `caFile`. Every reply and every log line then says so ([tls.md](tls.md#insecure-and-why-not))";
    }
    log {
        dir: needed(),
            "日志文件所在的目录，没有会自动建立；`level` 为 `off` 时可以不写",
            "the folder of the log files, made where missing; may be left out with `level` `off`";
        level: word("info"; "off", "error", "info", "debug", "warn", "trace"),
            "`error`：没有成功的操作各一行；`info`：每个操作进出各一行；`debug`：还有脱敏后的请求、应答和待签名字符串；`warn` 等于 `error`，`trace` 等于 `debug`",
            "`error`: a line for each operation that did not succeed; `info`: a line into and a line out of each operation; `debug`: also request, reply and signing text, masked; `warn` is `error`, `trace` is `debug`";
        keepDays: count(30, 36_500, "days"),
            "每天一个文件，保留多少天",
            "how long the files, one a day, are kept";
    }
}
