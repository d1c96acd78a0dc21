// 操作表（table.rs）的中文，行与次序都和它相同。只有文档读它（tests/documentation.rs），不进动态库。
// The Chinese of THE table, row by row in the same order. Only the documentation reads it; none of it is in the library.
// A line break inside a text is no blank. After a change: HISLINK_BLESS=1 cargo test --test documentation
operations_in_chinese! {
    configure {
        does: r#"建立或替换一份配置：平台在哪里、以什么身份、怎样连接。"#,
        request: r#"{"profile":"default","onepay":{"url","appId","appSecret","signType":"MD5"|"SM3",
            "encryptType":"AES"|"DES"|"SM4"|"Plain","version":"H.F.0.1","keyOrder":"ascii"|"sdk","orderField":"outChargeNo",
            "refundField":"outRefundNo","amountFields":[...],"settleSeconds":10,"details":{...}},"glory":{...},
            "http":{"connectTimeoutMs":5000,"timeoutMs":30000,"proxy","caFile","clientCertFile","clientKeyFile","tls":"verify"|"insecure"},"store",
            "journalDays":400,"log":{"dir":"路径","level":"off"|"error"|"info"|"debug","keepDays":30},"language":"zh"|"en"}；或 {"file":"路径"}，文件是 UTF-8 的 JSON，内容同上。"#,
        reply: r#"{"profile"}；有设置不起作用、日志目录不可写、做法不安全时，另有 "warnings"。进行中的调用用旧配置做完。tls 为 insecure 时不验证任何证书，
            凡用这份配置的调用，应答都带 "tls":"insecure"（docs/tls.md）。"#,
        errors: r#"BAD_SETTINGS 在 "field" 里指出是哪项设置；BAD_FIELD 是请求里有不认识的成员。出错时什么都不替换。"#,
    }
    describe {
        does: r#"说明动态库是什么版本、有哪些操作和字典、现在有哪些配置。"#,
        request: r#"{}"#,
        reply: r#"{"version","operations":[{"name","does"}],"dictionaries":[{"platform","field","section","name",
            "entries":[{"code","name"}]}],"profiles":{配置名:{...}}}，密钥显示为 ***。"#,
        errors: r#"没有自己的错误。"#,
    }
    selftest {
        does: r#"逐项检查本机与配置里的平台之间可能有的障碍，每项都说怎么办。不动钱，不写流水和名库。"#,
        request: r#"{"platform":"onepay"|"glory"}：不给就检查配置里有的每一个。timeoutMs 是全部检查合在一起的时限。"#,
        reply: r#"{"checks":[{"name","platform","status":"ok"|"warning"|"failed"|"skipped","detail","reason","advice","ms"}],
            "passed"}：名字有 vectors、settings、lookup、connect、tls、answer、clock、identity、store、log，同一个可以出现几次。
            platform、reason（同 TLS_FAILED 的）、advice、ms 用得上才有。skipped：前面有一项失败。检查做完了，应答就是 succeeded；
            passed 说明是不是没有一项失败。"#,
        errors: r#"别的平台是 BAD_FIELD；配置里没有的平台是 BAD_SETTINGS；NO_PROFILE。"#,
    }
    order_no {
        does: r#"生成一个订单号，别的线程、进程、机器都不会生成同一个。"#,
        request: r#"{"prefix":"OC"}：可不给；至多 8 个字母或数字。"#,
        reply: r#"{"orderNo"}：前缀、yyyyMMddHHmmss（UTC+8）、序号和随机数字，共 32 个字符。"#,
        errors: r#"前缀太长或有别的字符是 BAD_FIELD。"#,
    }
    onepay_sign {
        does: r#"按报文自己的 signType（没有就是 MD5）给它签名，报文照原样。"#,
        request: r#"{"message":{...}}：整个报文，是对象或它的 JSON 文本。"#,
        reply: r#"{"sign","text"}：大写十六进制的签名，以及待签名字符串，密钥显示为 ***。"#,
        errors: r#"signType 不认识，或数组里有 null，是 BAD_FIELD 并指出位置。"#,
    }
    onepay_verify {
        does: r#"验报文的签名，用恒定时间比较。只带 encryptData 的，先解密。"#,
        request: r#"{"message":{...,"sign":"..."}}：是对象或它的 JSON 文本。"#,
        reply: r#"{"verified":true}"#,
        errors: r#"SIGN_MISMATCH（failed），带 {"text"}，即待签名字符串；缺 sign 是 BAD_FIELD。"#,
    }
    onepay_explain {
        does: r#"说明报文的签名为什么验不过：把已知的错误逐个、再两两试一遍，直到算出那个签名。什么都不发，什么都不写。"#,
        request: r#"{"message":{...,"sign":"..."}}：同 onepay_verify；最好给收到的 JSON 文本。"#,
        reply: r#"{"verified","text","mistakes":[{"name","detail","text"}],"alternatives","hint"}：正确的待签名字符串；
            合在一起能使签名成立的错误，各附对方实际签名的文本；单独也能解释的其他名字；解释不了时该看哪里。密钥显示为 ***。
            verified 为 true 时没有错误。"#,
        errors: r#"缺 sign、signType 不认识、数组里有 null 是 BAD_FIELD；哪种算法都解不开是 DECRYPT_FAILED（rejected）。"#,
    }
    onepay_encrypt {
        does: r#"按配置的 encryptType 加密：AES 得到大写十六进制，DES 和 SM4 得到 base64。"#,
        request: r#"{"text":"..."}，或 {"param":{...}}：后者按紧凑的 JSON 文本加密。"#,
        reply: r#"{"encryptData"}；encryptType 为 Plain 时就是原文。"#,
        errors: r#"有 GBK 没有的字（SM4），或两个成员都给、都没给，是 BAD_FIELD。"#,
    }
    onepay_decrypt {
        does: r#"按配置的 encryptType 解密。十六进制大小写均可，base64 可以有换行。"#,
        request: r#"{"encryptData":"..."}"#,
        reply: r#"{"text","param"}：文本是 JSON 对象或数组时才有 param。"#,
        errors: r#"十六进制或 base64 残缺、填充不对、密钥不对、编码不对，是 DECRYPT_FAILED（rejected）。"#,
    }
    onepay_seal {
        does: r#"做好一份请求报文：已签名、已加密，可以直接 POST。什么都不发。"#,
        request: r#"{"transType":"...","param":{...},"timestamp":"yyyyMMddHHmmss"}：不给时间就是现在（UTC+8）。param 为字符串时照原样用。"#,
        reply: r#"{"message":{...}}"#,
        errors: r#"BAD_FIELD 指出是哪个成员，直到 param 里的位置。"#,
    }
    onepay_open {
        does: r#"打开平台的应答或通知：先解密，再验签。"#,
        request: r#"{"message":{...}}：是对象，或收到的 JSON 文本。"#,
        reply: r#"{"verified","param","message"}：报文里的 param 已是明文。只有未签名的拒绝应答（respCode 不全是零）verified 为 false。
            通知 charge.success、refund.success 说到流水里的订单而金额相同时，就此了结那一笔：
            "journal":{"orderNo","state","settled","amountDiffers":{"journal","platform"}}。"#,
        errors: r#"DECRYPT_FAILED（rejected）；SIGN_MISMATCH（failed），带 {"text"}。"#,
    }
    onepay_transact {
        does: r#"办理平台的任意一个服务，等到有结果：封装、发送、打开应答、判断。"#,
        request: r#"{"transType":"...","param":{...},"timeoutMs":30000}"#,
        reply: r#"{"param","respCode","respMsg"}；平台说 init 或 ing 时状态为 pending。"#,
        errors: r#"CONNECT_FAILED、TLS_FAILED（failed：什么都没发）；TIMEOUT、HTTP_STATUS、BAD_ANSWER、SIGN_MISMATCH、DECRYPT_FAILED
            （请求可能已到达的，一律 unknown）；PLATFORM_REFUSED，带 platformCode 和 platformMessage。"#,
    }
    onepay_account_info {
        does: r#"hop.account.info：患者的账户。param 里的代码按字典检查。"#,
        request: r#"{"param":{...},"orderNo"?}"#,
        reply: r#"同 onepay_transact。"#,
        errors: r#"代码或金额有误是 BAD_FIELD，并指出是哪个；其余同 onepay_transact。"#,
    }
    onepay_recharge {
        does: r#"hop.trade.recharge：给账户充值，一个订单号只一次：发送之前先写进流水，结果随后写入。状态为 unknown 或 pending 时，
            用同样的号、同样的内容再次调用，或 journal_resolve；绝不换新号。"#,
        request: r#"{"orderNo":"...","param":{...}}：订单号也可以写在 param 里（outChargeNo）。金额是元，至多两位小数。"#,
        reply: r#"同 onepay_transact；说的是以前那次调用的结果时有 "replayed":true，动态库问过 hop.trade.query 时有 "queried":true，
            结果写不进流水时有 "warnings"。"#,
        errors: r#"缺订单号、代码或金额有误是 BAD_FIELD；号码已用于别的内容是 DUPLICATE_ORDER（rejected）；STORE_FAILED（rejected：
            什么都没发）；PLATFORM_REFUSED（failed）也可能是问过平台、平台没有此单：可以用同一个号再发；其余同 onepay_transact。"#,
    }
    onepay_refund {
        does: r#"hop.trade.refund：退款，一个号只一次，做法同 onepay_recharge。退款和充值共用一套号码。"#,
        request: r#"{"orderNo":"...","param":{...}}：orderNo 是退款自己的单号（param 里的 outRefundNo）。"#,
        reply: r#"同 onepay_recharge。"#,
        errors: r#"同 onepay_recharge。"#,
    }
    onepay_query {
        does: r#"hop.trade.query：查一笔订单或退款的结果。"#,
        request: r#"查订单 {"orderNo":"..."}；用退款自己的单号查退款 {"refundNo":"..."}；或 {"param":{"outChargeNo":"..."}}"#,
        reply: r#"同 onepay_transact。状态跟着那笔交易：succ 是 succeeded；init、ing 是 pending；fail、closed、notfound 是 failed；
            exp 是 unknown。每种情形都有 "data"。流水里有这一笔、尚未了结而金额相同时，就此了结：
            "journal":{"orderNo","state","settled","amountDiffers"}。"#,
        errors: r#"同 onepay_account_info。"#,
    }
    onepay_details {
        does: r#"hop.trade.details：交易明细。"#,
        request: r#"{"param":{...},"orderNo"?}"#,
        reply: r#"同 onepay_transact。"#,
        errors: r#"同 onepay_account_info。"#,
    }
    onepay_wristband_account {
        does: r#"portal.wb.queryAccount：查腕带码对应的账户。"#,
        request: r#"{"param":{"key":"..."}}"#,
        reply: r#"同 onepay_transact；param 含 balance、idNo、userName。"#,
        errors: r#"缺 key 是 BAD_FIELD；其余同 onepay_transact。"#,
    }
    onepay_wristband_code {
        does: r#"portal.wb.getWristbandCode：生成患者的腕带码。"#,
        request: r#"{"param":{"cardType","cardNo","idNo","idType","operatorId","operatorName","accountType"}}"#,
        reply: r#"同 onepay_transact；param 含 key 和 Url。"#,
        errors: r#"同 onepay_account_info。"#,
    }
    glory_sign {
        does: r#"按减免卡平台的规则给报文签名：先 MD5，再 HMAC-SHA256。"#,
        request: r#"{"body":{...},"timestamp":"yyyyMMddHHmmss"}：报文是对象或它的 JSON 文本；不给时间就是现在（UTC+8）。"#,
        reply: r#"{"headers":{"sid","timestamp","sign"},"text"}：要发的请求头，以及展开后的待签名字符串，不含密钥。"#,
        errors: r#"BAD_FIELD 指出是哪个成员；缺 sid 或 key 是 BAD_SETTINGS。"#,
    }
    glory_verify {
        does: r#"验随请求头而来的报文的签名，用恒定时间比较。"#,
        request: r#"{"headers":{"timestamp","sign"},"body":{...}}：请求头名字大小写不限；报文是对象或它的 JSON 文本。"#,
        reply: r#"{"verified":true}"#,
        errors: r#"SIGN_MISMATCH（failed），带 {"text"}；缺请求头是 BAD_FIELD。"#,
    }
    glory_explain {
        does: r#"说明报文的签名为什么验不过，做法同 onepay_explain。什么都不发，什么都不写。"#,
        request: r#"{"headers":{"timestamp","sign"},"body":{...}}：同 glory_verify，请求头 sid 收到了就带上；报文最好给收到的文本。"#,
        reply: r#"同 onepay_explain。"#,
        errors: r#"缺请求头是 BAD_FIELD。"#,
    }
    glory_transact {
        does: r#"办理减免卡平台的任意一个服务，等到有结果：签名、发送、验签、判断。"#,
        request: r#"{"path":"/glorycard/store/all","body":{...},"timeoutMs":30000}"#,
        reply: r#"{"body"}：应答的报文。"#,
        errors: r#"path 不是该平台的服务是 BAD_FIELD；CONNECT_FAILED、TLS_FAILED（failed：什么都没发）；TIMEOUT、HTTP_STATUS、BAD_ANSWER、
            SIGN_MISMATCH（请求可能已到达的，一律 unknown）；PLATFORM_REFUSED（responseFlag 为 0），带 platformMessage，
            data 里有应答的报文。"#,
    }
    glory_sync {
        does: r#"把存储里的名库补到与平台一致，从停下的地方起逐页取。反复调用，直到 done。"#,
        request: r#"{"maxPages":20,"maxSeconds":60}：可不给；取够这么多页、过了这么久，就不再要下一页。timeoutMs 是每一页的时限。"#,
        reply: r#"{"received","cursor","done"}：这次存下的卡数、已存的最大记录号、平台是否说没有更多了。"#,
        errors: r#"同 glory_transact，另有 STORE_FAILED；行与文档不符、超过 500 行、记录号不前进是 BAD_ANSWER（failed）。
            每种情形都有 "data"，只是没有 done：已存下的留着。"#,
    }
    glory_lookup {
        does: r#"在存储的名库里查一个证件的卡。不问任何人。"#,
        request: r#"{"certType":"0","certNo":"..."}：certNo 里的字母不分大小写。"#,
        reply: r#"{"found","cards":[{"certType","certNo","certName","gloryType","gloryID","dataID"}],"syncedAt"}：名库最近一次取全的时间，
            yyyy-MM-dd HH:mm:ss（UTC+8），或 null。"#,
        errors: r#"certType 不在字典 4.1 里、certNo 为空白是 BAD_FIELD；STORE_FAILED。"#,
    }
    glory_deduct {
        does: r#"上传一笔减免（2.2）：检查，写进台账，发送，写下结果。状态为 unknown 时，用同样的内容再次调用。"#,
        request: r#"{"certType":"0".."6","certNo","certName","deductionID","totalFee":"25.50","deductionFee":"10.00",
            "deductionTime":"yyyy-MM-dd HH:mm:ss","gloryType":"1","deductionType":"0"|"1"|"2","remarks"?,"orgCode"?}：
            全是字符串。orgCode 是配置的。金额是大于零的元，恰好两位小数。certType 为 0 的 18 位 certNo，校验位必须正确。"#,
        reply: r#"{"deductionID","status":"1","responseMessage"}；已有内容相同的减免时是 {"deductionID","status","replayed":true}。
            结果写不进去时有 "warnings"。"#,
        errors: r#"BAD_FIELD 指出是哪个成员；deductionID 已用于别的内容是 DUPLICATE_ORDER；STORE_FAILED（rejected：什么都没发）；
            PLATFORM_REFUSED（failed），带 platformMessage，已撤销的也是它；CONNECT_FAILED、TLS_FAILED（failed：什么都没发）；
            TIMEOUT、HTTP_STATUS、BAD_ANSWER、SIGN_MISMATCH（这次或以前的请求可能已到达的，一律 unknown）。"#,
    }
    glory_cancel {
        does: r#"撤销一笔减免（2.3）。状态为 unknown 时，用同样的时间再次调用。"#,
        request: r#"{"deductionID":"...","deductionTime":"yyyy-MM-dd HH:mm:ss","orgCode"?}：时间是撤销的时间。"#,
        reply: r#"{"deductionID","status":"0","responseMessage"}；已在那个时间撤销过的是 {"deductionID","status":"0","replayed":true}。"#,
        errors: r#"台账里没有这笔减免、它被拒绝过、它自己的结果未知，是 BAD_FIELD /deductionID；已以另一时间撤销、或以另一时间提交的撤销结果未知，
            是 DUPLICATE_ORDER /deductionTime，带 {"cancelTime"}；其余同 glory_deduct。"#,
    }
    glory_check {
        does: r#"程序自己的 Web 服务收到平台的 /deductCheck（3.1）之后，用台账回答它。"#,
        request: r#"{"headers":{"sid","timestamp","sign"},"body":"..."}：收到的全部请求头，名字大小写不限；报文最好给收到的文本，也可以是对象。"#,
        reply: r#"{"headers":{"sid","timestamp","sign"},"body":{...}}：照原样回给平台。拒绝的请求也有签名的应答（responseFlag 为 0，
            没有记录），并有 "refused":"MALFORMED"|"UNSIGNED"|"WRONG_SID"|"CLOCK"|"SIGN_MISMATCH"|"REPLAY"|"WRONG_ORG"|"BAD_SPAN"|"TOO_MANY"
            （记录超过 100000 条）。"#,
        errors: r#"缺 headers 或 body 是 BAD_FIELD；缺 sid、key 或 orgCode 是 BAD_SETTINGS；STORE_FAILED，data 里有要回的拒绝应答。"#,
    }
    glory_listen {
        does: r#"在动态库自己的线程上提供 /deductCheck（3.1），直到 glory_unlisten 或 hislink_shutdown。它按此刻的配置工作。
            至多 256 个连接，各一个请求；新来的取代连上最久还没提问的那个。"#,
        request: r#"{"bind":"ip:port","certFile","keyFile"}：端口为 0 就任取一个空闲的；两个文件都是 PEM。不给文件就是明文 HTTP：
            只在回环地址上，或带 "plainHttp":true 在任何地址上。"#,
        reply: r#"{"address"}：ip:port。"#,
        errors: r#"BAD_FIELD：/bind 是地址被占用、不是本机的或已在监听；/certFile、/keyFile 是文件不存在、里面没有证书或私钥、两者不配。
            缺 sid、key、orgCode 或存储是 BAD_SETTINGS；STORE_FAILED。"#,
    }
    glory_unlisten {
        does: r#"停止本配置的监听：全部，或指定地址的那一个。进行中的请求有两秒时间做完。"#,
        request: r#"{"bind":"ip:port"}：可不给；就是 glory_listen 给出的地址。"#,
        reply: r#"{"stopped":["ip:port"]}"#,
        errors: r#"本配置没有在那里监听，是 BAD_FIELD /bind。"#,
    }
    journal_list {
        does: r#"列出流水：本配置的 appId 和 orgCode 的充值、退款、减免、撤销，新的在前。"#,
        request: r#"{"state":"sending"|"unknown"|"pending"|"succeeded"|"failed","since":"yyyy-MM-dd HH:mm:ss","limit":100}：都可不给；
            since 也可写作 yyyyMMdd 或 yyyyMMddHHmmss（UTC+8）；limit 至多 10000。"#,
        reply: r#"{"entries":[{"orderNo" 或 "deductionID","platform","service","state","code","platformCode","platformMessage","amount",
            "begun","sent","changed","sends","profile","host","process","param","maySendAgain"}]}。密钥后来换过的，param 为 null。
            sending：发送的进程还活着；死掉的进程留下的是 unknown。maySendAgain：失败，因为没有到达。"#,
        errors: r#"BAD_FIELD；store 为 none 是 BAD_SETTINGS；STORE_FAILED。"#,
    }
    journal_resolve {
        does: r#"说明流水里的一笔结果如何；未了结的先问平台。不另外动钱：有疑问的减免或撤销再发一次，平台按 deductionID 识别。"#,
        request: r#"充值、或退款用自己的单号：{"orderNo":"..."}；减免，有撤销时则是它的撤销：{"deductionID":"..."}。"#,
        reply: r#"当初那次调用的结局，带 "replayed":true；是平台说的，另有 "queried":true。"#,
        errors: r#"流水里没有这个号是 BAD_FIELD；没有动钱是 PLATFORM_REFUSED（failed）；平台没有说清是 TIMEOUT（unknown）：以后再调。"#,
    }
    journal_reconcile {
        does: r#"把流水里的一天与平台的 hop.trade.details 逐页对照，并与减免台账对照。"#,
        request: r#"{"day":"yyyyMMdd","param":{...}}：不给日期就是今天；param 是各院的明细除日期和页码之外需要的，例如一张卡。
            timeoutMs 是全部页合在一起的时限。"#,
        reply: r#"{"day","checked","onlyHere":[{"platform","orderNo" 或 "deductionID","service","state","amount"}],"onlyThere":[...],
            "differing":[{...,"member":"amount"|"state","here","there"}]}"#,
        errors: r#"BAD_FIELD；onepay_details 的各种错误；明细的名字与 onepay.details 不同是 BAD_ANSWER；STORE_FAILED。"#,
    }
}
