// What the test programs share. A check that does not hold ends the program with 1.
unit Checks;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}

interface

uses
  Hislink;

procedure Check(Holds: Boolean; const What: WideString);
// Checks how a call ended, shows its reply where it did otherwise, and gives its text.
function Expect(Status: THislinkStatus; const Reply: THislinkReply): WideString;
procedure Configure(const SettingsFile: string);
// A charge of card 10001.
function ChargeOf(const OrderNo, Amount: WideString): WideString;
function NewNumber: WideString;

implementation

procedure Check(Holds: Boolean; const What: WideString);
begin
  if Holds then
    Exit;
  Writeln('does not hold: ', What);
  Halt(1);
end;

function Expect(Status: THislinkStatus; const Reply: THislinkReply): WideString;
begin
  Check(Reply.Status = Status, Reply.Text);
  Result := Reply.Text;
end;

procedure Configure(const SettingsFile: string);
begin
  Expect(hsSucceeded, HislinkConfigure(HislinkSet('', '/file', WideString(SettingsFile))));
end;

function ChargeOf(const OrderNo, Amount: WideString): WideString;
begin
  Result := HislinkSet('', '/orderNo', OrderNo);
  Result := HislinkSet(Result, '/param/cardType', '03');
  Result := HislinkSet(Result, '/param/cardNo', '10001');
  Result := HislinkSet(Result, '/param/chargeAmt', Amount);
  Result := HislinkSet(Result, '/param/depositeType', 'CASH');
end;

function NewNumber: WideString;
begin
  Result := HislinkGet(Expect(hsSucceeded, HislinkOrderNo('')), '/data/orderNo');
end;

end.
