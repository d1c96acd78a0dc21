// hislink for Delphi 7 and later, and for Free Pascal (-Mdelphi).
//
// Two ways into the library, and a thin layer on top; README.md tells which to take.
//   1. One function an operation: UTF-8 in, UTF-8 out, and hislink_free.
//   2. hislink_call and its like, which write into a buffer of yours: UTF-8, GBK (_a) or UTF-16 (_w).
//   3. HislinkOnepayRecharge and its like: WideString in, a record out, nothing to free.
//
// The functions are bound when the program starts: without the library beside it the program does not start.
unit Hislink;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}

interface

uses
  SysUtils;

const
  {$IFDEF MSWINDOWS}
  HislinkLibrary = 'hislink.dll';
  {$ELSE}
  HislinkLibrary = 'libhislink.so';
  {$ENDIF}

  // What the functions that write into your buffer return. Of a movement of money HISLINK_TOO_SMALL and HISLINK_INTERNAL
  // are as good as HISLINK_UNKNOWN: never take a new number for it.
  HISLINK_SUCCEEDED = 0;
  HISLINK_FAILED = 1;
  HISLINK_UNKNOWN = 2;
  HISLINK_PENDING = 3;
  HISLINK_REJECTED = -1;
  // The operation HAS run, only its reply did not fit: hislink_result, on the same thread.
  HISLINK_TOO_SMALL = -2;
  HISLINK_INTERNAL = -3;

// Way 1. A reply is never nil, and goes to hislink_free once.

// A static text such as 0.1.0; it is not freed.
function hislink_version: PAnsiChar; cdecl; external HislinkLibrary;
// Before the program ends or unloads the library: stops listeners, closes stores and connections.
procedure hislink_shutdown; cdecl; external HislinkLibrary;
procedure hislink_free(Reply: PAnsiChar); cdecl; external HislinkLibrary;

// <functions> written by build.rs from the operation table: HISLINK_BLESS=1 cargo build

// Makes or replaces a profile: where the platforms are, with which identity, and how to reach them.
// Request: {"profile":"default","onepay":{"url","appId","appSecret","signType":"MD5"|"SM3",
// "encryptType":"AES"|"DES"|"SM4"|"Plain","version":"H.F.0.1","keyOrder":"ascii"|"sdk","orderField":"outChargeNo",
// "refundField":"outRefundNo","amountFields":[...],"settleSeconds":10,"details":{...}},"glory":{...},
// "http":{"connectTimeoutMs":5000,"timeoutMs":30000,"proxy","caFile","clientCertFile","clientKeyFile",
// "tls":"verify"|"insecure"},"store","journalDays":400,"log":{"dir":"PATH","level":"off"|"error"|"info"|"debug",
// "keepDays":30},"language":"zh"|"en"}, or {"file":"PATH"} holding the same as UTF-8 JSON.
// In data of the reply: {"profile"}, with "warnings" when a setting has no effect or is dangerous, or the log's
// folder cannot be written. Calls under way finish on the old profile. With tls insecure no certificate is verified,
// and every reply of a call that works with the profile carries "tls":"insecure" (docs/tls.md).
function hislink_configure(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Tells what this library is and knows.
// Request: {}
// In data of the reply: {"version","operations":[{"name","does"}],"dictionaries":[{"platform","field","section",
// "name","entries":[{"code","name"}]}],"profiles":{NAME:{...}}} with secrets shown as ***.
function hislink_describe(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Checks, one by one, what may stand between this machine and the profile's platforms, and says what to do about
// each. Moves no money, writes nothing into journal or roster.
// Request: {"platform":"onepay"|"glory"}: both that the profile has unless given. timeoutMs limits all checks
// together.
// In data of the reply: {"checks":[{"name","platform","status":"ok"|"warning"|"failed"|"skipped","detail","reason",
// "advice","ms"}],"passed"}: names are vectors, settings, lookup, connect, tls, answer, clock, identity, store, log;
// a name may come several times. platform, reason (as of TLS_FAILED), advice and ms are there where they apply.
// skipped: one before it failed. The reply succeeds when the checks ran; passed tells whether none failed.
function hislink_selftest(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Makes an order number that no other thread, process or machine makes.
// Request: {"prefix":"OC"}: optional, at most 8 letters or digits.
// In data of the reply: {"orderNo"}: the prefix, yyyyMMddHHmmss (UTC+8), a sequence and random digits: 32 characters.
function hislink_order_no(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Signs an envelope as it stands, by its own signType (MD5 when it has none).
// Request: {"message":{...}}: the whole envelope, as an object or as its JSON text.
// In data of the reply: {"sign","text"}: the sign in upper-case hex, and the signing text with the secret shown as
// ***.
function hislink_onepay_sign(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Checks the sign of an envelope, in constant time. Where only encryptData travels, it is decrypted first.
// Request: {"message":{...,"sign":"..."}}: as an object or as its JSON text.
// In data of the reply: {"verified":true}
function hislink_onepay_verify(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Says why the sign of an envelope does not verify: the known mistakes are tried one by one, then in pairs, until the
// sign comes out. Sends nothing, writes nothing.
// Request: {"message":{...,"sign":"..."}}: as for onepay_verify; best the JSON text that came.
// In data of the reply: {"verified","text","mistakes":[{"name","detail","text"}],"alternatives","hint"}: the right
// signing text; the mistakes that together make the sign hold, with the text that was signed; other names that would
// explain it alone; what to look at where it stays unexplained. The secret is shown as ***. verified true comes with
// no mistakes.
function hislink_onepay_explain(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Encrypts by the profile's encryptType: AES to upper-case hex, DES and SM4 to base64.
// Request: {"text":"..."} or {"param":{...}}, which is encrypted as its compact JSON text.
// In data of the reply: {"encryptData"}; with encryptType Plain the text itself.
function hislink_onepay_encrypt(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Decrypts by the profile's encryptType. Hex of either case and base64 with line breaks are taken.
// Request: {"encryptData":"..."}
// In data of the reply: {"text","param"}: param only where the text is a JSON object or array.
function hislink_onepay_decrypt(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Makes a request envelope that is signed, encrypted and ready to post. Sends nothing.
// Request: {"transType":"...","param":{...},"timestamp":"yyyyMMddHHmmss"}: the time is now (UTC+8) unless given. A
// param that is a string is used as it stands.
// In data of the reply: {"message":{...}}
function hislink_onepay_seal(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Opens an answer or a notification of the platform: decrypted, then verified.
// Request: {"message":{...}}: as an object or as the JSON text that came.
// In data of the reply: {"verified","param","message"}: the message with its param in plain. verified is false only
// for a refusal (respCode not zeros) that came unsigned. A notification charge.success or refund.success of an order
// in the journal settles it where the amount is the same: "journal":{"orderNo","state","settled",
// "amountDiffers":{"journal","platform"}}.
function hislink_onepay_open(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Runs any service of the platform and waits: seals, posts, opens and judges the answer.
// Request: {"transType":"...","param":{...},"timeoutMs":30000}
// In data of the reply: {"param","respCode","respMsg"}; status pending while the platform says init or ing.
function hislink_onepay_transact(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// hop.account.info: the patient's account. Codes in param are checked against the dictionaries.
// Request: {"param":{...},"orderNo"?}
// In data of the reply: as onepay_transact.
function hislink_onepay_account_info(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// hop.trade.recharge: puts money on an account, once for each order number: written into the journal before it is
// sent, and its outcome after. On status unknown or pending call again with the same number and content, or
// journal_resolve; never with a new number.
// Request: {"orderNo":"...","param":{...}}: the order number may stand in param (outChargeNo) instead. Amounts are
// yuan with at most two decimals.
// In data of the reply: as onepay_transact; with "replayed":true where an earlier call's outcome is told, with
// "queried":true where the library had to ask hop.trade.query, and "warnings" where the outcome could not be written
// down.
function hislink_onepay_recharge(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// hop.trade.refund: gives money back, once for each number, as onepay_recharge does. Refunds and recharges share one
// set of numbers.
// Request: {"orderNo":"...","param":{...}}: orderNo is the refund's own number (outRefundNo in param).
// In data of the reply: as onepay_recharge.
function hislink_onepay_refund(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// hop.trade.query: what became of an order, or of a refund.
// Request: {"orderNo":"..."} for an order, {"refundNo":"..."} for a refund by its own number, or
// {"param":{"outChargeNo":"..."}}
// In data of the reply: as onepay_transact. The status follows the trade's state: succ succeeded; init, ing pending;
// fail, closed, notfound failed; exp unknown. "data" is there in each case. Where the journal has the order open and
// its amount is the same, it is settled: "journal":{"orderNo","state","settled","amountDiffers"}.
function hislink_onepay_query(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// hop.trade.details: the list of trades.
// Request: {"param":{...},"orderNo"?}
// In data of the reply: as onepay_transact.
function hislink_onepay_details(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// portal.wb.queryAccount: the account behind a wristband code.
// Request: {"param":{"key":"..."}}
// In data of the reply: as onepay_transact; param holds balance, idNo, userName.
function hislink_onepay_wristband_account(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// portal.wb.getWristbandCode: makes the code of a patient's wristband.
// Request: {"param":{"cardType","cardNo","idNo","idType","operatorId","operatorName","accountType"}}
// In data of the reply: as onepay_transact; param holds key and Url.
function hislink_onepay_wristband_code(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Signs a body for the card platform: MD5, then HMAC-SHA256.
// Request: {"body":{...},"timestamp":"yyyyMMddHHmmss"}: the body as an object or as its JSON text; the time is now
// (UTC+8) unless given.
// In data of the reply: {"headers":{"sid","timestamp","sign"},"text"}: the headers to send, and the flattened signing
// text without the key.
function hislink_glory_sign(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Checks the sign of a body that came with headers, in constant time.
// Request: {"headers":{"timestamp","sign"},"body":{...}}: header names in any case; the body as an object or as its
// JSON text.
// In data of the reply: {"verified":true}
function hislink_glory_verify(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Says why the sign of a body does not verify, as onepay_explain does. Sends nothing, writes nothing.
// Request: {"headers":{"timestamp","sign"},"body":{...}}: as for glory_verify, with the header sid where it came; the
// body best as the text that came.
// In data of the reply: as onepay_explain.
function hislink_glory_explain(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Runs any service of the card platform and waits: signs, posts, verifies and judges the answer.
// Request: {"path":"/glorycard/store/all","body":{...},"timeoutMs":30000}
// In data of the reply: {"body"}: the answer's body.
function hislink_glory_transact(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Brings the roster in the store up to the platform's, page by page from where it stands. To be called again until
// done.
// Request: {"maxPages":20,"maxSeconds":60}: optional; no further page is asked for after so many, or so long.
// timeoutMs limits each page.
// In data of the reply: {"received","cursor","done"}: the cards stored by this call, the largest record number
// stored, and whether the platform said that there is no more.
function hislink_glory_sync(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Finds a certificate's cards in the store's roster. Asks nobody else.
// Request: {"certType":"0","certNo":"..."}: the case of letters in certNo does not matter.
// In data of the reply: {"found","cards":[{"certType","certNo","certName","gloryType","gloryID","dataID"}],
// "syncedAt"}: when the roster was last complete, yyyy-MM-dd HH:mm:ss (UTC+8), or null.
function hislink_glory_lookup(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Uploads a fee reduction (2.2): checked, written into the ledger, sent, and its outcome written down. On status
// unknown call again with the same content.
// Request: {"certType":"0".."6","certNo","certName","deductionID","totalFee":"25.50","deductionFee":"10.00",
// "deductionTime":"yyyy-MM-dd HH:mm:ss","gloryType":"1","deductionType":"0"|"1"|"2","remarks"?,"orgCode"?}: all
// strings. orgCode is the profile's. Amounts are yuan above zero with exactly two decimals. An 18-digit certNo of
// certType 0 must have its check digit right.
// In data of the reply: {"deductionID","status":"1","responseMessage"}; of a deduction that is known with the same
// content {"deductionID","status","replayed":true}. "warnings" where the outcome could not be written down.
function hislink_glory_deduct(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Takes a fee reduction back (2.3). On status unknown call again with the same time.
// Request: {"deductionID":"...","deductionTime":"yyyy-MM-dd HH:mm:ss","orgCode"?}: the time is the cancellation's.
// In data of the reply: {"deductionID","status":"0","responseMessage"}; {"deductionID","status":"0","replayed":true}
// where it was cancelled already at that time.
function hislink_glory_cancel(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Answers a /deductCheck of the platform (3.1) that the program's own web server received, from the ledger.
// Request: {"headers":{"sid","timestamp","sign"},"body":"..."}: all headers that came, names in any case; the body
// best as the text that came, or as an object.
// In data of the reply: {"headers":{"sid","timestamp","sign"},"body":{...}}: to be sent back as they are. A request
// that is refused has a signed answer too (responseFlag 0, no rows) and
// "refused":"MALFORMED"|"UNSIGNED"|"WRONG_SID"|"CLOCK"|"SIGN_MISMATCH"|"REPLAY"|"WRONG_ORG"|"BAD_SPAN"|"TOO_MANY"
// (rows: above 100000).
function hislink_glory_check(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Serves /deductCheck (3.1) on a thread of its own, until glory_unlisten or hislink_shutdown. It works by the profile
// as it is now. At most 256 connections, one request each; a newcomer takes the place of the oldest that has not
// asked yet.
// Request: {"bind":"ip:port","certFile","keyFile"}: port 0 takes a free one; both files are PEM. Without them plain
// HTTP, on loopback addresses, or anywhere with "plainHttp":true.
// In data of the reply: {"address"}: ip:port.
function hislink_glory_listen(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Stops the profile's listeners, or the one on that address. Requests under way get two seconds to end.
// Request: {"bind":"ip:port"}: optional; the address that glory_listen gave.
// In data of the reply: {"stopped":["ip:port"]}
function hislink_glory_unlisten(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Lists the journal of recharges, refunds, deductions and cancellations of the profile's appId and orgCode, newest
// first.
// Request: {"state":"sending"|"unknown"|"pending"|"succeeded"|"failed","since":"yyyy-MM-dd HH:mm:ss","limit":100}:
// all optional; since also as yyyyMMdd or yyyyMMddHHmmss (UTC+8); limit at most 10000.
// In data of the reply: {"entries":[{"orderNo" or "deductionID","platform","service","state","code","platformCode",
// "platformMessage","amount","begun","sent","changed","sends","profile","host","process","param","maySendAgain"}]}.
// param is null when the secret was changed since. sending: by a process that is alive; what a dead one left is
// unknown. maySendAgain: it failed since it did not arrive.
function hislink_journal_list(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Tells what became of an entry of the journal; where that is open, asks the platform first. Moves no money anew: a
// deduction or cancellation in doubt is repeated, which the platform knows by its deductionID.
// Request: {"orderNo":"..."} for a recharge, or a refund by its own number; {"deductionID":"..."} for a deduction, or
// its cancellation where there is one.
// In data of the reply: the end of the call that sent it, with "replayed":true; with "queried":true where the
// platform told.
function hislink_journal_resolve(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;

// Compares a day of the journal with the platform's hop.trade.details, page by page, and with the ledger of
// deductions.
// Request: {"day":"yyyyMMdd","param":{...}}: the day is today unless given; param is what the site's list needs
// besides days and pages, such as a card. timeoutMs limits all pages together.
// In data of the reply: {"day","checked","onlyHere":[{"platform","orderNo" or "deductionID","service","state",
// "amount"}],"onlyThere":[...],"differing":[{...,"member":"amount"|"state","here","there"}]}
function hislink_journal_reconcile(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;
// </functions>

// Way 2. Capacities count bytes, for _w 16-bit units, with the terminator.

// Runs the operation of that name; HISLINK_TOO_SMALL means that it HAS run.
function hislink_call(Operation, Request, Reply: PAnsiChar; Capacity: Integer): Integer; stdcall; external HislinkLibrary;
function hislink_call_a(Operation, Request, Reply: PAnsiChar; Capacity: Integer): Integer; stdcall; external HislinkLibrary;
function hislink_call_w(Operation, Request, Reply: PWideChar; Capacity: Integer): Integer; stdcall; external HislinkLibrary;

// This thread's last reply again, as often as wanted.
function hislink_result(Reply: PAnsiChar; Capacity: Integer): Integer; stdcall; external HislinkLibrary;
function hislink_result_a(Reply: PAnsiChar; Capacity: Integer): Integer; stdcall; external HislinkLibrary;
function hislink_result_w(Reply: PWideChar; Capacity: Integer): Integer; stdcall; external HislinkLibrary;

// The capacity that it takes.
function hislink_result_size: Integer; stdcall; external HislinkLibrary;
function hislink_result_size_a: Integer; stdcall; external HislinkLibrary;
function hislink_result_size_w: Integer; stdcall; external HislinkLibrary;

// The value at a JSON pointer such as /data/orderNo; its length, or -1 where there is none.
function hislink_json_get(Json, Path, Value: PAnsiChar; Capacity: Integer): Integer; stdcall; external HislinkLibrary;
function hislink_json_get_a(Json, Path, Value: PAnsiChar; Capacity: Integer): Integer; stdcall; external HislinkLibrary;
function hislink_json_get_w(Json, Path, Value: PWideChar; Capacity: Integer): Integer; stdcall; external HislinkLibrary;

// The JSON text with a string set; its length, or -1 where there is no such way.
function hislink_json_set(Json, Path, Value, Changed: PAnsiChar; Capacity: Integer): Integer; stdcall; external HislinkLibrary;
function hislink_json_set_a(Json, Path, Value, Changed: PAnsiChar; Capacity: Integer): Integer; stdcall; external HislinkLibrary;
function hislink_json_set_w(Json, Path, Value, Changed: PWideChar; Capacity: Integer): Integer; stdcall; external HislinkLibrary;

// Of ways 1 and 2, for a window that must not freeze: start an operation, and look for its reply in a timer's event. A ticket
// is 0 where 64 are under way; its reply is given once. Milliseconds: 0 looks only, -1 waits as long as it takes. While it
// is under way the reply is pending, with true at /data/underWay.
function hislink_start(Operation, Request: PAnsiChar): Int64; cdecl; external HislinkLibrary;
function hislink_wait(Ticket: Int64; Milliseconds: Integer): PAnsiChar; cdecl; external HislinkLibrary;

function hislink_call_start(Operation, Request: PAnsiChar): Int64; stdcall; external HislinkLibrary;
function hislink_call_start_a(Operation, Request: PAnsiChar): Int64; stdcall; external HislinkLibrary;
function hislink_call_start_w(Operation, Request: PWideChar): Int64; stdcall; external HislinkLibrary;

function hislink_call_wait(Ticket: Int64; Milliseconds: Integer; Reply: PAnsiChar; Capacity: Integer): Integer; stdcall; external HislinkLibrary;
function hislink_call_wait_a(Ticket: Int64; Milliseconds: Integer; Reply: PAnsiChar; Capacity: Integer): Integer; stdcall; external HislinkLibrary;
function hislink_call_wait_w(Ticket: Int64; Milliseconds: Integer; Reply: PWideChar; Capacity: Integer): Integer; stdcall; external HislinkLibrary;

// Way 3. WideString is UTF-16 in every Delphi; string would be GBK in Delphi 7.

type
  THislinkStatus = (
    hsSucceeded, // done
    hsFailed,    // surely nothing moved
    hsUnknown,   // nobody knows: the same number again, or HislinkJournalResolve; never a new number
    hsPending,   // the platform is still at it: ask later
    hsRejected   // wrong input or settings: this call did nothing
  );

  THislinkReply = record
    Status: THislinkStatus;
    Text: WideString; // the reply, a JSON object
  end;

  EHislink = class(Exception);

// Runs an operation. It is never run twice for a reply that is long. A fault inside the library is hsUnknown, and so is,
// for the caller, an exception that leaves this function (no memory for the reply).
function HislinkCall(const Operation, Request: WideString): THislinkReply;

// The same without holding the window up. HislinkStart gives a ticket at once: keep it, and call nothing else for it. A
// timer's event asks HislinkDone until it is True; Reply is then the operation's own, once. It is also True for a ticket
// that is 0, since 64 are under way, or that was asked for before: Reply is hsRejected then.
function HislinkStart(const Operation, Request: WideString): Int64;
function HislinkDone(Ticket: Int64; out Reply: THislinkReply): Boolean;

// The value at a JSON pointer: a string as it is, anything else as JSON; '' where there is none.
function HislinkGet(const Json, Path: WideString): WideString;
// Whether there is one; a string that is empty is there.
function HislinkFind(const Json, Path: WideString; var Value: WideString): Boolean;
// Json with a string at a JSON pointer; the objects on the way are made, and '' counts as {}. EHislink where the text is
// no JSON, or something else than an object or array stands on the way.
function HislinkSet(const Json, Path, Value: WideString): WideString;

// For way 1: a request as UTF-8, and a reply as WideString, which frees it.
//   HislinkTake(hislink_order_no(PAnsiChar(HislinkUtf8('{"prefix":"OC"}'))))
function HislinkUtf8(const Request: WideString): UTF8String;
function HislinkTake(Reply: PAnsiChar): WideString;

// <calls> written by build.rs from the operation table: HISLINK_BLESS=1 cargo build
function HislinkConfigure(const Request: WideString): THislinkReply;
function HislinkDescribe(const Request: WideString): THislinkReply;
function HislinkSelftest(const Request: WideString): THislinkReply;
function HislinkOrderNo(const Request: WideString): THislinkReply;
function HislinkOnepaySign(const Request: WideString): THislinkReply;
function HislinkOnepayVerify(const Request: WideString): THislinkReply;
function HislinkOnepayExplain(const Request: WideString): THislinkReply;
function HislinkOnepayEncrypt(const Request: WideString): THislinkReply;
function HislinkOnepayDecrypt(const Request: WideString): THislinkReply;
function HislinkOnepaySeal(const Request: WideString): THislinkReply;
function HislinkOnepayOpen(const Request: WideString): THislinkReply;
function HislinkOnepayTransact(const Request: WideString): THislinkReply;
function HislinkOnepayAccountInfo(const Request: WideString): THislinkReply;
function HislinkOnepayRecharge(const Request: WideString): THislinkReply;
function HislinkOnepayRefund(const Request: WideString): THislinkReply;
function HislinkOnepayQuery(const Request: WideString): THislinkReply;
function HislinkOnepayDetails(const Request: WideString): THislinkReply;
function HislinkOnepayWristbandAccount(const Request: WideString): THislinkReply;
function HislinkOnepayWristbandCode(const Request: WideString): THislinkReply;
function HislinkGlorySign(const Request: WideString): THislinkReply;
function HislinkGloryVerify(const Request: WideString): THislinkReply;
function HislinkGloryExplain(const Request: WideString): THislinkReply;
function HislinkGloryTransact(const Request: WideString): THislinkReply;
function HislinkGlorySync(const Request: WideString): THislinkReply;
function HislinkGloryLookup(const Request: WideString): THislinkReply;
function HislinkGloryDeduct(const Request: WideString): THislinkReply;
function HislinkGloryCancel(const Request: WideString): THislinkReply;
function HislinkGloryCheck(const Request: WideString): THislinkReply;
function HislinkGloryListen(const Request: WideString): THislinkReply;
function HislinkGloryUnlisten(const Request: WideString): THislinkReply;
function HislinkJournalList(const Request: WideString): THislinkReply;
function HislinkJournalResolve(const Request: WideString): THislinkReply;
function HislinkJournalReconcile(const Request: WideString): THislinkReply;
// </calls>

implementation

{$IFDEF MSWINDOWS}
uses
  Windows;
{$ENDIF}

const
  // Most replies fit; the others are fetched by hislink_result_w.
  FirstCapacity = 4096;

// A nil for '' would be a text of its own to the library, or no text at all.
function Wide(const Text: WideString): PWideChar;
const
  Nothing: WideChar = #0;
begin
  if Text = '' then
    Result := @Nothing
  else
    Result := PWideChar(Text);
end;

function StatusOf(Returned: Integer): THislinkStatus;
begin
  case Returned of
    HISLINK_SUCCEEDED: Result := hsSucceeded;
    HISLINK_FAILED: Result := hsFailed;
    HISLINK_PENDING: Result := hsPending;
    HISLINK_REJECTED: Result := hsRejected;
  else
    // Also HISLINK_INTERNAL: what ran until then may have moved money.
    Result := hsUnknown;
  end;
end;

// The reply of the call that this thread made last, whatever its length. The string has room for its own terminator.
function LastReply(var Text: WideString): Integer;
var
  Capacity: Integer;
begin
  Capacity := hislink_result_size_w;
  SetLength(Text, Capacity - 1);
  if Text = '' then
    Result := HISLINK_INTERNAL
  else
    Result := hislink_result_w(PWideChar(Text), Capacity);
end;

function HislinkCall(const Operation, Request: WideString): THislinkReply;
var
  Buffer: array[0..FirstCapacity - 1] of WideChar;
  Returned: Integer;
  Text: WideString;
begin
  if Request = '' then
    Returned := hislink_call_w(Wide(Operation), nil, @Buffer[0], FirstCapacity)
  else
    Returned := hislink_call_w(Wide(Operation), Wide(Request), @Buffer[0], FirstCapacity);
  Text := PWideChar(@Buffer[0]);
  if Returned = HISLINK_TOO_SMALL then
    Returned := LastReply(Text);
  // Last, since the result may be the caller's variable that holds the request.
  Result.Status := StatusOf(Returned);
  Result.Text := Text;
end;

function HislinkStart(const Operation, Request: WideString): Int64;
begin
  if Request = '' then
    Result := hislink_call_start_w(Wide(Operation), nil)
  else
    Result := hislink_call_start_w(Wide(Operation), Wide(Request));
end;

function HislinkDone(Ticket: Int64; out Reply: THislinkReply): Boolean;
var
  Buffer: array[0..FirstCapacity - 1] of WideChar;
  Returned: Integer;
  Text: WideString;
begin
  Returned := hislink_call_wait_w(Ticket, 0, @Buffer[0], FirstCapacity);
  Text := PWideChar(@Buffer[0]);
  if Returned = HISLINK_TOO_SMALL then
    Returned := LastReply(Text);
  Result := (Returned <> HISLINK_PENDING) or (HislinkGet(Text, '/data/underWay') <> 'true');
  if Result then
  begin
    Reply.Status := StatusOf(Returned);
    Reply.Text := Text;
  end;
end;

function HislinkFind(const Json, Path: WideString; var Value: WideString): Boolean;
var
  Room: WideString;
  Units: Integer;
begin
  // A value is never longer than the text that it stands in.
  Room := '';
  SetLength(Room, Length(Json) + 1);
  Units := hislink_json_get_w(Wide(Json), Wide(Path), PWideChar(Room), Length(Room) + 1);
  Result := Units >= 0;
  if not Result then
    Units := 0;
  SetLength(Room, Units);
  Value := Room;
end;

function HislinkGet(const Json, Path: WideString): WideString;
var
  Value: WideString;
begin
  Value := '';
  HislinkFind(Json, Path, Value);
  Result := Value;
end;

function HislinkSet(const Json, Path, Value: WideString): WideString;
var
  Room: WideString;
  Changed: Integer;
begin
  // The library would read it only up to there, such as what some card readers give at the end.
  if Pos(WideChar(#0), Value) > 0 then
    raise EHislink.Create('hislink: the text for ' + string(Path) + ' holds #0');
  Room := '';
  SetLength(Room, Length(Json) + Length(Path) + Length(Value) + 64);
  Changed := hislink_json_set_w(Wide(Json), Wide(Path), Wide(Value), PWideChar(Room), Length(Room) + 1);
  // Escapes may make it longer. To set a text again does no harm.
  while Changed = HISLINK_TOO_SMALL do
  begin
    SetLength(Room, Length(Room) * 2);
    Changed := hislink_json_set_w(Wide(Json), Wide(Path), Wide(Value), PWideChar(Room), Length(Room) + 1);
  end;
  if Changed < 0 then
    raise EHislink.Create('hislink: no place for a string in this JSON text: ' + string(Path));
  SetLength(Room, Changed);
  Result := Room;
end;

{$IFDEF MSWINDOWS}
// By Windows: the UTF-8 functions of Delphi 7 know no character beyond 16 bits.
function HislinkUtf8(const Request: WideString): UTF8String;
var
  Bytes: Integer;
begin
  Result := '';
  if Request = '' then
    Exit;
  Bytes := WideCharToMultiByte(CP_UTF8, 0, PWideChar(Request), Length(Request), nil, 0, nil, nil);
  SetLength(Result, Bytes);
  WideCharToMultiByte(CP_UTF8, 0, PWideChar(Request), Length(Request), PAnsiChar(Result), Bytes, nil, nil);
end;

function HislinkTake(Reply: PAnsiChar): WideString;
var
  Units: Integer;
  Text: WideString;
begin
  try
    Text := '';
    // With the terminator, which a WideString has room for.
    Units := MultiByteToWideChar(CP_UTF8, 0, Reply, -1, nil, 0);
    SetLength(Text, Units - 1);
    if Text <> '' then
      MultiByteToWideChar(CP_UTF8, 0, Reply, -1, PWideChar(Text), Units);
  finally
    hislink_free(Reply);
  end;
  Result := Text;
end;
{$ELSE}
function HislinkUtf8(const Request: WideString): UTF8String;
begin
  Result := UTF8Encode(Request);
end;

function HislinkTake(Reply: PAnsiChar): WideString;
begin
  try
    Result := UTF8Decode(Reply);
  finally
    hislink_free(Reply);
  end;
end;
{$ENDIF}

// <bodies> written by build.rs from the operation table: HISLINK_BLESS=1 cargo build
function HislinkConfigure(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('configure', Request);
end;

function HislinkDescribe(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('describe', Request);
end;

function HislinkSelftest(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('selftest', Request);
end;

function HislinkOrderNo(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('order_no', Request);
end;

function HislinkOnepaySign(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('onepay_sign', Request);
end;

function HislinkOnepayVerify(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('onepay_verify', Request);
end;

function HislinkOnepayExplain(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('onepay_explain', Request);
end;

function HislinkOnepayEncrypt(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('onepay_encrypt', Request);
end;

function HislinkOnepayDecrypt(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('onepay_decrypt', Request);
end;

function HislinkOnepaySeal(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('onepay_seal', Request);
end;

function HislinkOnepayOpen(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('onepay_open', Request);
end;

function HislinkOnepayTransact(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('onepay_transact', Request);
end;

function HislinkOnepayAccountInfo(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('onepay_account_info', Request);
end;

function HislinkOnepayRecharge(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('onepay_recharge', Request);
end;

function HislinkOnepayRefund(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('onepay_refund', Request);
end;

function HislinkOnepayQuery(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('onepay_query', Request);
end;

function HislinkOnepayDetails(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('onepay_details', Request);
end;

function HislinkOnepayWristbandAccount(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('onepay_wristband_account', Request);
end;

function HislinkOnepayWristbandCode(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('onepay_wristband_code', Request);
end;

function HislinkGlorySign(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('glory_sign', Request);
end;

function HislinkGloryVerify(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('glory_verify', Request);
end;

function HislinkGloryExplain(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('glory_explain', Request);
end;

function HislinkGloryTransact(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('glory_transact', Request);
end;

function HislinkGlorySync(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('glory_sync', Request);
end;

function HislinkGloryLookup(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('glory_lookup', Request);
end;

function HislinkGloryDeduct(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('glory_deduct', Request);
end;

function HislinkGloryCancel(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('glory_cancel', Request);
end;

function HislinkGloryCheck(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('glory_check', Request);
end;

function HislinkGloryListen(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('glory_listen', Request);
end;

function HislinkGloryUnlisten(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('glory_unlisten', Request);
end;

function HislinkJournalList(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('journal_list', Request);
end;

function HislinkJournalResolve(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('journal_resolve', Request);
end;

function HislinkJournalReconcile(const Request: WideString): THislinkReply;
begin
  Result := HislinkCall('journal_reconcile', Request);
end;

// </bodies>

end.
