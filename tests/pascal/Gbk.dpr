// Gbk SETTINGS ORDER
//
// A program whose strings are GBK, as Delphi 7's are on Chinese Windows. The platform compares the name on the charge with
// the account's: only the right characters are charged. Charges 1.00 under the number ORDER.
program Gbk;

{$IFDEF MSWINDOWS}{$APPTYPE CONSOLE}{$ENDIF}

uses
  {$IFDEF UNIX}cwstring, {$ENDIF}
  SysUtils, Hislink, Checks;

type
  TBytes8 = array[0..8191] of AnsiChar;

const
  // The account's name in GBK; another that sounds the same; and UTF-8, which is no GBK when it ends.
  Name: array[0..4] of Byte = ($D5, $C5, $C8, $FD, 0);
  Other: array[0..4] of Byte = ($D5, $C2, $C8, $FD, 0);
  Half: array[0..1] of Byte = ($D5, 0);

var
  Request, Reply, Value: TBytes8;

function Same(const Bytes: TBytes8; const Wanted: array of Byte): Boolean;
begin
  Result := CompareByte(Bytes, Wanted, Length(Wanted)) = 0;
end;

procedure Put(Path, Text: PAnsiChar);
begin
  Check(hislink_json_set_a(@Request[0], Path, Text, @Request[0], SizeOf(Request)) > 0, 'json_set_a');
end;

procedure ChargeAs(Order, Who: PAnsiChar; Expected: Integer);
begin
  Request[0] := #0;
  Put('/orderNo', Order);
  Put('/param/cardType', '03');
  Put('/param/cardNo', '10001');
  Put('/param/userName', Who);
  Put('/param/chargeAmt', '1.00');
  Put('/param/depositeType', 'CASH');
  Check(hislink_call_a('onepay_recharge', @Request[0], @Reply[0], SizeOf(Reply)) = Expected, 'charge');
end;

procedure NameOfAccount;
const
  Account = '{"param":{"cardType":"03","cardNo":"10001"}}';
begin
  Check(hislink_call_a('onepay_account_info', Account, @Reply[0], SizeOf(Reply)) = HISLINK_SUCCEEDED, 'account');
  Check(hislink_json_get_a(@Reply[0], '/data/param/userName', @Value[0], SizeOf(Value)) = 4, 'four bytes');
  Check(Same(Value, Name), 'the name is GBK');
end;

// What GBK lacks goes out as JSON escapes, and half a character is refused.
procedure BeyondGbk;
begin
  Check(hislink_call_a('order_no', '{"tag":"\uD83D\uDE00"}', @Reply[0], SizeOf(Reply)) = HISLINK_SUCCEEDED, 'tag');
  Check(Pos('"tag":"\uD83D\uDE00"', string(PAnsiChar(@Reply[0]))) > 0, 'escaped');
  Request[0] := #0;
  Check(hislink_json_set_a(nil, '/tag', @Half[0], @Request[0], SizeOf(Request)) = -1, 'half a character');
end;

var
  Order: AnsiString;

begin
  Configure(ParamStr(1));
  Order := AnsiString(ParamStr(2));
  NameOfAccount;
  ChargeAs(PAnsiChar(Order + 'X'), @Other[0], HISLINK_FAILED);
  ChargeAs(PAnsiChar(Order), @Name[0], HISLINK_SUCCEEDED);
  BeyondGbk;
  hislink_shutdown;
  Writeln('GBK went both ways');
end.
