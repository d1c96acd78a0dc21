HA$PBExportHeader$n_hislink.sru
$PBExportComments$hislink for PowerBuilder 10 and later. <object> written by build.rs from the operation table: HISLINK_BLESS=1 cargo build
forward
global type n_hislink from nonvisualobject
end type
end forward

global type n_hislink from nonvisualobject
end type
global n_hislink n_hislink

type prototypes
// Lengths count characters of this PowerBuilder's strings. The library writes no more than the capacity into a string
// passed by reference, which must be filled with Space() to that length before each call.
FUNCTION long hislink_call_w (string as_operation, string as_request, ref string as_out, long al_capacity) LIBRARY "hislink.dll"
FUNCTION long hislink_result_w (ref string as_out, long al_capacity) LIBRARY "hislink.dll"
FUNCTION long hislink_result_size_w () LIBRARY "hislink.dll"
FUNCTION long hislink_json_get_w (string as_json, string as_pointer, ref string as_out, long al_capacity) LIBRARY "hislink.dll"
FUNCTION long hislink_json_set_w (string as_json, string as_pointer, string as_value, ref string as_out, long al_capacity) LIBRARY "hislink.dll"
// A ticket has 64 bits: longlong, which PowerBuilder has from 10.5 on. An older one takes these two, of_start and of_done
// from n_hislink_ansi.sru, with _w in place of _a.
FUNCTION longlong hislink_call_start_w (string as_operation, string as_request) LIBRARY "hislink.dll"
FUNCTION long hislink_call_wait_w (longlong al_ticket, long al_milliseconds, ref string as_out, long al_capacity) LIBRARY "hislink.dll"
// These two take no arguments, so it does not matter that they are cdecl.
FUNCTION string hislink_version () LIBRARY "hislink.dll" ALIAS FOR "hislink_version;Ansi"
SUBROUTINE hislink_shutdown () LIBRARY "hislink.dll"
// Windows, for of_to_disk.
FUNCTION long file_open (string as_path, long al_access) LIBRARY "kernel32.dll" ALIAS FOR "_lopen;Ansi"
FUNCTION long file_flush (long al_file) LIBRARY "kernel32.dll" ALIAS FOR "FlushFileBuffers"
FUNCTION long file_close (long al_file) LIBRARY "kernel32.dll" ALIAS FOR "_lclose"
end prototypes

type variables
public:
// How an operation ended: of_call and all that are named after an operation.
constant long SUCCEEDED = 0
// Surely nothing moved.
constant long FAILED = 1
// Nobody knows: the same number again, or of_journal_resolve; never a new number.
constant long UNKNOWN = 2
// The platform is still at it: ask later.
constant long PENDING = 3
// Wrong input or settings: this call did nothing.
constant long REJECTED = -1

private:
// What the library itself returns beyond these.
constant long TOO_SMALL = -2
// Most replies fit; the others are fetched.
constant long FIRST_CAPACITY = 8192
// No JSON: what becomes of a text that of_set could not change, so that no call takes it for whole.
constant string SPOILT = "!"
end variables

forward prototypes
public function long of_init (string as_settings_file, ref string as_reply)
public function long of_call (string as_operation, string as_request, ref string as_reply)
public function longlong of_start (string as_operation, string as_request)
public function boolean of_done (longlong al_ticket, ref string as_reply, ref long al_status)
private function long of_status (long al_returned)
public function boolean of_find (string as_json, string as_pointer, ref string as_value)
public function string of_get (string as_json, string as_pointer)
public function boolean of_set (ref string as_json, string as_pointer, string as_value)
public function boolean of_open (long al_status)
public function string of_reason (string as_reply)
public function string of_new_number (string as_prefix)
public function long of_recharge (string as_order_no, string as_card_type, string as_card_no, string as_amount, string as_deposit_type, ref string as_reply)
public function string of_version ()
public subroutine of_shutdown ()
public function boolean of_to_disk (string as_path)
public function long of_configure (string as_request, ref string as_reply)
public function long of_describe (string as_request, ref string as_reply)
public function long of_selftest (string as_request, ref string as_reply)
public function long of_order_no (string as_request, ref string as_reply)
public function long of_onepay_sign (string as_request, ref string as_reply)
public function long of_onepay_verify (string as_request, ref string as_reply)
public function long of_onepay_explain (string as_request, ref string as_reply)
public function long of_onepay_encrypt (string as_request, ref string as_reply)
public function long of_onepay_decrypt (string as_request, ref string as_reply)
public function long of_onepay_seal (string as_request, ref string as_reply)
public function long of_onepay_open (string as_request, ref string as_reply)
public function long of_onepay_transact (string as_request, ref string as_reply)
public function long of_onepay_account_info (string as_request, ref string as_reply)
public function long of_onepay_recharge (string as_request, ref string as_reply)
public function long of_onepay_refund (string as_request, ref string as_reply)
public function long of_onepay_query (string as_request, ref string as_reply)
public function long of_onepay_details (string as_request, ref string as_reply)
public function long of_onepay_wristband_account (string as_request, ref string as_reply)
public function long of_onepay_wristband_code (string as_request, ref string as_reply)
public function long of_glory_sign (string as_request, ref string as_reply)
public function long of_glory_verify (string as_request, ref string as_reply)
public function long of_glory_explain (string as_request, ref string as_reply)
public function long of_glory_transact (string as_request, ref string as_reply)
public function long of_glory_sync (string as_request, ref string as_reply)
public function long of_glory_lookup (string as_request, ref string as_reply)
public function long of_glory_deduct (string as_request, ref string as_reply)
public function long of_glory_cancel (string as_request, ref string as_reply)
public function long of_glory_check (string as_request, ref string as_reply)
public function long of_glory_listen (string as_request, ref string as_reply)
public function long of_glory_unlisten (string as_request, ref string as_reply)
public function long of_journal_list (string as_request, ref string as_reply)
public function long of_journal_resolve (string as_request, ref string as_reply)
public function long of_journal_reconcile (string as_request, ref string as_reply)
end prototypes

public function long of_init (string as_settings_file, ref string as_reply);
// Makes the default profile of a settings file (UTF-8 JSON). SUCCEEDED, or REJECTED with the reason in as_reply.
string ls_request

of_set(ls_request, "/file", as_settings_file)
return of_configure(ls_request, as_reply)
end function

public function long of_call (string as_operation, string as_request, ref string as_reply);
// Runs an operation. It is never run twice for a reply that is long.
long ll_status, ll_size
string ls_reply

// A call with a null argument would not be made at all.
if IsNull(as_operation) then as_operation = ""
if IsNull(as_request) then as_request = SPOILT
if as_request = "" then as_request = "{}"
ls_reply = Space(FIRST_CAPACITY)
ll_status = hislink_call_w(as_operation, as_request, ls_reply, FIRST_CAPACITY)
if ll_status = TOO_SMALL then
	// The operation HAS run: only its reply is fetched, into a string that is filled anew.
	ll_size = hislink_result_size_w()
	ls_reply = Space(ll_size)
	ll_status = hislink_result_w(ls_reply, ll_size)
end if
as_reply = ls_reply
return of_status(ll_status)
end function

public function longlong of_start (string as_operation, string as_request);
// Starts an operation and comes back at once, for a window that must not freeze: the library runs it on a thread of its own.
// A ticket, for of_done; 0 where 64 are under way. Whatever is wrong with the request is in the ticket's reply.
if IsNull(as_operation) then as_operation = ""
if IsNull(as_request) then as_request = SPOILT
if as_request = "" then as_request = "{}"
return hislink_call_start_w(as_operation, as_request)
end function

public function boolean of_done (longlong al_ticket, ref string as_reply, ref long al_status);
// Looks whether a ticket's operation is done, without waiting: to be asked in a window's timer event until it is true. That
// comes once, with the reply and its status; also, with REJECTED, for a ticket that is 0 or was asked for before.
long ll_status, ll_size
string ls_reply

if IsNull(al_ticket) then al_ticket = 0
ls_reply = Space(FIRST_CAPACITY)
ll_status = hislink_call_wait_w(al_ticket, 0, ls_reply, FIRST_CAPACITY)
if ll_status = TOO_SMALL then
	ll_size = hislink_result_size_w()
	ls_reply = Space(ll_size)
	ll_status = hislink_result_w(ls_reply, ll_size)
end if
if ll_status = PENDING and of_get(ls_reply, "/data/underWay") = "true" then return false
as_reply = ls_reply
al_status = of_status(ll_status)
return true
end function

private function long of_status (long al_returned);
// What a number means. Also of a fault inside the library: what ran until then may have moved money.
choose case al_returned
	case SUCCEEDED, FAILED, PENDING, REJECTED
		return al_returned
end choose
return UNKNOWN
end function

public function boolean of_find (string as_json, string as_pointer, ref string as_value);
// The value at a JSON pointer such as /data/orderNo: a string as it is, anything else as JSON. False, and "", where there
// is none.
long ll_length, ll_capacity
string ls_value

as_value = ""
if IsNull(as_json) or IsNull(as_pointer) then return false
ll_capacity = Len(as_json) + 64
do
	ls_value = Space(ll_capacity)
	ll_length = hislink_json_get_w(as_json, as_pointer, ls_value, ll_capacity)
	ll_capacity = ll_capacity * 2
loop while ll_length = TOO_SMALL
if ll_length < 0 then return false
as_value = ls_value
return true
end function

public function string of_get (string as_json, string as_pointer);
// The value at a JSON pointer; "" where there is none.
string ls_value

of_find(as_json, as_pointer, ls_value)
return ls_value
end function

public function boolean of_set (ref string as_json, string as_pointer, string as_value);
// Sets a string at a JSON pointer, and makes the objects on the way; "" counts as {}. False where that cannot be, also for
// a null: as_json is no JSON then, and every call with it is rejected.
long ll_length, ll_capacity
string ls_json

if IsNull(as_json) or IsNull(as_pointer) or IsNull(as_value) then
	as_json = SPOILT
	return false
end if
ll_capacity = Len(as_json) + Len(as_pointer) + Len(as_value) + 64
do
	ls_json = Space(ll_capacity)
	ll_length = hislink_json_set_w(as_json, as_pointer, as_value, ls_json, ll_capacity)
	ll_capacity = ll_capacity * 2
loop while ll_length = TOO_SMALL
if ll_length < 0 then ls_json = SPOILT
as_json = ls_json
return ll_length >= 0
end function

public function boolean of_open (long al_status);
// Whether the end is still open: never take a new number for it.
return al_status = UNKNOWN or al_status = PENDING
end function

public function string of_reason (string as_reply);
// Why it did not go well, in the words of the library and of the platform.
string ls_reason, ls_field

ls_reason = of_get(as_reply, "/code") + " " + of_get(as_reply, "/message")
if of_find(as_reply, "/field", ls_field) then ls_reason = ls_reason + " (" + ls_field + ")"
return ls_reason
end function

public function string of_new_number (string as_prefix);
// A number that no other window, desk or day makes; "" where none could be made. Keep it on the disk before you use it.
string ls_request, ls_reply

of_set(ls_request, "/prefix", as_prefix)
if of_order_no(ls_request, ls_reply) <> SUCCEEDED then return ""
return of_get(ls_reply, "/data/orderNo")
end function

public function long of_recharge (string as_order_no, string as_card_type, string as_card_no, string as_amount, string as_deposit_type, ref string as_reply);
// Charges a card, once for each order number. The amount is yuan as text: money is never a floating-point number.
string ls_request

of_set(ls_request, "/orderNo", as_order_no)
of_set(ls_request, "/param/cardType", as_card_type)
of_set(ls_request, "/param/cardNo", as_card_no)
of_set(ls_request, "/param/chargeAmt", as_amount)
of_set(ls_request, "/param/depositeType", as_deposit_type)
return of_onepay_recharge(ls_request, as_reply)
end function

public function string of_version ();
return hislink_version()
end function

public subroutine of_shutdown ();
// When the application closes: stops listeners, closes stores and connections.
hislink_shutdown()
end subroutine

public function boolean of_to_disk (string as_path);
// Whether a file that was written and closed is surely on the disk, also when the power goes.
long ll_file, ll_flushed

if IsNull(as_path) then return false
// 2 is for reading and writing.
ll_file = file_open(as_path, 2)
if ll_file = -1 then return false
ll_flushed = file_flush(ll_file)
file_close(ll_file)
return ll_flushed <> 0
end function

public function long of_configure (string as_request, ref string as_reply);
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
return of_call("configure", as_request, as_reply)
end function

public function long of_describe (string as_request, ref string as_reply);
// Tells what this library is and knows.
// Request: {}
// In data of the reply: {"version","operations":[{"name","does"}],"dictionaries":[{"platform","field","section",
// "name","entries":[{"code","name"}]}],"profiles":{NAME:{...}}} with secrets shown as ***.
return of_call("describe", as_request, as_reply)
end function

public function long of_selftest (string as_request, ref string as_reply);
// Checks, one by one, what may stand between this machine and the profile's platforms, and says what to do about
// each. Moves no money, writes nothing into journal or roster.
// Request: {"platform":"onepay"|"glory"}: both that the profile has unless given. timeoutMs limits all checks
// together.
// In data of the reply: {"checks":[{"name","platform","status":"ok"|"warning"|"failed"|"skipped","detail","reason",
// "advice","ms"}],"passed"}: names are vectors, settings, lookup, connect, tls, answer, clock, identity, store, log;
// a name may come several times. platform, reason (as of TLS_FAILED), advice and ms are there where they apply.
// skipped: one before it failed. The reply succeeds when the checks ran; passed tells whether none failed.
return of_call("selftest", as_request, as_reply)
end function

public function long of_order_no (string as_request, ref string as_reply);
// Makes an order number that no other thread, process or machine makes.
// Request: {"prefix":"OC"}: optional, at most 8 letters or digits.
// In data of the reply: {"orderNo"}: the prefix, yyyyMMddHHmmss (UTC+8), a sequence and random digits: 32 characters.
return of_call("order_no", as_request, as_reply)
end function

public function long of_onepay_sign (string as_request, ref string as_reply);
// Signs an envelope as it stands, by its own signType (MD5 when it has none).
// Request: {"message":{...}}: the whole envelope, as an object or as its JSON text.
// In data of the reply: {"sign","text"}: the sign in upper-case hex, and the signing text with the secret shown as
// ***.
return of_call("onepay_sign", as_request, as_reply)
end function

public function long of_onepay_verify (string as_request, ref string as_reply);
// Checks the sign of an envelope, in constant time. Where only encryptData travels, it is decrypted first.
// Request: {"message":{...,"sign":"..."}}: as an object or as its JSON text.
// In data of the reply: {"verified":true}
return of_call("onepay_verify", as_request, as_reply)
end function

public function long of_onepay_explain (string as_request, ref string as_reply);
// Says why the sign of an envelope does not verify: the known mistakes are tried one by one, then in pairs, until the
// sign comes out. Sends nothing, writes nothing.
// Request: {"message":{...,"sign":"..."}}: as for onepay_verify; best the JSON text that came.
// In data of the reply: {"verified","text","mistakes":[{"name","detail","text"}],"alternatives","hint"}: the right
// signing text; the mistakes that together make the sign hold, with the text that was signed; other names that would
// explain it alone; what to look at where it stays unexplained. The secret is shown as ***. verified true comes with
// no mistakes.
return of_call("onepay_explain", as_request, as_reply)
end function

public function long of_onepay_encrypt (string as_request, ref string as_reply);
// Encrypts by the profile's encryptType: AES to upper-case hex, DES and SM4 to base64.
// Request: {"text":"..."} or {"param":{...}}, which is encrypted as its compact JSON text.
// In data of the reply: {"encryptData"}; with encryptType Plain the text itself.
return of_call("onepay_encrypt", as_request, as_reply)
end function

public function long of_onepay_decrypt (string as_request, ref string as_reply);
// Decrypts by the profile's encryptType. Hex of either case and base64 with line breaks are taken.
// Request: {"encryptData":"..."}
// In data of the reply: {"text","param"}: param only where the text is a JSON object or array.
return of_call("onepay_decrypt", as_request, as_reply)
end function

public function long of_onepay_seal (string as_request, ref string as_reply);
// Makes a request envelope that is signed, encrypted and ready to post. Sends nothing.
// Request: {"transType":"...","param":{...},"timestamp":"yyyyMMddHHmmss"}: the time is now (UTC+8) unless given. A
// param that is a string is used as it stands.
// In data of the reply: {"message":{...}}
return of_call("onepay_seal", as_request, as_reply)
end function

public function long of_onepay_open (string as_request, ref string as_reply);
// Opens an answer or a notification of the platform: decrypted, then verified.
// Request: {"message":{...}}: as an object or as the JSON text that came.
// In data of the reply: {"verified","param","message"}: the message with its param in plain. verified is false only
// for a refusal (respCode not zeros) that came unsigned. A notification charge.success or refund.success of an order
// in the journal settles it where the amount is the same: "journal":{"orderNo","state","settled",
// "amountDiffers":{"journal","platform"}}.
return of_call("onepay_open", as_request, as_reply)
end function

public function long of_onepay_transact (string as_request, ref string as_reply);
// Runs any service of the platform and waits: seals, posts, opens and judges the answer.
// Request: {"transType":"...","param":{...},"timeoutMs":30000}
// In data of the reply: {"param","respCode","respMsg"}; status pending while the platform says init or ing.
return of_call("onepay_transact", as_request, as_reply)
end function

public function long of_onepay_account_info (string as_request, ref string as_reply);
// hop.account.info: the patient's account. Codes in param are checked against the dictionaries.
// Request: {"param":{...},"orderNo"?}
// In data of the reply: as onepay_transact.
return of_call("onepay_account_info", as_request, as_reply)
end function

public function long of_onepay_recharge (string as_request, ref string as_reply);
// hop.trade.recharge: puts money on an account, once for each order number: written into the journal before it is
// sent, and its outcome after. On status unknown or pending call again with the same number and content, or
// journal_resolve; never with a new number.
// Request: {"orderNo":"...","param":{...}}: the order number may stand in param (outChargeNo) instead. Amounts are
// yuan with at most two decimals.
// In data of the reply: as onepay_transact; with "replayed":true where an earlier call's outcome is told, with
// "queried":true where the library had to ask hop.trade.query, and "warnings" where the outcome could not be written
// down.
return of_call("onepay_recharge", as_request, as_reply)
end function

public function long of_onepay_refund (string as_request, ref string as_reply);
// hop.trade.refund: gives money back, once for each number, as onepay_recharge does. Refunds and recharges share one
// set of numbers.
// Request: {"orderNo":"...","param":{...}}: orderNo is the refund's own number (outRefundNo in param).
// In data of the reply: as onepay_recharge.
return of_call("onepay_refund", as_request, as_reply)
end function

public function long of_onepay_query (string as_request, ref string as_reply);
// hop.trade.query: what became of an order, or of a refund.
// Request: {"orderNo":"..."} for an order, {"refundNo":"..."} for a refund by its own number, or
// {"param":{"outChargeNo":"..."}}
// In data of the reply: as onepay_transact. The status follows the trade's state: succ succeeded; init, ing pending;
// fail, closed, notfound failed; exp unknown. "data" is there in each case. Where the journal has the order open and
// its amount is the same, it is settled: "journal":{"orderNo","state","settled","amountDiffers"}.
return of_call("onepay_query", as_request, as_reply)
end function

public function long of_onepay_details (string as_request, ref string as_reply);
// hop.trade.details: the list of trades.
// Request: {"param":{...},"orderNo"?}
// In data of the reply: as onepay_transact.
return of_call("onepay_details", as_request, as_reply)
end function

public function long of_onepay_wristband_account (string as_request, ref string as_reply);
// portal.wb.queryAccount: the account behind a wristband code.
// Request: {"param":{"key":"..."}}
// In data of the reply: as onepay_transact; param holds balance, idNo, userName.
return of_call("onepay_wristband_account", as_request, as_reply)
end function

public function long of_onepay_wristband_code (string as_request, ref string as_reply);
// portal.wb.getWristbandCode: makes the code of a patient's wristband.
// Request: {"param":{"cardType","cardNo","idNo","idType","operatorId","operatorName","accountType"}}
// In data of the reply: as onepay_transact; param holds key and Url.
return of_call("onepay_wristband_code", as_request, as_reply)
end function

public function long of_glory_sign (string as_request, ref string as_reply);
// Signs a body for the card platform: MD5, then HMAC-SHA256.
// Request: {"body":{...},"timestamp":"yyyyMMddHHmmss"}: the body as an object or as its JSON text; the time is now
// (UTC+8) unless given.
// In data of the reply: {"headers":{"sid","timestamp","sign"},"text"}: the headers to send, and the flattened signing
// text without the key.
return of_call("glory_sign", as_request, as_reply)
end function

public function long of_glory_verify (string as_request, ref string as_reply);
// Checks the sign of a body that came with headers, in constant time.
// Request: {"headers":{"timestamp","sign"},"body":{...}}: header names in any case; the body as an object or as its
// JSON text.
// In data of the reply: {"verified":true}
return of_call("glory_verify", as_request, as_reply)
end function

public function long of_glory_explain (string as_request, ref string as_reply);
// Says why the sign of a body does not verify, as onepay_explain does. Sends nothing, writes nothing.
// Request: {"headers":{"timestamp","sign"},"body":{...}}: as for glory_verify, with the header sid where it came; the
// body best as the text that came.
// In data of the reply: as onepay_explain.
return of_call("glory_explain", as_request, as_reply)
end function

public function long of_glory_transact (string as_request, ref string as_reply);
// Runs any service of the card platform and waits: signs, posts, verifies and judges the answer.
// Request: {"path":"/glorycard/store/all","body":{...},"timeoutMs":30000}
// In data of the reply: {"body"}: the answer's body.
return of_call("glory_transact", as_request, as_reply)
end function

public function long of_glory_sync (string as_request, ref string as_reply);
// Brings the roster in the store up to the platform's, page by page from where it stands. To be called again until
// done.
// Request: {"maxPages":20,"maxSeconds":60}: optional; no further page is asked for after so many, or so long.
// timeoutMs limits each page.
// In data of the reply: {"received","cursor","done"}: the cards stored by this call, the largest record number
// stored, and whether the platform said that there is no more.
return of_call("glory_sync", as_request, as_reply)
end function

public function long of_glory_lookup (string as_request, ref string as_reply);
// Finds a certificate's cards in the store's roster. Asks nobody else.
// Request: {"certType":"0","certNo":"..."}: the case of letters in certNo does not matter.
// In data of the reply: {"found","cards":[{"certType","certNo","certName","gloryType","gloryID","dataID"}],
// "syncedAt"}: when the roster was last complete, yyyy-MM-dd HH:mm:ss (UTC+8), or null.
return of_call("glory_lookup", as_request, as_reply)
end function

public function long of_glory_deduct (string as_request, ref string as_reply);
// Uploads a fee reduction (2.2): checked, written into the ledger, sent, and its outcome written down. On status
// unknown call again with the same content.
// Request: {"certType":"0".."6","certNo","certName","deductionID","totalFee":"25.50","deductionFee":"10.00",
// "deductionTime":"yyyy-MM-dd HH:mm:ss","gloryType":"1","deductionType":"0"|"1"|"2","remarks"?,"orgCode"?}: all
// strings. orgCode is the profile's. Amounts are yuan above zero with exactly two decimals. An 18-digit certNo of
// certType 0 must have its check digit right.
// In data of the reply: {"deductionID","status":"1","responseMessage"}; of a deduction that is known with the same
// content {"deductionID","status","replayed":true}. "warnings" where the outcome could not be written down.
return of_call("glory_deduct", as_request, as_reply)
end function

public function long of_glory_cancel (string as_request, ref string as_reply);
// Takes a fee reduction back (2.3). On status unknown call again with the same time.
// Request: {"deductionID":"...","deductionTime":"yyyy-MM-dd HH:mm:ss","orgCode"?}: the time is the cancellation's.
// In data of the reply: {"deductionID","status":"0","responseMessage"}; {"deductionID","status":"0","replayed":true}
// where it was cancelled already at that time.
return of_call("glory_cancel", as_request, as_reply)
end function

public function long of_glory_check (string as_request, ref string as_reply);
// Answers a /deductCheck of the platform (3.1) that the program's own web server received, from the ledger.
// Request: {"headers":{"sid","timestamp","sign"},"body":"..."}: all headers that came, names in any case; the body
// best as the text that came, or as an object.
// In data of the reply: {"headers":{"sid","timestamp","sign"},"body":{...}}: to be sent back as they are. A request
// that is refused has a signed answer too (responseFlag 0, no rows) and
// "refused":"MALFORMED"|"UNSIGNED"|"WRONG_SID"|"CLOCK"|"SIGN_MISMATCH"|"REPLAY"|"WRONG_ORG"|"BAD_SPAN"|"TOO_MANY"
// (rows: above 100000).
return of_call("glory_check", as_request, as_reply)
end function

public function long of_glory_listen (string as_request, ref string as_reply);
// Serves /deductCheck (3.1) on a thread of its own, until glory_unlisten or hislink_shutdown. It works by the profile
// as it is now. At most 256 connections, one request each; a newcomer takes the place of the oldest that has not
// asked yet.
// Request: {"bind":"ip:port","certFile","keyFile"}: port 0 takes a free one; both files are PEM. Without them plain
// HTTP, on loopback addresses, or anywhere with "plainHttp":true.
// In data of the reply: {"address"}: ip:port.
return of_call("glory_listen", as_request, as_reply)
end function

public function long of_glory_unlisten (string as_request, ref string as_reply);
// Stops the profile's listeners, or the one on that address. Requests under way get two seconds to end.
// Request: {"bind":"ip:port"}: optional; the address that glory_listen gave.
// In data of the reply: {"stopped":["ip:port"]}
return of_call("glory_unlisten", as_request, as_reply)
end function

public function long of_journal_list (string as_request, ref string as_reply);
// Lists the journal of recharges, refunds, deductions and cancellations of the profile's appId and orgCode, newest
// first.
// Request: {"state":"sending"|"unknown"|"pending"|"succeeded"|"failed","since":"yyyy-MM-dd HH:mm:ss","limit":100}:
// all optional; since also as yyyyMMdd or yyyyMMddHHmmss (UTC+8); limit at most 10000.
// In data of the reply: {"entries":[{"orderNo" or "deductionID","platform","service","state","code","platformCode",
// "platformMessage","amount","begun","sent","changed","sends","profile","host","process","param","maySendAgain"}]}.
// param is null when the secret was changed since. sending: by a process that is alive; what a dead one left is
// unknown. maySendAgain: it failed since it did not arrive.
return of_call("journal_list", as_request, as_reply)
end function

public function long of_journal_resolve (string as_request, ref string as_reply);
// Tells what became of an entry of the journal; where that is open, asks the platform first. Moves no money anew: a
// deduction or cancellation in doubt is repeated, which the platform knows by its deductionID.
// Request: {"orderNo":"..."} for a recharge, or a refund by its own number; {"deductionID":"..."} for a deduction, or
// its cancellation where there is one.
// In data of the reply: the end of the call that sent it, with "replayed":true; with "queried":true where the
// platform told.
return of_call("journal_resolve", as_request, as_reply)
end function

public function long of_journal_reconcile (string as_request, ref string as_reply);
// Compares a day of the journal with the platform's hop.trade.details, page by page, and with the ledger of
// deductions.
// Request: {"day":"yyyyMMdd","param":{...}}: the day is today unless given; param is what the site's list needs
// besides days and pages, such as a card. timeoutMs limits all pages together.
// In data of the reply: {"day","checked","onlyHere":[{"platform","orderNo" or "deductionID","service","state",
// "amount"}],"onlyThere":[...],"differing":[{...,"member":"amount"|"state","here","there"}]}
return of_call("journal_reconcile", as_request, as_reply)
end function

on n_hislink.create
call super::create
TriggerEvent( this, "constructor" )
end on

on n_hislink.destroy
TriggerEvent( this, "destructor" )
call super::destroy
end on

event destructor;
// </object>
// The application calls of_shutdown when it closes; other objects of this type may still be at work.
end event
