$PBExportHeader$n_cashier.sru
$PBExportComments$A cashier's program with hislink: charge, wristband, card, reduction
forward
global type n_cashier from nonvisualobject
end type
end forward

global type n_cashier from nonvisualobject
end type
global n_cashier n_cashier

type variables
public:
// What the cashier is to be told, a line each.
string is_told

// How of_run ends.
constant long ALL_DONE = 0
// Something surely was not done.
constant long NOT_DONE = 1
// The input, the settings or the store are wrong.
constant long WRONG = 2
// An end is still not known: run it again.
constant long STILL_OPEN = 3

private:
n_hislink in_hislink
// The file that holds the call that moves money, from before it is made until its end is known.
string is_kept
// How often, and with what pause, the very same call is made again while its end is not known. Each call asks the platform
// by itself, as long as its time lasts.
constant long ATTEMPTS = 3
constant long PAUSE_SECONDS = 2
// As onepay.settleSeconds in the settings, or longer: so long the platform's "no such order" does not count.
constant long SETTLE_SECONDS = 10
end variables

forward prototypes
public function long of_run (string as_settings, string as_kept, string as_card_no, string as_amount, string as_cert_no)
private subroutine of_say (string as_words)
private function boolean of_done (string as_step, long al_status, string as_reply)
private function boolean of_configure (string as_settings)
private function boolean of_keep (string as_operation, string as_request)
private function boolean of_read_kept (ref string as_operation, ref string as_request)
private function string of_words (string as_operation, boolean ab_done)
private function long of_insist (string as_operation, string as_request, ref string as_reply)
private function long of_end (string as_operation, long al_status, string as_reply)
private function long of_move (string as_operation, string as_request)
private function long of_what_became (string as_operation, string as_request, ref string as_reply)
private function string of_two_places (string as_amount)
private function long of_query (string as_request, ref string as_reply)
private function long of_ask_platform (string as_operation, string as_request, ref string as_reply)
private function long of_settle (string as_operation, string as_request)
private function string of_card_request (string as_card_no)
private function boolean of_show_account (string as_card_no)
private function long of_charge (string as_card_no, string as_amount)
private subroutine of_wristband (string as_card_no)
private subroutine of_sync_roster ()
private function string of_card_of (string as_cert_no)
private function string of_moment ()
private function string of_deduction (string as_card, string as_deduction_id)
private function long of_reduce_and_take_back (string as_cert_no)
end prototypes

public function long of_run (string as_settings, string as_kept, string as_card_no, string as_amount, string as_cert_no);
// The whole walk. as_settings is a file as of_init takes it. as_kept is a file that the call is kept in that moves money:
// whatever ends the program, the next run finds out what became of it, tells it, and does nothing else. One program at a
// time may work with it. Without as_cert_no no fee is reduced.
long ll_end
string ls_operation, ls_request

is_told = ""
is_kept = as_kept
// With a null all that looks at the file would be null, and neither true nor false: nothing would be kept.
if IsNull(is_kept) then is_kept = ""
if is_kept = "" then
	of_say("No file is given to keep the call in: nothing was sent.")
	return WRONG
end if
if not of_configure(as_settings) then return WRONG
if not of_read_kept(ls_operation, ls_request) then
	of_say("The file " + is_kept + " cannot be read, and may hold a call whose end is not known: nothing was sent.")
	return WRONG
end if
// What is given now is perhaps what was given for that very call: going on would charge the card once more.
if ls_operation <> "" then return of_settle(ls_operation, ls_request)
// Nothing has moved yet: if the account cannot be read, there is nothing to clear up.
if not of_show_account(as_card_no) then return NOT_DONE
ll_end = of_charge(as_card_no, as_amount)
if ll_end <> ALL_DONE then return ll_end
of_show_account(as_card_no)
of_wristband(as_card_no)
if IsNull(as_cert_no) then return ALL_DONE
if as_cert_no = "" then return ALL_DONE
return of_reduce_and_take_back(as_cert_no)
end function

private subroutine of_say (string as_words);
is_told = is_told + as_words + "~r~n"
end subroutine

private function boolean of_done (string as_step, long al_status, string as_reply);
// Whether a call succeeded; why not, is said.
if al_status = in_hislink.SUCCEEDED then return true
of_say(as_step + ": " + in_hislink.of_reason(as_reply))
return false
end function

private function boolean of_configure (string as_settings);
long ll_status
string ls_reply

ll_status = in_hislink.of_init(as_settings, ls_reply)
if not of_done("settings", ll_status, ls_reply) then return false
// Without a journal ("store":"none") a call that is made again would be sent again.
ll_status = in_hislink.of_journal_list('{"limit":1}', ls_reply)
return of_done("journal", ll_status, ls_reply)
end function

private function boolean of_keep (string as_operation, string as_request);
// Whether the call is surely on the disk: nothing may be sent otherwise. The last line tells that the file is whole.
integer li_file
boolean lb_written

li_file = FileOpen(is_kept, LineMode!, Write!, LockReadWrite!, Replace!)
if li_file = -1 then return false
lb_written = FileWrite(li_file, as_operation) > 0
if lb_written then lb_written = FileWrite(li_file, as_request) > 0
if lb_written then lb_written = FileWrite(li_file, "end") > 0
if FileClose(li_file) <> 1 then lb_written = false
if not lb_written then return false
return in_hislink.of_to_disk(is_kept)
end function

private function boolean of_read_kept (ref string as_operation, ref string as_request);
// False where the file is there and cannot be read. as_operation is "" where there is none, or only a part of one: then the
// program died while it wrote it, which is before the call.
integer li_file
boolean lb_read
string ls_end

as_operation = ""
as_request = ""
if not FileExists(is_kept) then return true
li_file = FileOpen(is_kept, LineMode!, Read!, LockWrite!)
if li_file = -1 then return false
// -1 is an error; the end of the file is another number.
lb_read = FileRead(li_file, as_operation) <> -1
if lb_read then lb_read = FileRead(li_file, as_request) <> -1
if lb_read then lb_read = FileRead(li_file, ls_end) <> -1
FileClose(li_file)
if ls_end <> "end" then as_operation = ""
return lb_read
end function

private function string of_words (string as_operation, boolean ab_done);
// The words for the cashier, by what was done.
choose case as_operation
	case "onepay_recharge"
		if ab_done then return "CHARGED, once: print the receipt."
		return "NOT CHARGED: give the money back, or charge anew."
	case "glory_deduct"
		if ab_done then return "REDUCED: take the rest of the fee."
		return "NOT REDUCED: take the whole fee."
end choose
if ab_done then return "TAKEN BACK: take the whole fee."
return "NOT TAKEN BACK: the reduction stands."
end function

private function long of_insist (string as_operation, string as_request, ref string as_reply);
// The same call until its end is known. The same number with the same content is never booked twice: called again, the
// library asks the platform what became of it. With another number it would be another payment.
long ll_status, ll_again, ll_attempt
string ls_again

ll_status = in_hislink.of_call(as_operation, as_request, as_reply)
for ll_attempt = 2 to ATTEMPTS
	if not in_hislink.of_open(ll_status) then exit
	Sleep(PAUSE_SECONDS)
	ll_again = in_hislink.of_call(as_operation, as_request, ls_again)
	// Rejected, as by a store that broke: this call did nothing, which tells nothing of the one before.
	if ll_again <> in_hislink.REJECTED then
		ll_status = ll_again
		as_reply = ls_again
	end if
next
return ll_status
end function

private function long of_end (string as_operation, long al_status, string as_reply);
// What a call that moves money came to: the cashier is told, and when its end is known the file goes.
if in_hislink.of_open(al_status) then
	of_say(in_hislink.of_reason(as_reply))
	of_say("NOT KNOWN YET: hand out nothing, take no money again; run this again in a minute.")
	return STILL_OPEN
end if
of_done(as_operation, al_status, as_reply)
of_say(of_words(as_operation, al_status = in_hislink.SUCCEEDED))
if not FileDelete(is_kept) then of_say("Remove the file " + is_kept + ": the next run tells the same again otherwise.")
if al_status = in_hislink.SUCCEEDED then return ALL_DONE
return NOT_DONE
end function

private function long of_move (string as_operation, string as_request);
// Moves money: first the call is on the disk, then it is made.
long ll_status
string ls_reply

if not of_keep(as_operation, as_request) then
	of_say("The call cannot be kept in " + is_kept + ": nothing was sent.")
	return WRONG
end if
ll_status = of_insist(as_operation, as_request, ls_reply)
return of_end(as_operation, ll_status, ls_reply)
end function

private function long of_what_became (string as_operation, string as_request, ref string as_reply);
// Asks what became of a call that an earlier run made, or was about to make. Sends no order; a cancellation, which the
// platform knows by its deductionID, is simply made again with its own time.
string ls_question

choose case as_operation
	case "onepay_recharge"
		in_hislink.of_set(ls_question, "/orderNo", in_hislink.of_get(as_request, "/orderNo"))
		return in_hislink.of_journal_resolve(ls_question, as_reply)
	case "glory_deduct"
		in_hislink.of_set(ls_question, "/deductionID", in_hislink.of_get(as_request, "/deductionID"))
		return in_hislink.of_journal_resolve(ls_question, as_reply)
end choose
return in_hislink.of_call(as_operation, as_request, as_reply)
end function

private function string of_two_places (string as_amount);
// 100 and 100.5 as the platform writes them: 100.00 and 100.50.
long ll_point

ll_point = Pos(as_amount, ".")
if ll_point = 0 then return as_amount + ".00"
return Left(as_amount + "00", ll_point + 2)
end function

private function long of_query (string as_request, ref string as_reply);
// The status of an order, by the platform. Only a signed answer counts that names the trade's state, and the call's amount
// if any: all else, such as a connection that failed, is the end of the question, and leaves the order unknown.
string ls_question, ls_code, ls_amount

in_hislink.of_set(ls_question, "/orderNo", in_hislink.of_get(as_request, "/orderNo"))
in_hislink.of_onepay_query(ls_question, as_reply)
// It is there where the answer is not signed.
if in_hislink.of_get(as_reply, "/data/verified") <> "" then return in_hislink.UNKNOWN
// Another code refuses the question.
ls_code = in_hislink.of_get(as_reply, "/data/respCode")
if ls_code <> "000000" and ls_code <> "00000" then return in_hislink.UNKNOWN
ls_amount = in_hislink.of_get(as_reply, "/data/param/chargeAmt")
if ls_amount <> "" then
	if of_two_places(ls_amount) <> of_two_places(in_hislink.of_get(as_request, "/param/chargeAmt")) then return in_hislink.UNKNOWN
end if
choose case in_hislink.of_get(as_reply, "/data/param/result")
	case "succ"
		return in_hislink.SUCCEEDED
	case "init", "ing"
		return in_hislink.PENDING
	case "fail", "closed", "notfound"
		return in_hislink.FAILED
end choose
return in_hislink.UNKNOWN
end function

private function long of_ask_platform (string as_operation, string as_request, ref string as_reply);
// What the platform says of a call that the journal does not know: the program ended before it made it, or the store was lost
// since.
long ll_status

// It has no query for these, and a new store would take what it refuses now for all that there ever was.
if as_operation <> "onepay_recharge" then
	of_say("NOT KNOWN: the store has nothing of it. Ask the platform's people, then remove the file " + is_kept + ".")
	return in_hislink.REJECTED
end if
ll_status = of_query(as_request, as_reply)
if ll_status = in_hislink.FAILED and in_hislink.of_get(as_reply, "/data/param/result") = "notfound" then
	// It may be on its way.
	Sleep(SETTLE_SECONDS)
	ll_status = of_query(as_request, as_reply)
end if
return ll_status
end function

private function long of_settle (string as_operation, string as_request);
// Finds out what became of the call that an earlier run left.
long ll_status, ll_end
string ls_reply

of_say("from before: " + as_operation + " " + as_request)
ll_status = of_what_became(as_operation, as_request, ls_reply)
// BAD_FIELD: the journal has no such number. Any other rejection means that the library cannot ask.
if ll_status = in_hislink.REJECTED and in_hislink.of_get(ls_reply, "/code") = "BAD_FIELD" then
	ll_status = of_ask_platform(as_operation, as_request, ls_reply)
end if
// It tells nothing of the money.
if ll_status = in_hislink.REJECTED then
	of_done("from before", ll_status, ls_reply)
	return WRONG
end if
ll_end = of_end(as_operation, ll_status, ls_reply)
if ll_end <> STILL_OPEN then of_say("Nothing else was done: run this again for what comes next.")
return ll_end
end function

private function string of_card_request (string as_card_no);
string ls_request

in_hislink.of_set(ls_request, "/param/cardType", "03")
in_hislink.of_set(ls_request, "/param/cardNo", as_card_no)
return ls_request
end function

private function boolean of_show_account (string as_card_no);
long ll_status
string ls_reply

ll_status = in_hislink.of_onepay_account_info(of_card_request(as_card_no), ls_reply)
if not of_done("account", ll_status, ls_reply) then return false
of_say("account: " + in_hislink.of_get(ls_reply, "/data/param/userName") + ", balance " + &
	in_hislink.of_get(ls_reply, "/data/param/balance"))
return true
end function

private function long of_charge (string as_card_no, string as_amount);
string ls_request, ls_order_no

ls_order_no = in_hislink.of_new_number("OC")
if ls_order_no = "" then return WRONG
ls_request = of_card_request(as_card_no)
in_hislink.of_set(ls_request, "/orderNo", ls_order_no)
// Yuan as text: money is never a floating-point number.
in_hislink.of_set(ls_request, "/param/chargeAmt", as_amount)
in_hislink.of_set(ls_request, "/param/depositeType", "CASH")
return of_move("onepay_recharge", ls_request)
end function

private subroutine of_wristband (string as_card_no);
long ll_status
string ls_request, ls_reply, ls_key

ls_request = of_card_request(as_card_no)
in_hislink.of_set(ls_request, "/param/operatorId", "0001")
in_hislink.of_set(ls_request, "/param/accountType", "01")
ll_status = in_hislink.of_onepay_wristband_code(ls_request, ls_reply)
if not of_done("wristband", ll_status, ls_reply) then return
ls_key = in_hislink.of_get(ls_reply, "/data/param/key")
ls_request = ""
in_hislink.of_set(ls_request, "/param/key", ls_key)
ll_status = in_hislink.of_onepay_wristband_account(ls_request, ls_reply)
if not of_done("wristband " + ls_key, ll_status, ls_reply) then return
of_say("wristband " + ls_key + ": balance " + in_hislink.of_get(ls_reply, "/data/param/balance"))
end subroutine

private subroutine of_sync_roster ();
// Brings the roster up to date, a part at a time. What was there before stays, whatever happens.
long ll_status
string ls_reply

do
	ll_status = in_hislink.of_glory_sync('{"maxPages":20}', ls_reply)
	if not of_done("roster", ll_status, ls_reply) then return
loop until in_hislink.of_get(ls_reply, "/data/done") = "true"
of_say("roster: up to record " + in_hislink.of_get(ls_reply, "/data/cursor"))
end subroutine

private function string of_card_of (string as_cert_no);
// The card as JSON; "" where the roster has none of this number.
long ll_status
string ls_request, ls_reply, ls_card

in_hislink.of_set(ls_request, "/certType", "0")
in_hislink.of_set(ls_request, "/certNo", as_cert_no)
ll_status = in_hislink.of_glory_lookup(ls_request, ls_reply)
if of_done("lookup", ll_status, ls_reply) then ls_card = in_hislink.of_get(ls_reply, "/data/cards/0")
if ls_card = "" then
	of_say("no card: the whole fee is to be paid")
else
	of_say("card: " + in_hislink.of_get(ls_card, "/gloryID") + " " + in_hislink.of_get(ls_card, "/certName"))
end if
return ls_card
end function

private function string of_moment ();
return String(Today(), "yyyy-mm-dd") + " " + String(Now(), "hh:mm:ss")
end function

private function string of_deduction (string as_card, string as_deduction_id);
string ls_request

in_hislink.of_set(ls_request, "/certType", in_hislink.of_get(as_card, "/certType"))
in_hislink.of_set(ls_request, "/certNo", in_hislink.of_get(as_card, "/certNo"))
in_hislink.of_set(ls_request, "/certName", in_hislink.of_get(as_card, "/certName"))
in_hislink.of_set(ls_request, "/gloryType", in_hislink.of_get(as_card, "/gloryType"))
in_hislink.of_set(ls_request, "/deductionID", as_deduction_id)
in_hislink.of_set(ls_request, "/deductionTime", of_moment())
in_hislink.of_set(ls_request, "/deductionType", "0")
in_hislink.of_set(ls_request, "/totalFee", "25.50")
in_hislink.of_set(ls_request, "/deductionFee", "10.00")
return ls_request
end function

private function long of_reduce_and_take_back (string as_cert_no);
// Reduces a fee, and takes the reduction back, as when the patient leaves after all.
long ll_end
string ls_card, ls_deduction_id, ls_cancellation

of_sync_roster()
ls_card = of_card_of(as_cert_no)
if ls_card = "" then return ALL_DONE
ls_deduction_id = in_hislink.of_new_number("GD")
if ls_deduction_id = "" then return WRONG
ll_end = of_move("glory_deduct", of_deduction(ls_card, ls_deduction_id))
if ll_end <> ALL_DONE then return ll_end
in_hislink.of_set(ls_cancellation, "/deductionID", ls_deduction_id)
in_hislink.of_set(ls_cancellation, "/deductionTime", of_moment())
return of_move("glory_cancel", ls_cancellation)
end function

on n_cashier.create
call super::create
TriggerEvent( this, "constructor" )
end on

on n_cashier.destroy
TriggerEvent( this, "destructor" )
call super::destroy
end on

event constructor;
in_hislink = create n_hislink
end event

event destructor;
destroy in_hislink
end event
