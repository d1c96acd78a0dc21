// FloatControl trap x87 | trap sse | HTTP_SETTINGS HTTPS_SETTINGS
//
// A host with every floating-point exception unmasked, as Delphi programs run and beyond: each call must work, over TLS
// and with the store too, and give the control words of both units back as they were. With "trap" it divides by zero in
// the unit named, and must be told so by an exception: the proof that its exceptions are on. Charges 1.00 four times.
program FloatControl;

{$IFDEF MSWINDOWS}{$APPTYPE CONSOLE}{$ENDIF}
{$IFDEF FPC}{$ASMMODE INTEL}{$ENDIF}

uses
  {$IFDEF UNIX}cwstring, {$ENDIF}
  SysUtils, Math, Hislink, Checks;

const
  X87Masks = $003F;
  SseMasks = $1F80;
  SseFlags = $003F; // what happened, not what is masked

var
  X87: Word;
  Sse: Cardinal;
  Calls: Integer;

procedure Unmask;
begin
  SetExceptionMask([]);
  X87 := Get8087CW;
  Sse := GetMXCSR and not SseFlags;
  Check((X87 and X87Masks = 0) and (Sse and SseMasks = 0), 'the exceptions are unmasked in both units');
end;

procedure StillUnmasked(const Step: WideString);
begin
  Check(Get8087CW = X87, Step + ' changed the control word of the x87');
  Check(GetMXCSR and not SseFlags = Sse, Step + ' changed MXCSR');
  Inc(Calls);
end;

// By way of the layer: UTF-16, stdcall.
function Still(const Operation, Request: WideString): WideString;
var
  Reply: THislinkReply;
begin
  Reply := HislinkCall(Operation, Request);
  StillUnmasked(Operation);
  Result := Expect(hsSucceeded, Reply);
end;

procedure StillCdecl(const Step: WideString; Reply: PAnsiChar);
var
  Text: WideString;
begin
  StillUnmasked(Step);
  Text := HislinkTake(Reply);
  StillUnmasked('hislink_free');
  Check(HislinkGet(Text, '/status') = 'succeeded', Text);
end;

procedure Pure;
var
  Bytes: array[0..8191] of AnsiChar;
begin
  Still('describe', '');
  Still('onepay_seal', '{"transType":"t","param":{"amount":1.10}}');
  StillCdecl('hislink_onepay_seal', hislink_onepay_seal('{"transType":"t","param":{"amount":1.10}}'));
  Check(hislink_call('onepay_sign', '{"message":{"appId":"A","amount":1e-7}}', @Bytes[0], SizeOf(Bytes)) = 0, 'sign');
  StillUnmasked('hislink_call');
  Check(hislink_call_a('onepay_encrypt', '{"text":"1.10"}', @Bytes[0], SizeOf(Bytes)) = 0, 'encrypt');
  StillUnmasked('hislink_call_a');
  Check(hislink_call_a('onepay_sign', '{', @Bytes[0], SizeOf(Bytes)) = HISLINK_REJECTED, 'bad JSON');
  StillUnmasked('a rejected call');
  Check(hislink_call_wait_a(hislink_call_start_a('describe', nil), -1, nil, 0) = HISLINK_TOO_SMALL, 'a ticket');
  StillUnmasked('hislink_call_wait_a');
  StillCdecl('hislink_wait', hislink_wait(hislink_start('onepay_sign', '{"message":{"appId":"A","amount":1e-7}}'), -1));
  Check(hislink_result_size_w > 1, 'result size');
  StillUnmasked('hislink_result_size_w');
end;

procedure Money;
const
  Account = '{"param":{"cardType":"03","cardNo":"10001"}}';
var
  Number: WideString;
begin
  Still('onepay_account_info', Account);
  StillCdecl('hislink_onepay_account_info', hislink_onepay_account_info(Account));
  Number := HislinkGet(Still('order_no', '{"prefix":"FC"}'), '/data/orderNo');
  Still('onepay_recharge', ChargeOf(Number, '1.00'));
  Still('onepay_recharge', ChargeOf(Number, '1.00'));
  Still('onepay_query', HislinkSet('', '/orderNo', Number));
  Still('journal_resolve', HislinkSet('', '/orderNo', Number));
  StillCdecl('hislink_onepay_recharge', hislink_onepay_recharge(PAnsiChar(HislinkUtf8(ChargeOf(NewNumber, '1.00')))));
  Still('journal_list', '{"limit":10}');
  Still('journal_reconcile', '');
end;

procedure Cards;
var
  Number, Deduction: WideString;
begin
  Still('glory_sync', '{"maxPages":2}');
  Still('glory_lookup', '{"certType":"0","certNo":"11010519491231002X"}');
  Number := NewNumber;
  Deduction := '{"certType":"0","certNo":"11010519491231002X","certName":"A","totalFee":"25.50","deductionFee":"10.00",' +
    '"deductionTime":"2026-11-21 10:00:00","gloryType":"1","deductionType":"0"}';
  Still('glory_deduct', HislinkSet(Deduction, '/deductionID', Number));
  Still('glory_cancel', HislinkSet('{"deductionTime":"2026-11-21 11:00:00"}', '/deductionID', Number));
end;

// 1 by 0. In assembler: which unit the compiler divides in depends on the target.
procedure DivideByX87; assembler;
asm
  fld1
  fldz
  fdivp st(1), st(0)
  fwait
end;

procedure DivideBySse; assembler;
asm
  mov eax, 1
  cvtsi2sd xmm0, eax
  xorps xmm1, xmm1
  divsd xmm0, xmm1
end;

procedure Trap(const UnitName: string);
begin
  try
    if UnitName = 'x87' then
      DivideByX87
    else if UnitName = 'sse' then
      DivideBySse;
    Writeln('nothing was trapped');
  except
    on Trouble: EMathError do
    begin
      Writeln('trapped ', UnitName, ': ', Trouble.ClassName);
      Halt(3);
    end;
  end;
end;

var
  Settings: Integer;

begin
  Unmask;
  if ParamStr(1) = 'trap' then
  begin
    Trap(ParamStr(2));
    Exit;
  end;
  for Settings := 1 to 2 do
  begin
    Configure(ParamStr(Settings));
    StillUnmasked('configure');
    Pure;
    Money;
    Cards;
  end;
  hislink_shutdown;
  StillUnmasked('hislink_shutdown');
  Writeln('control words held over ', Calls, ' calls');
end.
