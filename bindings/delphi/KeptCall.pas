// The call that moves money and whose end is not known yet, in a file: whoever starts the program next finds it there.
unit KeptCall;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}

interface

type
  TKeptCall = record
    Operation: WideString;
    Request: WideString; // with its order number or deductionID
  end;

// False where there is none, or only a part of one: then the program died while it wrote it, which is before the call.
function ReadKept(const Path: string; out Call: TKeptCall): Boolean;
// An exception where it is not surely on the disk: nothing may be sent then.
procedure Keep(const Path: string; const Call: TKeptCall);
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

procedure Forget(const Path: string);
begin
  if not SysUtils.DeleteFile(Path) then
    raise EFOpenError.Create('cannot be removed: ' + Path);
end;

end.
