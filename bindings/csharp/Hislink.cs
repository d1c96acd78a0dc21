public static class Hislink {
        // <operations> written by build.rs from the operation table: HISLINK_BLESS=1 cargo build
        /// <summary>Makes or replaces a profile: where the platforms are, with which identity, and how to reach them.</summary>
        public static HislinkReply Configure(string request) { return Call("configure", request); }
        /// <summary>Tells what this library is and knows.</summary>
        public static HislinkReply Describe(string request) { return Call("describe", request); }
        /// <summary>Makes an order number that no other thread, process or machine makes.</summary>
        public static HislinkReply OrderNo(string request) { return Call("order_no", request); }
        /// <summary>Signs an envelope as it stands, by its own signType (MD5 when it has none).</summary>
        public static HislinkReply OnepaySign(string request) { return Call("onepay_sign", request); }
        /// <summary>Checks the sign of an envelope, in constant time. Where only encryptData travels, it is decrypted first.</summary>
        public static HislinkReply OnepayVerify(string request) { return Call("onepay_verify", request); }
        /// <summary>Encrypts by the profile's encryptType: AES to upper-case hex, DES and SM4 to base64.</summary>
        public static HislinkReply OnepayEncrypt(string request) { return Call("onepay_encrypt", request); }
        /// <summary>Decrypts by the profile's encryptType. Hex of either case and base64 with line breaks are taken.</summary>
        public static HislinkReply OnepayDecrypt(string request) { return Call("onepay_decrypt", request); }
        /// <summary>Makes a request envelope that is signed, encrypted and ready to post. Sends nothing.</summary>
        public static HislinkReply OnepaySeal(string request) { return Call("onepay_seal", request); }
        /// <summary>Opens an answer or a notification of the platform: decrypted, then verified.</summary>
        public static HislinkReply OnepayOpen(string request) { return Call("onepay_open", request); }
        /// <summary>Runs any service of the platform and waits: seals, posts, opens and judges the answer.</summary>
        public static HislinkReply OnepayTransact(string request) { return Call("onepay_transact", request); }
        /// <summary>hop.account.info: the patient's account. Codes in param are checked against the dictionaries.</summary>
        public static HislinkReply OnepayAccountInfo(string request) { return Call("onepay_account_info", request); }
        /// <summary>hop.trade.recharge: puts money on an account, once for each order number: written into the journal before it is sent, and its outcome after. On status unknown or pending call again with the same number and content, or journal_resolve; never with a new number.</summary>
        public static HislinkReply OnepayRecharge(string request) { return Call("onepay_recharge", request); }
        /// <summary>hop.trade.refund: gives money back, once for each number, as onepay_recharge does. Refunds and recharges share one set of numbers.</summary>
        public static HislinkReply OnepayRefund(string request) { return Call("onepay_refund", request); }
        /// <summary>hop.trade.query: what became of an order, or of a refund.</summary>
        public static HislinkReply OnepayQuery(string request) { return Call("onepay_query", request); }
        /// <summary>hop.trade.details: the list of trades.</summary>
        public static HislinkReply OnepayDetails(string request) { return Call("onepay_details", request); }
        /// <summary>portal.wb.queryAccount: the account behind a wristband code.</summary>
        public static HislinkReply OnepayWristbandAccount(string request) { return Call("onepay_wristband_account", request); }
        /// <summary>portal.wb.getWristbandCode: makes the code of a patient's wristband.</summary>
        public static HislinkReply OnepayWristbandCode(string request) { return Call("onepay_wristband_code", request); }
        /// <summary>Signs a body for the card platform: MD5, then HMAC-SHA256.</summary>
        public static HislinkReply GlorySign(string request) { return Call("glory_sign", request); }
        /// <summary>Checks the sign of a body that came with headers, in constant time.</summary>
        public static HislinkReply GloryVerify(string request) { return Call("glory_verify", request); }
        /// <summary>Runs any service of the card platform and waits: signs, posts, verifies and judges the answer.</summary>
        public static HislinkReply GloryTransact(string request) { return Call("glory_transact", request); }
        /// <summary>Brings the roster in the store up to the platform's, page by page from where it stands. To be called again until done.</summary>
        public static HislinkReply GlorySync(string request) { return Call("glory_sync", request); }
        /// <summary>Finds a certificate's cards in the store's roster. Asks nobody else.</summary>
        public static HislinkReply GloryLookup(string request) { return Call("glory_lookup", request); }
        /// <summary>Uploads a fee reduction (2.2): checked, written into the ledger, sent, and its outcome written down. On status unknown call again with the same content.</summary>
        public static HislinkReply GloryDeduct(string request) { return Call("glory_deduct", request); }
        /// <summary>Takes a fee reduction back (2.3). On status unknown call again with the same time.</summary>
        public static HislinkReply GloryCancel(string request) { return Call("glory_cancel", request); }
        /// <summary>Answers a /deductCheck of the platform (3.1) that the program's own web server received, from the ledger.</summary>
        public static HislinkReply GloryCheck(string request) { return Call("glory_check", request); }
        /// <summary>Serves /deductCheck (3.1) on a thread of its own, until glory_unlisten or hislink_shutdown. It works by the profile as it is now.</summary>
        public static HislinkReply GloryListen(string request) { return Call("glory_listen", request); }
        /// <summary>Stops the profile's listeners, or the one on that address. Requests under way get two seconds to end.</summary>
        public static HislinkReply GloryUnlisten(string request) { return Call("glory_unlisten", request); }
        /// <summary>Lists the journal of recharges, refunds, deductions and cancellations of the profile's appId and orgCode, newest first.</summary>
        public static HislinkReply JournalList(string request) { return Call("journal_list", request); }
        /// <summary>Tells what became of an entry of the journal; where that is open, asks the platform first. Moves no money anew: a deduction or cancellation in doubt is repeated, which the platform knows by its deductionID.</summary>
        public static HislinkReply JournalResolve(string request) { return Call("journal_resolve", request); }
        /// <summary>Compares a day of the journal with the platform's hop.trade.details, page by page, and with the ledger of deductions.</summary>
        public static HislinkReply JournalReconcile(string request) { return Call("journal_reconcile", request); }
        // </operations>
}
