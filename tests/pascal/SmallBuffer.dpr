// SmallBuffer SETTINGS ORDER
//
// Charges 1.00 under the number ORDER into a buffer of two characters: the charge has run, and its reply is handed over
// in each form, as often as wanted. Then replies longer than the layer's own first buffer.
program SmallBuffer;

{$IFDEF MSWINDOWS}{$APPTYPE CONSOLE}{$ENDIF}

uses
  {$IFDEF UNIX}cwstring, {$ENDIF}
  SysUtils, Hislink, Checks;

procedure ChargedIntoTwoCharacters(const Order: WideString);
var
  Request, Wide: WideString;
  Narrow: AnsiString;
  Buffer: array[0..3] of WideChar;
  Turn: Integer;
begin
  Request := ChargeOf(Order, '1.00');
  Buffer[0] := 'x';
  Buffer[1] := 'x';
  Buffer[2] := 'x';
  Check(hislink_call_w('onepay_recharge', PWideChar(Request), @Buffer[0], 2) = HISLINK_TOO_SMALL, 'it does not fit');
  Check((Buffer[0] = #0) and (Buffer[2] = 'x'), 'the buffer is empty, and nothing behind it was touched');
  for Turn := 1 to 2 do
  begin
    Wide := '';
    SetLength(Wide, hislink_result_size_w - 1);
    Check(hislink_result_w(PWideChar(Wide), 5) = HISLINK_TOO_SMALL, 'still too small');
    Check(hislink_result_w(PWideChar(Wide), Length(Wide) + 1) = HISLINK_SUCCEEDED, Wide);
    Check(HislinkGet(Wide, '/data/param/outChargeNo') = Order, Wide);
    Narrow := '';
    SetLength(Narrow, hislink_result_size_a - 1);
    Check(hislink_result_a(PAnsiChar(Narrow), Length(Narrow) + 1) = HISLINK_SUCCEEDED, 'GBK');
    SetLength(Narrow, hislink_result_size - 1);
    Check(hislink_result(PAnsiChar(Narrow), Length(Narrow) + 1) = HISLINK_SUCCEEDED, 'UTF-8');
    Check(Narrow[Length(Narrow)] = '}', 'whole');
  end;
end;

// A tag of this length comes back in the reply.
procedure LongReply(Units: Integer);
var
  Tag, Text: WideString;
begin
  Tag := WideString(StringOfChar('t', Units));
  Text := HislinkSet('', '/tag', Tag);
  Text := Expect(hsSucceeded, HislinkOrderNo(Text));
  Check(HislinkGet(Text, '/tag') = Tag, 'the tag came back whole');
  Check(Text[Length(Text)] = '}', 'the reply is whole, and no longer');
end;

// A ticket is 64 bits, on the stack and as a result; begun in one form, fetched in another.
procedure Tickets;
var
  Buffer: array[0..1023] of WideChar;
  Tag: WideString;
  Reply: THislinkReply;
  Ticket, Next: Int64;
  Bytes: PAnsiChar;
begin
  Bytes := @Buffer[0];
  Ticket := hislink_start('order_no', '{"tag":"u"}');
  Check(HislinkGet(HislinkTake(hislink_wait(Ticket, -1)), '/tag') = 'u', 'pointers');
  Next := hislink_call_start('order_no', nil);
  Check((Ticket > 0) and (Next = Ticket + 1), 'tickets count up');
  Check(hislink_call_wait_a(Next, -1, Bytes, SizeOf(Buffer)) = HISLINK_SUCCEEDED, 'UTF-8, then GBK');
  Check(hislink_call_wait(hislink_call_start_a('order_no', '{}'), 20000, Bytes, SizeOf(Buffer)) = HISLINK_SUCCEEDED, 'GBK, then UTF-8');
  Ticket := hislink_call_start_w('order_no', '{"tag":"w"}');
  Check(hislink_call_wait_w(Ticket, -1, @Buffer[0], 2) = HISLINK_TOO_SMALL, 'it does not fit');
  Check(hislink_result_w(@Buffer[0], 1024) = HISLINK_SUCCEEDED, 'kept');
  // As a number of 32 bits it would be the one before.
  Check(hislink_call_wait_w(Ticket + 4294967296, 0, @Buffer[0], 1024) = HISLINK_REJECTED, 'no such ticket');
  Tag := WideString(StringOfChar('t', 20000));
  Ticket := HislinkStart('order_no', HislinkSet('', '/tag', Tag));
  while not HislinkDone(Ticket, Reply) do
    Sleep(1);
  Check((Reply.Status = hsSucceeded) and (HislinkGet(Reply.Text, '/tag') = Tag), 'the layer, a long reply');
  Check(HislinkDone(Ticket, Reply) and (Reply.Status = hsRejected), 'it comes once');
  Check(HislinkDone(HislinkStart('', ''), Reply) or (Reply.Text = ''), 'no text while it is under way');
end;

procedure Replaced;
var
  Text, Value: WideString;
  Reply: THislinkReply;
begin
  // One variable for all: it is read before it is written.
  Reply.Text := '{"tag":"same"}';
  Reply := HislinkOrderNo(Reply.Text);
  Check(HislinkGet(Reply.Text, '/tag') = 'same', Reply.Text);
  Text := '';
  Value := '';
  Text := HislinkSet(Text, '/a/b', WideString(StringOfChar('"', 500)));
  Text := HislinkSet(Text, '/a/c', '');
  Check(HislinkFind(Text, '/a/c', Value) and (Value = ''), 'empty, and there');
  Check(not HislinkFind(Text, '/a/d', Value), 'not there');
  Text := HislinkGet(Text, '/a/b');
  Check((Length(Text) = 500) and (Text[500] = '"'), Text);
  try
    Text := HislinkSet('{"a":1}', '/a/b', 'x');
    Check(False, 'a string below a number');
  except
    on EHislink do;
  end;
  try
    Text := HislinkSet('', '/param/cardNo', WideString('10001') + WideChar(#0));
    Check(False, 'a card number with #0');
  except
    on EHislink do;
  end;
end;

var
  Units: Integer;

begin
  Configure(ParamStr(1));
  ChargedIntoTwoCharacters(WideString(ParamStr(2)));
  // Around the length at which the first buffer is full.
  for Units := 3900 to 4100 do
    LongReply(Units);
  LongReply(1000000);
  Tickets;
  Replaced;
  hislink_shutdown;
  Writeln('nothing was lost');
end.
