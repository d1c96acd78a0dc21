// THE table of operations: dispatch, `describe`, the exported functions and the C header all come from here.
// It is read twice, by src/operations.rs and by build.rs, each with its own `operations!` macro.
// `members` are what a request may carry besides profile, tag, timeoutMs and inline settings.
// All text must be ASCII: it lands in the C header, which old compilers read in the system's own code page.
operations! {
    configure => crate::configure::configure {
        members: ["http", "store", "journalDays", "log", "language", "file"],
        does: "Makes or replaces a profile: where the platforms are, with which identity, and how to reach them.",
        request: "{\"profile\":\"default\",\"onepay\":{\"url\",\"appId\",\"appSecret\",\"signType\":\"MD5\"|\"SM3\",\
            \"encryptType\":\"AES\"|\"DES\"|\"SM4\"|\"Plain\",\"version\":\"H.F.0.1\",\"keyOrder\":\"ascii\"|\"sdk\",\
            \"orderField\":\"outChargeNo\",\"refundField\":\"outRefundNo\",\"amountFields\":[...],\"settleSeconds\":10,\
            \"details\":{...}},\"glory\":{...},\
            \"http\":{\"connectTimeoutMs\":5000,\"timeoutMs\":30000,\"proxy\",\"caFile\",\"clientCertFile\",\
            \"clientKeyFile\",\"tls\":\"verify\"|\"insecure\"},\"store\",\"journalDays\":400,\"log\":{\"dir\":\"PATH\",\
            \"level\":\"off\"|\"error\"|\"info\"|\"debug\",\"keepDays\":30},\"language\":\"zh\"|\"en\"}, or {\"file\":\"PATH\"} \
            holding the same as UTF-8 JSON.",
        reply: "{\"profile\"}, with \"warnings\" when a setting has no effect or is dangerous, or the log's folder cannot be written. \
            Calls under way finish on the old profile. With tls insecure no certificate is verified, and every reply of a call that \
            works with the profile carries \"tls\":\"insecure\" (docs/tls.md).",
        errors: "BAD_SETTINGS names the setting in \"field\", BAD_FIELD an unknown member of the request; nothing is \
            replaced then.",
        example: "{\"onepay\":{\"url\":\"http://127.0.0.1:18080/onepay-web/oneweb/oneapi\",\
            \"appId\":\"1A3VL0KVK0000B020A0A0000CC3F48AD\",\"appSecret\":\"1A3VL0KVE0010B010A0A0000277BDC91\"},\
            \"glory\":{\"url\":\"http://127.0.0.1:18080\",\"sid\":\"47258258201708031835123456\",\
            \"key\":\"4fd6b8105f894d0da964b1e80b07b136\",\"orgCode\":\"350100001\"}}",
    }
    describe => crate::operations::describe::describe {
        members: [],
        does: "Tells what this library is and knows.",
        request: "{}",
        reply: "{\"version\",\"operations\":[{\"name\",\"does\"}],\"dictionaries\":[{\"platform\",\"field\",\
            \"section\",\"name\",\"entries\":[{\"code\",\"name\"}]}],\"profiles\":{NAME:{...}}} with secrets shown as ***.",
        errors: "none of its own.",
        example: "{}",
    }
    selftest => crate::selftest::selftest {
        members: ["platform"],
        does: "Checks, one by one, what may stand between this machine and the profile's platforms, and says what to do about \
            each. Moves no money, writes nothing into journal or roster.",
        request: "{\"platform\":\"onepay\"|\"glory\"}: both that the profile has unless given. timeoutMs limits all checks together.",
        reply: "{\"checks\":[{\"name\",\"platform\",\"status\":\"ok\"|\"warning\"|\"failed\"|\"skipped\",\"detail\",\"reason\",\"advice\",\"ms\"}],\
            \"passed\"}: names are vectors, settings, lookup, connect, tls, answer, clock, identity, store, log; a name may come \
            several times. platform, reason (as of TLS_FAILED), advice and ms are there where they apply. skipped: one before it failed. The reply succeeds when \
            the checks ran; passed tells whether none failed.",
        errors: "BAD_FIELD for another platform; BAD_SETTINGS for one that the profile lacks; NO_PROFILE.",
        example: "{\"timeoutMs\":15000}",
    }
    order_no => crate::order_no::order_no {
        members: ["prefix"],
        does: "Makes an order number that no other thread, process or machine makes.",
        request: "{\"prefix\":\"OC\"}: optional, at most 8 letters or digits.",
        reply: "{\"orderNo\"}: the prefix, yyyyMMddHHmmss (UTC+8), a sequence and random digits: 32 characters.",
        errors: "BAD_FIELD for a prefix that is too long or has other characters.",
        example: "{\"prefix\":\"OC\"}",
    }
    onepay_sign => crate::onepay::calls::sign {
        members: ["message"],
        does: "Signs an envelope as it stands, by its own signType (MD5 when it has none).",
        request: "{\"message\":{...}}: the whole envelope, as an object or as its JSON text.",
        reply: "{\"sign\",\"text\"}: the sign in upper-case hex, and the signing text with the secret shown as ***.",
        errors: "BAD_FIELD for an unknown signType or a null inside an array, with the place.",
        example: "{\"message\":{\"appId\":\"A\",\"param\":{\"amount\":1.10},\"signType\":\"MD5\"}}",
    }
    onepay_verify => crate::onepay::calls::verify {
        members: ["message"],
        does: "Checks the sign of an envelope, in constant time. Where only encryptData travels, it is decrypted first.",
        request: "{\"message\":{...,\"sign\":\"...\"}}: as an object or as its JSON text.",
        reply: "{\"verified\":true}",
        errors: "SIGN_MISMATCH (failed) with {\"text\"}, the signing text; BAD_FIELD for a missing sign.",
        example: "{\"message\":{\"appId\":\"A\",\"sign\":\"F71A10C8E2A376584F0B5A2539BD1D04\"}}",
    }
    onepay_explain => crate::onepay::calls::explain {
        members: ["message"],
        does: "Says why the sign of an envelope does not verify: the known mistakes are tried one by one, then in pairs, until the \
            sign comes out. Sends nothing, writes nothing.",
        request: "{\"message\":{...,\"sign\":\"...\"}}: as for onepay_verify; best the JSON text that came.",
        reply: "{\"verified\",\"text\",\"mistakes\":[{\"name\",\"detail\",\"text\"}],\"alternatives\",\"hint\"}: the right signing text; \
            the mistakes that together make the sign hold, with the text that was signed; other names that would explain it \
            alone; what to look at where it stays unexplained. The secret is shown as ***. verified true comes with no mistakes.",
        errors: "BAD_FIELD for a missing sign, an unknown signType or a null inside an array; DECRYPT_FAILED (rejected) where no \
            cipher opens it.",
        example: "{\"message\":{\"appId\":\"A\",\"sign\":\"f71a10c8e2a376584f0b5a2539bd1d04\"}}",
    }
    onepay_encrypt => crate::onepay::calls::encrypt {
        members: ["text", "param"],
        does: "Encrypts by the profile's encryptType: AES to upper-case hex, DES and SM4 to base64.",
        request: "{\"text\":\"...\"} or {\"param\":{...}}, which is encrypted as its compact JSON text.",
        reply: "{\"encryptData\"}; with encryptType Plain the text itself.",
        errors: "BAD_FIELD for a character that GBK lacks (SM4), or for both or neither member.",
        example: "{\"param\":{\"cardNo\":\"10001\"}}",
    }
    onepay_decrypt => crate::onepay::calls::decrypt {
        members: ["encryptData"],
        does: "Decrypts by the profile's encryptType. Hex of either case and base64 with line breaks are taken.",
        request: "{\"encryptData\":\"...\"}",
        reply: "{\"text\",\"param\"}: param only where the text is a JSON object or array.",
        errors: "DECRYPT_FAILED (rejected) for broken hex or base64, wrong padding, a wrong key or a wrong charset.",
        example: "{\"encryptData\":\"4881709CA7AD08B8675294B1D812C603\"}",
    }
    onepay_seal => crate::onepay::calls::seal {
        members: ["transType", "param", "timestamp"],
        does: "Makes a request envelope that is signed, encrypted and ready to post. Sends nothing.",
        request: "{\"transType\":\"...\",\"param\":{...},\"timestamp\":\"yyyyMMddHHmmss\"}: the time is now (UTC+8) \
            unless given. A param that is a string is used as it stands.",
        reply: "{\"message\":{...}}",
        errors: "BAD_FIELD names the member, down to the place inside param.",
        example: "{\"transType\":\"hop.account.info\",\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}",
    }
    onepay_open => crate::onepay::calls::open {
        members: ["message"],
        does: "Opens an answer or a notification of the platform: decrypted, then verified.",
        request: "{\"message\":{...}}: as an object or as the JSON text that came.",
        reply: "{\"verified\",\"param\",\"message\"}: the message with its param in plain. verified is false only for a \
            refusal (respCode not zeros) that came unsigned. A notification charge.success or refund.success of an order in \
            the journal settles it where the amount is the same: \"journal\":{\"orderNo\",\"state\",\"settled\",\
            \"amountDiffers\":{\"journal\",\"platform\"}}.",
        errors: "DECRYPT_FAILED (rejected); SIGN_MISMATCH (failed) with {\"text\"}.",
        example: "{\"message\":{\"param\":{\"balance\":\"300.00\"},\"respCode\":\"000000\",\
            \"sign\":\"1300AE0D80F62BC75072CEB20F354280\"}}",
    }
    onepay_transact => crate::onepay::calls::transact {
        members: ["transType", "param"],
        does: "Runs any service of the platform and waits: seals, posts, opens and judges the answer.",
        request: "{\"transType\":\"...\",\"param\":{...},\"timeoutMs\":30000}",
        reply: "{\"param\",\"respCode\",\"respMsg\"}; status pending while the platform says init or ing.",
        errors: "CONNECT_FAILED, TLS_FAILED (failed: nothing was sent), TIMEOUT, HTTP_STATUS, BAD_ANSWER, SIGN_MISMATCH, \
            DECRYPT_FAILED (unknown wherever the request may have arrived), PLATFORM_REFUSED with platformCode and \
            platformMessage.",
        example: "{\"transType\":\"hop.account.info\",\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}",
    }
    onepay_account_info => crate::onepay::calls::account_info {
        members: ["param", "orderNo"],
        does: "hop.account.info: the patient's account. Codes in param are checked against the dictionaries.",
        request: "{\"param\":{...},\"orderNo\"?}",
        reply: "as onepay_transact.",
        errors: "BAD_FIELD names a wrong code or amount; the rest as onepay_transact.",
        example: "{\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}",
    }
    onepay_recharge => crate::onepay::calls::recharge {
        members: ["param", "orderNo"],
        does: "hop.trade.recharge: puts money on an account, once for each order number: written into the journal before it is \
            sent, and its outcome after. On status unknown or pending call again with the same number and content, or \
            journal_resolve; never with a new number.",
        request: "{\"orderNo\":\"...\",\"param\":{...}}: the order number may stand in param (outChargeNo) instead. \
            Amounts are yuan with at most two decimals.",
        reply: "as onepay_transact; with \"replayed\":true where an earlier call's outcome is told, with \"queried\":true where \
            the library had to ask hop.trade.query, and \"warnings\" where the outcome could not be written down.",
        errors: "BAD_FIELD for a missing order number, a wrong code or amount; DUPLICATE_ORDER (rejected) for a number that \
            was used with other content; STORE_FAILED (rejected: nothing was sent); PLATFORM_REFUSED (failed) also where the \
            platform, asked, knows no such trade: the same number may be sent again; the rest as onepay_transact.",
        example: "{\"orderNo\":\"OC20261121100000000001\",\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\",\
            \"chargeAmt\":\"100.00\",\"depositeType\":\"CASH\"}}",
    }
    onepay_refund => crate::onepay::calls::refund {
        members: ["param", "orderNo"],
        does: "hop.trade.refund: gives money back, once for each number, as onepay_recharge does. Refunds and recharges share \
            one set of numbers.",
        request: "{\"orderNo\":\"...\",\"param\":{...}}: orderNo is the refund's own number (outRefundNo in param).",
        reply: "as onepay_recharge.",
        errors: "as onepay_recharge.",
        example: "{\"orderNo\":\"RF20261121100000000001\",\"param\":{\"outChargeNo\":\"OC20261121100000000001\",\
            \"refundAmt\":\"20.00\",\"withdrawMode\":\"0\"}}",
    }
    onepay_query => crate::onepay::calls::query {
        members: ["param", "orderNo", "refundNo"],
        does: "hop.trade.query: what became of an order, or of a refund.",
        request: "{\"orderNo\":\"...\"} for an order, {\"refundNo\":\"...\"} for a refund by its own number, or \
            {\"param\":{\"outChargeNo\":\"...\"}}",
        reply: "as onepay_transact. The status follows the trade's state: succ succeeded; init, ing pending; fail, \
            closed, notfound failed; exp unknown. \"data\" is there in each case. Where the journal has the order open and \
            its amount is the same, it is settled: \"journal\":{\"orderNo\",\"state\",\"settled\",\"amountDiffers\"}.",
        errors: "as onepay_account_info.",
        example: "{\"orderNo\":\"OC20261121100000000001\"}",
    }
    onepay_details => crate::onepay::calls::details {
        members: ["param", "orderNo"],
        does: "hop.trade.details: the list of trades.",
        request: "{\"param\":{...},\"orderNo\"?}",
        reply: "as onepay_transact.",
        errors: "as onepay_account_info.",
        example: "{\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\",\"beginDate\":\"20261101\",\"endDate\":\"20261231\"}}",
    }
    onepay_wristband_account => crate::onepay::calls::wristband_account {
        members: ["param"],
        does: "portal.wb.queryAccount: the account behind a wristband code.",
        request: "{\"param\":{\"key\":\"...\"}}",
        reply: "as onepay_transact; param holds balance, idNo, userName.",
        errors: "BAD_FIELD for a missing key; the rest as onepay_transact.",
        example: "{\"param\":{\"key\":\"WB0001\"}}",
    }
    onepay_wristband_code => crate::onepay::calls::wristband_code {
        members: ["param"],
        does: "portal.wb.getWristbandCode: makes the code of a patient's wristband.",
        request: "{\"param\":{\"cardType\",\"cardNo\",\"idNo\",\"idType\",\"operatorId\",\"operatorName\",\"accountType\"}}",
        reply: "as onepay_transact; param holds key and Url.",
        errors: "as onepay_account_info.",
        example: "{\"param\":{\"cardType\":\"05\",\"cardNo\":\"Z20001\",\"operatorId\":\"0001\",\"accountType\":\"02\"}}",
    }
    glory_sign => crate::glory::calls::sign {
        members: ["body", "timestamp"],
        does: "Signs a body for the card platform: MD5, then HMAC-SHA256.",
        request: "{\"body\":{...},\"timestamp\":\"yyyyMMddHHmmss\"}: the body as an object or as its JSON text; the time is \
            now (UTC+8) unless given.",
        reply: "{\"headers\":{\"sid\",\"timestamp\",\"sign\"},\"text\"}: the headers to send, and the flattened signing text \
            without the key.",
        errors: "BAD_FIELD names the member; BAD_SETTINGS for a missing sid or key.",
        example: "{\"body\":{\"dataID\":0,\"orgCode\":\"H331001\"}}",
    }
    glory_verify => crate::glory::calls::verify {
        members: ["headers", "body"],
        does: "Checks the sign of a body that came with headers, in constant time.",
        request: "{\"headers\":{\"timestamp\",\"sign\"},\"body\":{...}}: header names in any case; the body as an object or as \
            its JSON text.",
        reply: "{\"verified\":true}",
        errors: "SIGN_MISMATCH (failed) with {\"text\"}; BAD_FIELD for a missing header.",
        example: "{\"headers\":{\"timestamp\":\"20210407155206\",\
            \"sign\":\"e7afe7e86467980f1d6ed3098ba67347ed9fdd431e4c07fd6f9de0b985f62887\"},\"body\":{\"dataID\":0}}",
    }
    glory_explain => crate::glory::calls::explain {
        members: ["headers", "body"],
        does: "Says why the sign of a body does not verify, as onepay_explain does. Sends nothing, writes nothing.",
        request: "{\"headers\":{\"timestamp\",\"sign\"},\"body\":{...}}: as for glory_verify, with the header sid where it came; the body \
            best as the text that came.",
        reply: "as onepay_explain.",
        errors: "BAD_FIELD for a missing header.",
        example: "{\"headers\":{\"timestamp\":\"20210407155206\",\
            \"sign\":\"E7AFE7E86467980F1D6ED3098BA67347ED9FDD431E4C07FD6F9DE0B985F62887\"},\"body\":{\"dataID\":0}}",
    }
    glory_transact => crate::glory::calls::transact {
        members: ["path", "body"],
        does: "Runs any service of the card platform and waits: signs, posts, verifies and judges the answer.",
        request: "{\"path\":\"/glorycard/store/all\",\"body\":{...},\"timeoutMs\":30000}",
        reply: "{\"body\"}: the answer's body.",
        errors: "BAD_FIELD for a path that is not the platform's; CONNECT_FAILED, TLS_FAILED (failed: nothing was sent), \
            TIMEOUT, HTTP_STATUS, BAD_ANSWER, SIGN_MISMATCH (unknown wherever the request may have arrived), \
            PLATFORM_REFUSED (responseFlag 0) with platformMessage and the answer's body in data.",
        example: "{\"path\":\"/glorycard/store/all\",\"body\":{\"dataID\":0,\"orgCode\":\"350100001\"}}",
    }
    glory_sync => crate::glory::roster::sync {
        members: ["maxPages", "maxSeconds"],
        does: "Brings the roster in the store up to the platform's, page by page from where it stands. To be called again \
            until done.",
        request: "{\"maxPages\":20,\"maxSeconds\":60}: optional; no further page is asked for after so many, or so long. \
            timeoutMs limits each page.",
        reply: "{\"received\",\"cursor\",\"done\"}: the cards stored by this call, the largest record number stored, and \
            whether the platform said that there is no more.",
        errors: "as glory_transact, and STORE_FAILED; BAD_ANSWER (failed) for rows that are not as documented, more than \
            500 of them, or records that do not go forward. \"data\" is there in each case, without done: what was stored \
            stays.",
        example: "{\"maxPages\":20}",
    }
    glory_lookup => crate::glory::roster::lookup {
        members: ["certType", "certNo"],
        does: "Finds a certificate's cards in the store's roster. Asks nobody else.",
        request: "{\"certType\":\"0\",\"certNo\":\"...\"}: the case of letters in certNo does not matter.",
        reply: "{\"found\",\"cards\":[{\"certType\",\"certNo\",\"certName\",\"gloryType\",\"gloryID\",\"dataID\"}],\
            \"syncedAt\"}: when the roster was last complete, yyyy-MM-dd HH:mm:ss (UTC+8), or null.",
        errors: "BAD_FIELD for a certType that is not in the dictionary 4.1 or a blank certNo; STORE_FAILED.",
        example: "{\"certType\":\"0\",\"certNo\":\"350203197205258630\"}",
    }
    glory_deduct => crate::glory::calls::deduct {
        members: ["orgCode", "certType", "certNo", "certName", "deductionID", "totalFee", "deductionFee",
            "deductionTime", "gloryType", "deductionType", "remarks"],
        does: "Uploads a fee reduction (2.2): checked, written into the ledger, sent, and its outcome written down. On \
            status unknown call again with the same content.",
        request: "{\"certType\":\"0\"..\"6\",\"certNo\",\"certName\",\"deductionID\",\"totalFee\":\"25.50\",\
            \"deductionFee\":\"10.00\",\"deductionTime\":\"yyyy-MM-dd HH:mm:ss\",\"gloryType\":\"1\",\
            \"deductionType\":\"0\"|\"1\"|\"2\",\"remarks\"?,\"orgCode\"?}: all strings. orgCode is the profile's. Amounts \
            are yuan above zero with exactly two decimals. An 18-digit certNo of certType 0 must have its check digit right.",
        reply: "{\"deductionID\",\"status\":\"1\",\"responseMessage\"}; of a deduction that is known with the same content \
            {\"deductionID\",\"status\",\"replayed\":true}. \"warnings\" where the outcome could not be written down.",
        errors: "BAD_FIELD names the member; DUPLICATE_ORDER for a known deductionID with other content; STORE_FAILED \
            (rejected: nothing was sent); PLATFORM_REFUSED (failed) with platformMessage, also for one that was cancelled; \
            CONNECT_FAILED, TLS_FAILED (failed: nothing was sent); TIMEOUT, HTTP_STATUS, BAD_ANSWER, SIGN_MISMATCH (unknown \
            wherever this or an earlier request may have arrived).",
        example: "{\"certType\":\"0\",\"certNo\":\"11010519491231002X\",\"certName\":\"Zhang San\",\"deductionID\":\"D1\",\
            \"totalFee\":\"25.50\",\"deductionFee\":\"10.00\",\"deductionTime\":\"2026-11-21 10:00:00\",\"gloryType\":\"1\",\
            \"deductionType\":\"0\"}",
    }
    glory_cancel => crate::glory::calls::cancel {
        members: ["orgCode", "deductionID", "deductionTime"],
        does: "Takes a fee reduction back (2.3). On status unknown call again with the same time.",
        request: "{\"deductionID\":\"...\",\"deductionTime\":\"yyyy-MM-dd HH:mm:ss\",\"orgCode\"?}: the time is the \
            cancellation's.",
        reply: "{\"deductionID\",\"status\":\"0\",\"responseMessage\"}; {\"deductionID\",\"status\":\"0\",\"replayed\":true} \
            where it was cancelled already at that time.",
        errors: "BAD_FIELD /deductionID for a deduction that the ledger does not know, that was refused, or whose own outcome \
            is unknown; DUPLICATE_ORDER /deductionTime with {\"cancelTime\"} for one that was cancelled with another time, or \
            whose cancellation with another time is unknown; the rest as glory_deduct.",
        example: "{\"deductionID\":\"D1\",\"deductionTime\":\"2026-11-21 11:00:00\"}",
    }
    glory_check => crate::glory::calls::check {
        members: ["headers", "body"],
        does: "Answers a /deductCheck of the platform (3.1) that the program's own web server received, from the ledger.",
        request: "{\"headers\":{\"sid\",\"timestamp\",\"sign\"},\"body\":\"...\"}: all headers that came, names in any case; \
            the body best as the text that came, or as an object.",
        reply: "{\"headers\":{\"sid\",\"timestamp\",\"sign\"},\"body\":{...}}: to be sent back as they are. A request that is \
            refused has a signed answer too (responseFlag 0, no rows) and \"refused\":\"MALFORMED\"|\"UNSIGNED\"|\"WRONG_SID\"|\
            \"CLOCK\"|\"SIGN_MISMATCH\"|\"REPLAY\"|\"WRONG_ORG\"|\"BAD_SPAN\"|\"TOO_MANY\" (rows: above 100000).",
        errors: "BAD_FIELD for missing headers or body; BAD_SETTINGS for a missing sid, key or orgCode; STORE_FAILED, with \
            the refusal to send back in data.",
        example: "{\"headers\":{\"sid\":\"47258258201708031835123456\",\"timestamp\":\"20261121100000\",\
            \"sign\":\"d88732e891578f50a20d0c8fc5733c90fc3487939007e0ce5d43165d0b9ae2ca\"},\
            \"body\":{\"orgCode\":\"350100001\",\"deductTimeStart\":\"2026-11-21 00:00:00\",\"deductionTimeEnd\":\"2026-11-21 23:59:59\"}}",
    }
    glory_listen => crate::glory::listener::listen {
        members: ["bind", "certFile", "keyFile", "plainHttp"],
        does: "Serves /deductCheck (3.1) on a thread of its own, until glory_unlisten or hislink_shutdown. It works by the \
            profile as it is now. At most 256 connections, one request each; a newcomer takes the place of the oldest that \
            has not asked yet.",
        request: "{\"bind\":\"ip:port\",\"certFile\",\"keyFile\"}: port 0 takes a free one; both files are PEM. Without them \
            plain HTTP, on loopback addresses, or anywhere with \"plainHttp\":true.",
        reply: "{\"address\"}: ip:port.",
        errors: "BAD_FIELD: /bind for an address that is in use, not this machine's, or listened on already; /certFile, \
            /keyFile for files that are not there, hold no certificate or key, or do not fit. BAD_SETTINGS for a missing sid, \
            key, orgCode or store; STORE_FAILED.",
        example: "{\"bind\":\"127.0.0.1:0\"}",
    }
    glory_unlisten => crate::glory::listener::unlisten {
        members: ["bind"],
        does: "Stops the profile's listeners, or the one on that address. Requests under way get two seconds to end.",
        request: "{\"bind\":\"ip:port\"}: optional; the address that glory_listen gave.",
        reply: "{\"stopped\":[\"ip:port\"]}",
        errors: "BAD_FIELD /bind where the profile does not listen there.",
        example: "{}",
    }
    journal_list => crate::bookkeeping::list {
        members: ["state", "since", "limit"],
        does: "Lists the journal of recharges, refunds, deductions and cancellations of the profile's appId and orgCode, newest \
            first.",
        request: "{\"state\":\"sending\"|\"unknown\"|\"pending\"|\"succeeded\"|\"failed\",\"since\":\"yyyy-MM-dd HH:mm:ss\",\
            \"limit\":100}: all optional; since also as yyyyMMdd or yyyyMMddHHmmss (UTC+8); limit at most 10000.",
        reply: "{\"entries\":[{\"orderNo\" or \"deductionID\",\"platform\",\"service\",\"state\",\"code\",\"platformCode\",\
            \"platformMessage\",\"amount\",\"begun\",\"sent\",\"changed\",\"sends\",\"profile\",\"host\",\"process\",\"param\",\"maySendAgain\"}]}. \
            param is null when the secret was changed since. sending: by a process that is alive; what a dead one left is \
            unknown. maySendAgain: it failed since it did not arrive.",
        errors: "BAD_FIELD; BAD_SETTINGS for store none; STORE_FAILED.",
        example: "{\"since\":\"20261101\",\"limit\":10}",
    }
    journal_resolve => crate::bookkeeping::resolve {
        members: ["orderNo", "deductionID"],
        does: "Tells what became of an entry of the journal; where that is open, asks the platform first. Moves no money anew: a \
            deduction or cancellation in doubt is repeated, which the platform knows by its deductionID.",
        request: "{\"orderNo\":\"...\"} for a recharge, or a refund by its own number; {\"deductionID\":\"...\"} for a deduction, \
            or its cancellation where there is one.",
        reply: "the end of the call that sent it, with \"replayed\":true; with \"queried\":true where the platform told.",
        errors: "BAD_FIELD for a number that the journal does not know; PLATFORM_REFUSED (failed) where nothing was moved; TIMEOUT \
            (unknown) where the platform does not tell: call again later.",
        example: "{\"orderNo\":\"OC20261121100000000001\"}",
    }
    journal_reconcile => crate::bookkeeping::reconcile {
        members: ["day", "param"],
        does: "Compares a day of the journal with the platform's hop.trade.details, page by page, and with the ledger of deductions.",
        request: "{\"day\":\"yyyyMMdd\",\"param\":{...}}: the day is today unless given; param is what the site's list needs besides \
            days and pages, such as a card. timeoutMs limits all pages together.",
        reply: "{\"day\",\"checked\",\"onlyHere\":[{\"platform\",\"orderNo\" or \"deductionID\",\"service\",\"state\",\"amount\"}],\
            \"onlyThere\":[...],\"differing\":[{...,\"member\":\"amount\"|\"state\",\"here\",\"there\"}]}",
        errors: "BAD_FIELD; those of onepay_details; BAD_ANSWER where the list is not named as in onepay.details; STORE_FAILED.",
        example: "{\"day\":\"20261121\"}",
    }
}
