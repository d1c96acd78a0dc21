// The call that moves money and whose end is not known yet, in a file: whoever starts the program next finds it there.
unit KeptCall;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}

interface

uses
  Hislink;

const
  // As onepay.settleSeconds in the settings, or longer: so long the platform's "no such order" does not count.
  SettleMs = 10000;

type
  TKeptCall = record
    Operation: WideString;
    Request: WideString; // with its order number or deductionID
  end;

// False where there is none, or only a part of one: then the program died while it wrote it, which is before the call.
function ReadKept(const Path: string; out Call: TKeptCall): Boolean;
// An exception where it is not surely on the disk: nothing may be sent then.
procedure Keep(const Path: string; const Call: TKeptCall);
// The journal has no such number. The program ended before it made the call, or the store was lost since: only the platform
// can tell which.
function NotInJournal(const Reply: THislinkReply): Boolean;
// The question for the platform.
function QueryOf(const Call: TKeptCall): WideString;
// The question's reply, with the status of the order that was asked for. Only a signed answer counts that names the trade's
// state, and the call's amount if any: all else, such as a connection that failed, is the end of the question, and leaves the
// order unknown.
function Judged(const Call: TKeptCall; const Asked: THislinkReply): THislinkReply;
// Whether the platform said that it has no such order. It counts if it is still said SettleMs after the first time.
function NoSuchOrder(const Told: THislinkReply): Boolean;
// When its end is known and the cashier has been told.
procedure Forget(const Path: string);

implementation

uses
  {$IFNDEF FPC}Windows, {$ENDIF}SysUtils, Classes;

const
  ByteOrder = WideChar($FEFF); // Notepad shows the file then
  LineEnd = WideChar(#10);

procedure ForceToDisk(Stream: TFileStream);
begin
  {$IFDEF FPC}
  if not FileFlush(Stream.Handle) then
    raise EFOpenError.Create('not on the disk');
  {$ELSE}
  if not FlushFileBuffers(Stream.Handle) then
    raise EFOpenError.Create('not on the disk');
  {$ENDIF}
end;

procedure Keep(const Path: string; const Call: TKeptCall);
var
  Stream: TFileStream;
  Text: WideString;
begin
  Text := ByteOrder + Call.Operation + LineEnd + Call.Request + LineEnd;
  Stream := TFileStream.Create(Path, fmCreate);
  try
    Stream.WriteBuffer(PWideChar(Text)^, Length(Text) * SizeOf(WideChar));
    ForceToDisk(Stream);
  finally
    Stream.Free;
  end;
end;

function WholeText(const Path: string): WideString;
var
  Stream: TFileStream;
begin
  Stream := TFileStream.Create(Path, fmOpenRead or fmShareDenyWrite);
  try
    Result := '';
    SetLength(Result, Stream.Size div SizeOf(WideChar));
    if Result <> '' then
      Stream.ReadBuffer(PWideChar(Result)^, Length(Result) * SizeOf(WideChar));
  finally
    Stream.Free;
  end;
end;

function ReadKept(const Path: string; out Call: TKeptCall): Boolean;
var
  Text: WideString;
  Line: Integer;
begin
  Result := False;
  if not FileExists(Path) then
    Exit;
  Text := WholeText(Path);
  Line := Pos(LineEnd, Text);
  // The second line end is the last that is written. A request is one line: control characters are escaped in JSON.
  if (Line = 0) or (Line = Length(Text)) or (Text[Length(Text)] <> LineEnd) then
    Exit;
  Call.Operation := Copy(Text, 2, Line - 2);
  Call.Request := Copy(Text, Line + 1, Length(Text) - Line - 1);
  Result := True;
end;

function NotInJournal(const Reply: THislinkReply): Boolean;
begin
  Result := (Reply.Status = hsRejected) and (HislinkGet(Reply.Text, '/code') = 'BAD_FIELD');
end;

function QueryOf(const Call: TKeptCall): WideString;
begin
  Result := HislinkSet('', '/orderNo', HislinkGet(Call.Request, '/orderNo'));
end;

// 100 and 100.5 as the platform writes them: 100.00 and 100.50.
function TwoPlaces(const Amount: WideString): WideString;
var
  Point: Integer;
begin
  Point := Pos(WideString('.'), Amount);
  if Point = 0 then
    Result := Amount + '.00'
  else
    Result := Copy(Amount + '00', 1, Point + 2);
end;

function Judged(const Call: TKeptCall; const Asked: THislinkReply): THislinkReply;
var
  State, Code, Amount: WideString;
begin
  Result := Asked;
  Result.Status := hsUnknown;
  Code := HislinkGet(Asked.Text, '/data/respCode');
  // "verified" is there where the answer is not signed; another code refuses the question.
  if (HislinkGet(Asked.Text, '/data/verified') <> '') or ((Code <> '000000') and (Code <> '00000')) then
    Exit;
  Amount := HislinkGet(Asked.Text, '/data/param/chargeAmt');
  if (Amount <> '') and (TwoPlaces(Amount) <> TwoPlaces(HislinkGet(Call.Request, '/param/chargeAmt'))) then
    Exit;
  State := HislinkGet(Asked.Text, '/data/param/result');
  if State = 'succ' then
    Result.Status := hsSucceeded
  else if (State = 'init') or (State = 'ing') then
    Result.Status := hsPending
  else if (State = 'fail') or (State = 'closed') or (State = 'notfound') then
    Result.Status := hsFailed;
end;

function NoSuchOrder(const Told: THislinkReply): Boolean;
begin
  Result := (Told.Status = hsFailed) and (HislinkGet(Told.Text, '/data/param/result') = 'notfound');
end;

procedure Forget(const Path: string);
begin
  if not SysUtils.DeleteFile(Path) then
    raise EFOpenError.Create('cannot be removed: ' + Path);
end;

end.
