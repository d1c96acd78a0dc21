// A cashier's program, from the settings to the last fen.
//
//   Cashier SETTINGS KEPT [CARD [AMOUNT [CERTNO]]]
//   Cashier sandbox.json kept.txt 10001 100.00 11010519491231002X
//
// SETTINGS is a file as hislink_configure takes it. KEPT is a file that this program keeps the call in that moves money,
// from before it is made until its end is known: ended at any moment and started again, the program finds out what became of
// it, tells it, and does nothing else in that run. One program at a time may work with a KEPT file. Without CERTNO no fee is
// reduced.
//
// Ends with 0 when all was done, 1 when something surely was not, 2 when the input, the settings or the store are wrong,
// 3 when an end is still not known: start it again then.
program Cashier;

{$IFDEF MSWINDOWS}{$APPTYPE CONSOLE}{$ENDIF}

uses
  {$IFDEF UNIX}cwstring, {$ENDIF}
  SysUtils, Hislink, KeptCall;

const
  // How often, and with what pause, the very same call is made again while its end is not known. Each call asks the
  // platform by itself, as long as its time lasts.
  Attempts = 3;
  PauseMs = 2000;

type
  // Ends the program; the message is for the cashier.
  EEnd = class(Exception)
    Code: Integer;
    constructor Create(ACode: Integer; const Words: string);
  end;

constructor EEnd.Create(ACode: Integer; const Words: string);
begin
  inherited Create(Words);
  Code := ACode;
end;

procedure Say(const Words: WideString);
begin
  Writeln(Words);
end;

// Why it did not go well, in the words of the library and of the platform.
function Reason(const Reply: THislinkReply): WideString;
var
  Field: WideString;
begin
  Result := HislinkGet(Reply.Text, '/code') + ' ' + HislinkGet(Reply.Text, '/message');
  Field := HislinkGet(Reply.Text, '/field');
  if Field <> '' then
    Result := Result + ' (' + Field + ')';
end;

// Of what only asks: any end but success ends the program, or its part.
function Done(const Step: WideString; const Reply: THislinkReply): Boolean;
begin
  Result := Reply.Status = hsSucceeded;
  if not Result then
    Say(Step + ': ' + Reason(Reply));
end;

procedure Configure(const Settings: WideString);
begin
  if not Done('settings', HislinkConfigure(HislinkSet('', '/file', Settings))) then
    raise EEnd.Create(2, 'Call whoever keeps the settings.');
  // Without a journal ("store":"none") a call that is made again would be sent again.
  if not Done('journal', HislinkJournalList('{"limit":1}')) then
    raise EEnd.Create(2, 'No journal: no money is taken here.');
end;

// A number that no other window, desk or day makes.
function NewNumber(const Prefix: WideString): WideString;
begin
  Result := HislinkGet(HislinkOrderNo(HislinkSet('', '/prefix', Prefix)).Text, '/data/orderNo');
  if Result = '' then
    raise EEnd.Create(2, 'No number could be made: nothing was sent.');
end;

// The words for the cashier, by what was done.
function Told(const Operation: WideString; WasDone: Boolean): WideString;
begin
  if Operation = 'onepay_recharge' then
    if WasDone then
      Result := 'CHARGED, once: print the receipt.'
    else
      Result := 'NOT CHARGED: give the money back, or charge anew.'
  else if Operation = 'glory_deduct' then
    if WasDone then
      Result := 'REDUCED: take the rest of the fee.'
    else
      Result := 'NOT REDUCED: take the whole fee.'
  else if WasDone then
    Result := 'TAKEN BACK: take the whole fee.'
  else
    Result := 'NOT TAKEN BACK: the reduction stands.';
end;

procedure StopOpen(const Reply: THislinkReply);
begin
  Say(Reason(Reply));
  raise EEnd.Create(3, 'NOT KNOWN YET: hand out nothing, take no money again; start this program again in a minute.');
end;

// The same call until its end is known. The same number with the same content is never booked twice: called again, the
// library asks the platform what became of it. With another number it would be another payment.
function Insist(const Call: TKeptCall): THislinkReply;
var
  Attempt: Integer;
  Again: THislinkReply;
begin
  Result := HislinkCall(Call.Operation, Call.Request);
  for Attempt := 2 to Attempts do
  begin
    if not (Result.Status in [hsUnknown, hsPending]) then
      Exit;
    Say('... asking the platform again: ' + Reason(Result));
    Sleep(PauseMs);
    Again := HislinkCall(Call.Operation, Call.Request);
    // Rejected, as by a store that broke: this call did nothing, which tells nothing of the one before.
    if Again.Status <> hsRejected then
      Result := Again;
  end;
end;

// Moves money: first the call is on the disk, then it is made. False where surely nothing moved.
function Move(const Operation, Request: WideString): Boolean;
var
  Kept: string;
  Call: TKeptCall;
  Reply: THislinkReply;
begin
  Kept := ParamStr(2);
  Call.Operation := Operation;
  Call.Request := Request;
  Keep(Kept, Call);
  Reply := Insist(Call);
  if Reply.Status in [hsUnknown, hsPending] then
    StopOpen(Reply);
  Result := Done(Operation, Reply);
  Say(Told(Operation, Result));
  Forget(Kept);
end;

// Asks what became of a call that an earlier run made, or was about to make. Sends no order; a cancellation, which the
// platform knows by its deductionID, is simply made again with its own time.
function WhatBecameOf(const Call: TKeptCall): THislinkReply;
begin
  if Call.Operation = 'onepay_recharge' then
    Result := HislinkJournalResolve(HislinkSet('', '/orderNo', HislinkGet(Call.Request, '/orderNo')))
  else if Call.Operation = 'glory_deduct' then
    Result := HislinkJournalResolve(HislinkSet('', '/deductionID', HislinkGet(Call.Request, '/deductionID')))
  else
    Result := HislinkCall(Call.Operation, Call.Request);
end;

// What the platform says of a call that the journal does not know.
function AskPlatform(const Call: TKeptCall): THislinkReply;
begin
  // It has no query for these, and a new store would take what it refuses now for all that there ever was.
  if Call.Operation <> 'onepay_recharge' then
    raise EEnd.Create(2, 'NOT KNOWN: the store has nothing of it. Ask the platform''s people, then remove the file ' +
      ParamStr(2) + '.');
  Result := Judged(Call, HislinkOnepayQuery(QueryOf(Call)));
  if NoSuchOrder(Result) then
  begin
    Say('... the platform does not know it; it may be on its way, asking again');
    Sleep(SettleMs);
    Result := Judged(Call, HislinkOnepayQuery(QueryOf(Call)));
  end;
end;

// Ends the program where there was something: its arguments are perhaps those of the very call that has just been settled,
// and going on would charge the card once more.
procedure SettleKept;
const
  NothingElse = 'Nothing else was done: start again for what comes next.';
var
  Kept: string;
  Call: TKeptCall;
  Reply: THislinkReply;
begin
  Kept := ParamStr(2);
  if not ReadKept(Kept, Call) then
    Exit;
  Say('from before: ' + Call.Operation + ' ' + Call.Request);
  Reply := WhatBecameOf(Call);
  if NotInJournal(Reply) then
    Reply := AskPlatform(Call);
  if Reply.Status in [hsUnknown, hsPending] then
    StopOpen(Reply);
  if Reply.Status = hsRejected then
  begin
    Say(Reason(Reply));
    raise EEnd.Create(2, 'The library cannot ask: call whoever keeps the settings.');
  end;
  Say('from before: ' + Told(Call.Operation, Reply.Status = hsSucceeded));
  Forget(Kept);
  if Reply.Status = hsSucceeded then
    raise EEnd.Create(0, NothingElse);
  raise EEnd.Create(1, NothingElse);
end;

function CardOnly(const CardNo: WideString): WideString;
begin
  Result := HislinkSet('', '/param/cardType', '03');
  Result := HislinkSet(Result, '/param/cardNo', CardNo);
end;

procedure ShowAccount(const CardNo: WideString);
var
  Reply: THislinkReply;
begin
  Reply := HislinkOnepayAccountInfo(CardOnly(CardNo));
  // Nothing has moved: if the account cannot be read, there is nothing to clear up.
  if not Done('account', Reply) then
    raise EEnd.Create(1, 'Nothing was charged.');
  Say('account: ' + HislinkGet(Reply.Text, '/data/param/userName') + ', balance ' +
    HislinkGet(Reply.Text, '/data/param/balance'));
end;

procedure Charge(const CardNo, Amount: WideString);
var
  Request: WideString;
begin
  Request := HislinkSet(CardOnly(CardNo), '/orderNo', NewNumber('OC'));
  // Yuan as text: money is never a floating-point number.
  Request := HislinkSet(Request, '/param/chargeAmt', Amount);
  Request := HislinkSet(Request, '/param/depositeType', 'CASH');
  if not Move('onepay_recharge', Request) then
    raise EEnd.Create(1, 'The card is as it was.');
end;

procedure Wristband(const CardNo: WideString);
var
  Request, Key: WideString;
  Reply: THislinkReply;
begin
  Request := HislinkSet(CardOnly(CardNo), '/param/operatorId', '0001');
  Request := HislinkSet(Request, '/param/accountType', '01');
  Reply := HislinkOnepayWristbandCode(Request);
  if not Done('wristband', Reply) then
    Exit;
  Key := HislinkGet(Reply.Text, '/data/param/key');
  Reply := HislinkOnepayWristbandAccount(HislinkSet('', '/param/key', Key));
  if Done('wristband ' + Key, Reply) then
    Say('wristband ' + Key + ': balance ' + HislinkGet(Reply.Text, '/data/param/balance'));
end;

// Brings the roster up to date, a part at a time. What was there before stays, whatever happens.
procedure SyncRoster;
var
  Reply: THislinkReply;
begin
  repeat
    Reply := HislinkGlorySync('{"maxPages":20}');
    if not Done('roster', Reply) then
      Exit;
  until HislinkGet(Reply.Text, '/data/done') = 'true';
  Say('roster: up to record ' + HislinkGet(Reply.Text, '/data/cursor'));
end;

// '' where the roster has no card of this number.
function CardOf(const CertNo: WideString): WideString;
var
  Request: WideString;
  Reply: THislinkReply;
begin
  Request := HislinkSet(HislinkSet('', '/certType', '0'), '/certNo', CertNo);
  Reply := HislinkGloryLookup(Request);
  Result := '';
  if Done('lookup', Reply) then
    Result := HislinkGet(Reply.Text, '/data/cards/0');
  if Result = '' then
    Say('no card: the whole fee is to be paid')
  else
    Say('card: ' + HislinkGet(Result, '/gloryID') + ' ' + HislinkGet(Result, '/certName'));
end;

function Moment: WideString;
begin
  Result := WideString(FormatDateTime('yyyy"-"mm"-"dd hh":"nn":"ss', Now));
end;

function Deduction(const Card, DeductionID: WideString): WideString;
begin
  Result := HislinkSet('', '/certType', HislinkGet(Card, '/certType'));
  Result := HislinkSet(Result, '/certNo', HislinkGet(Card, '/certNo'));
  Result := HislinkSet(Result, '/certName', HislinkGet(Card, '/certName'));
  Result := HislinkSet(Result, '/gloryType', HislinkGet(Card, '/gloryType'));
  Result := HislinkSet(Result, '/deductionID', DeductionID);
  Result := HislinkSet(Result, '/deductionTime', Moment);
  Result := HislinkSet(Result, '/deductionType', '0');
  Result := HislinkSet(Result, '/totalFee', '25.50');
  Result := HislinkSet(Result, '/deductionFee', '10.00');
end;

// Reduces a fee, and takes the reduction back, as when the patient leaves after all.
procedure ReduceAndTakeBack(const CertNo: WideString);
var
  Card, DeductionID, Cancellation: WideString;
begin
  SyncRoster;
  Card := CardOf(CertNo);
  if Card = '' then
    Exit;
  DeductionID := NewNumber('GD');
  if not Move('glory_deduct', Deduction(Card, DeductionID)) then
    raise EEnd.Create(1, 'No reduction.');
  Cancellation := HislinkSet('', '/deductionID', DeductionID);
  Cancellation := HislinkSet(Cancellation, '/deductionTime', Moment);
  if not Move('glory_cancel', Cancellation) then
    raise EEnd.Create(1, 'Ask the platform''s people.');
end;

function Argument(Index: Integer; const Fallback: WideString): WideString;
begin
  Result := Fallback;
  if ParamCount >= Index then
    Result := WideString(ParamStr(Index));
end;

procedure Run;
var
  CardNo: WideString;
begin
  if (ParamCount < 2) or (ParamCount > 5) then
    raise EEnd.Create(2, 'usage: Cashier SETTINGS KEPT [CARD [AMOUNT [CERTNO]]]');
  Configure(Argument(1, ''));
  SettleKept;
  CardNo := Argument(3, '10001');
  ShowAccount(CardNo);
  Charge(CardNo, Argument(4, '100.00'));
  ShowAccount(CardNo);
  Wristband(CardNo);
  if ParamCount = 5 then
    ReduceAndTakeBack(Argument(5, ''));
end;

begin
  try
    try
      Run;
    finally
      hislink_shutdown;
    end;
  except
    on Stop: EEnd do
    begin
      Writeln(Stop.Message);
      ExitCode := Stop.Code;
    end;
    on Trouble: Exception do
    begin
      // No disk, no memory: what the KEPT file holds is found out at the next start.
      Writeln('stopped: ', Trouble.Message);
      ExitCode := 2;
    end;
  end;
end.
