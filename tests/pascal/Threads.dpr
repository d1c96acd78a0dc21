// Threads SETTINGS ORDER
//
// 16 threads: each charges 0.01 five times under numbers of its own, and all of them 1.00 under the number ORDER, at once.
program Threads;

{$IFDEF MSWINDOWS}{$APPTYPE CONSOLE}{$ENDIF}

uses
  {$IFDEF UNIX}cthreads, cwstring, {$ENDIF}
  SysUtils, Classes, Hislink, Checks;

const
  Many = 16;
  Own = 5;

type
  TDesk = class(TThread)
  public
    Succeeded: Integer;
    Trouble: WideString;
    procedure Execute; override;
  private
    procedure Charge(const Number, Amount: WideString);
  end;

procedure TDesk.Charge(const Number, Amount: WideString);
var
  Reply: THislinkReply;
begin
  Reply := HislinkOnepayRecharge(ChargeOf(Number, Amount));
  if (Reply.Status = hsSucceeded) and (HislinkGet(Reply.Text, '/data/param/outChargeNo') = Number) then
    Inc(Succeeded)
  else
    Trouble := Reply.Text;
end;

procedure TDesk.Execute;
var
  Buffer: array[0..99] of WideChar;
  Turn: Integer;
begin
  // Another thread's reply is not this one's.
  if hislink_result_w(@Buffer[0], Length(Buffer)) <> -1 then
    Trouble := 'a reply before the first call';
  Charge(WideString(ParamStr(2)), '1.00');
  for Turn := 1 to Own do
    Charge(HislinkGet(HislinkOrderNo('').Text, '/data/orderNo'), '0.01');
end;

var
  Desks: array[1..Many] of TDesk;
  N: Integer;

begin
  Configure(ParamStr(1));
  for N := 1 to Many do
    Desks[N] := TDesk.Create(False);
  for N := 1 to Many do
  begin
    Desks[N].WaitFor;
    Check((Desks[N].Trouble = '') and (Desks[N].Succeeded = Own + 1), Desks[N].Trouble);
    Desks[N].Free;
  end;
  hislink_shutdown;
  Writeln('16 threads were served');
end.
