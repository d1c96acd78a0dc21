// A charge from a form that must not freeze: started by a button, its reply looked for by a timer.
//
//   Background SETTINGS KEPT [CARD [AMOUNT]]
//   Background sandbox.json kept.txt 10001 100.00
//
// SETTINGS and KEPT as in Cashier.dpr: the call is on the disk before it is made. The program may be closed or killed while
// the platform takes its time; started again, it finds out what became of the call, and does nothing else in that run.
//
// A console program, so that it runs everywhere. TCharge is what a form holds: in the VCL ButtonClick is the button's
// OnClick, TimerTick the OnTimer of a TTimer (Interval 50, Enabled while Busy), and the loop at the end is Application.Run.
//
// Ends with 0 when the money is on the account, 1 when it surely is not, 2 when the input, the settings or the store are
// wrong, 3 when the end is still not known: start it again then.
program Background;

{$IFDEF MSWINDOWS}{$APPTYPE CONSOLE}{$ENDIF}

uses
  {$IFDEF UNIX}cwstring, {$ENDIF}
  SysUtils, Hislink, KeptCall;

const
  TickMs = 50;

type
  // What is under way: the charge, or a question for the call that an ended run left.
  TStep = (stCharge, stJournal, stPlatform);

  TCharge = class
  private
    FKept: string;
    FTicket: Int64;
    FBusy: Boolean;
    FStep: TStep;
    FLast: TKeptCall;
    FPauseMs: Integer; // before the platform is asked again
    FAskedTwice: Boolean;
    FTicks: Integer;
    FEnd: Integer;
    procedure Start(const Operation, Request: WideString);
    procedure AskPlatform;
    procedure Look(const Reply: THislinkReply);
    procedure Tell(const Reply: THislinkReply);
  public
    constructor Create(const Kept: string);
    // What an ended run left; False where that is nothing.
    function AskForTheLast: Boolean;
    procedure ButtonClick(const Card, Amount: WideString);
    procedure TimerTick;
    property Busy: Boolean read FBusy;
    property Ticks: Integer read FTicks;
    property EndCode: Integer read FEnd;
  end;

constructor TCharge.Create(const Kept: string);
begin
  inherited Create;
  FKept := Kept;
  FEnd := 2;
end;

procedure TCharge.Start(const Operation, Request: WideString);
begin
  // It comes back at once. With 0 nothing was begun, and the first tick is told why.
  FTicket := HislinkStart(Operation, Request);
  FBusy := True;
end;

function TCharge.AskForTheLast: Boolean;
begin
  Result := ReadKept(FKept, FLast);
  if not Result then
    Exit;
  Writeln('from before: ', HislinkGet(FLast.Request, '/orderNo'));
  FStep := stJournal;
  Start('journal_resolve', QueryOf(FLast));
end;

procedure TCharge.AskPlatform;
begin
  FStep := stPlatform;
  Start('onepay_query', QueryOf(FLast));
end;

procedure TCharge.ButtonClick(const Card, Amount: WideString);
var
  Call: TKeptCall;
  Number: WideString;
begin
  // In a form the button is off while a call is under way; clicks that were already there come all the same.
  if FBusy then
    Exit;
  Number := HislinkGet(HislinkOrderNo('{"prefix":"OC"}').Text, '/data/orderNo');
  if Number = '' then
    raise Exception.Create('no number could be made: nothing was sent');
  Call.Operation := 'onepay_recharge';
  Call.Request := HislinkSet('', '/orderNo', Number);
  Call.Request := HislinkSet(Call.Request, '/param/cardType', '03');
  Call.Request := HislinkSet(Call.Request, '/param/cardNo', Card);
  Call.Request := HislinkSet(Call.Request, '/param/chargeAmt', Amount);
  Call.Request := HislinkSet(Call.Request, '/param/depositeType', 'CASH');
  FStep := stCharge;
  // First the call on the disk, then the money.
  Keep(FKept, Call);
  Start(Call.Operation, Call.Request);
end;

procedure TCharge.TimerTick;
var
  Reply: THislinkReply;
begin
  if not FBusy then
    Exit;
  if FPauseMs > 0 then
  begin
    Dec(FPauseMs, TickMs);
    if FPauseMs <= 0 then
      AskPlatform;
    Exit;
  end;
  if not HislinkDone(FTicket, Reply) then
  begin
    // Here a form moves its progress bar.
    Inc(FTicks);
    if FTicks mod 10 = 0 then
      Writeln('charging, ', FTicks * TickMs, ' ms');
    Exit;
  end;
  // The reply came, and comes no second time.
  Look(Reply);
end;

procedure TCharge.Look(const Reply: THislinkReply);
var
  Known: THislinkReply;
begin
  Known := Reply;
  if (FStep = stJournal) and NotInJournal(Reply) then
  begin
    AskPlatform;
    Exit;
  end;
  if FStep = stPlatform then
    Known := Judged(FLast, Reply);
  if (FStep = stPlatform) and NoSuchOrder(Known) and not FAskedTwice then
  begin
    Writeln('the platform does not know it; it may be on its way, asking again');
    FAskedTwice := True;
    FPauseMs := SettleMs;
    Exit;
  end;
  FBusy := False;
  Tell(Known);
end;

procedure TCharge.Tell(const Reply: THislinkReply);
begin
  if Reply.Status <> hsSucceeded then
    Writeln(HislinkGet(Reply.Text, '/code') + ' ' + HislinkGet(Reply.Text, '/message'));
  case Reply.Status of
    hsSucceeded:
      begin
        Writeln('CHARGED, once: print the receipt.');
        FEnd := 0;
      end;
    hsFailed, hsRejected:
      begin
        // A question that was rejected tells nothing.
        if (FStep <> stCharge) and (Reply.Status = hsRejected) then
        begin
          Writeln('NOT KNOWN YET: it could not be asked for; start this program again.');
          FEnd := 3;
          Exit;
        end;
        Writeln('NOT CHARGED: give the money back, or charge anew.');
        FEnd := 1;
      end;
  else
    Writeln('NOT KNOWN YET: hand out nothing, start this program again in a minute.');
    FEnd := 3;
    Exit;
  end;
  Forget(FKept);
end;

// The default or what stands in the command line.
function Argument(Index: Integer; const Default: WideString): WideString;
begin
  Result := Default;
  if ParamCount >= Index then
    Result := WideString(ParamStr(Index));
end;

function Run: Integer;
var
  Charge: TCharge;
  Reply: THislinkReply;
begin
  Result := 2;
  if ParamCount < 2 then
  begin
    Writeln('usage: Background SETTINGS KEPT [CARD [AMOUNT]]');
    Exit;
  end;
  Reply := HislinkConfigure(HislinkSet('', '/file', WideString(ParamStr(1))));
  // Without a journal ("store":"none") a call that is made again would be sent again.
  if Reply.Status = hsSucceeded then
    Reply := HislinkJournalList('{"limit":1}');
  if Reply.Status <> hsSucceeded then
  begin
    Writeln(HislinkGet(Reply.Text, '/code') + ' ' + HislinkGet(Reply.Text, '/message'));
    Exit;
  end;
  Charge := TCharge.Create(ParamStr(2));
  try
    if not Charge.AskForTheLast then
      Charge.ButtonClick(Argument(3, '10001'), Argument(4, '100.00'));
    while Charge.Busy do
    begin
      Sleep(TickMs);
      Charge.TimerTick;
    end;
    Writeln('The form went on for ', Charge.Ticks, ' ticks.');
    Result := Charge.EndCode;
  finally
    Charge.Free;
  end;
end;

begin
  try
    ExitCode := Run;
  except
    on Problem: Exception do
    begin
      Writeln(Problem.Message);
      ExitCode := 3;
    end;
  end;
  // A call under way would not be waited for; what it was about is in the journal.
  hislink_shutdown;
end.
