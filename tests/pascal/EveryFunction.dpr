// Calls each operation without a request, by its C function and by the layer's, and prints a line for each. every.inc has
// a line an operation, as `One('order_no', hislink_order_no(nil), HislinkOrderNo(''));`; the test writes it.
program EveryFunction;

{$IFDEF MSWINDOWS}{$APPTYPE CONSOLE}{$ENDIF}

uses
  {$IFDEF UNIX}cwstring, {$ENDIF}
  SysUtils, Hislink, Checks;

procedure One(const Operation: WideString; Reply: PAnsiChar; const OfLayer: THislinkReply);
const
  Words: array[THislinkStatus] of WideString = ('succeeded', 'failed', 'unknown', 'pending', 'rejected');
var
  Text: WideString;
begin
  Text := HislinkTake(Reply);
  Check(HislinkGet(OfLayer.Text, '/status') = Words[OfLayer.Status], OfLayer.Text);
  Check(HislinkGet(OfLayer.Text, '/status') = HislinkGet(Text, '/status'), Text);
  Check(HislinkGet(OfLayer.Text, '/code') = HislinkGet(Text, '/code'), Text);
  Writeln(Operation, ' ', HislinkGet(Text, '/status'), ' ', HislinkGet(Text, '/code'));
end;

procedure Encodings;
const
  // A picture beyond 16 bits, two Chinese characters.
  Tag: array[0..3] of Word = ($D83D, $DE00, $5145, $503C);
var
  Text: WideString;
  N: Integer;
begin
  Text := '';
  for N := 0 to High(Tag) do
    Text := Text + WideChar(Tag[N]);
  Check(HislinkGet(HislinkTake(hislink_order_no(PAnsiChar(HislinkUtf8(HislinkSet('', '/tag', Text))))), '/tag') = Text,
    'UTF-8 there and back');
  Check(HislinkGet(HislinkOrderNo(HislinkSet('', '/tag', Text)).Text, '/tag') = Text, 'UTF-16 there and back');
  Check(HislinkCall('order_nu', '').Status = hsRejected, 'no such operation');
  Check(string(hislink_version) <> '', 'version');
end;

begin
  Encodings;
  {$I every.inc}
  hislink_shutdown;
end.
