Attribute VB_Name = "Hislink"
' hislink for VB6: hospital payments (onepay) and fee-reduction cards (glory).
'
' A module to be added to a project as it is. It needs the 32-bit hislink.dll beside the program (README.md in this folder).
'
' Each operation takes the text of a JSON object and gives its reply as JSON; "status" says what became of it, and of money
' nothing else counts:
'
'     reply = HislinkOnepayRecharge(request, status)
'     If status = HISLINK_SUCCEEDED Then balance = HislinkGet(reply, "/data/param/balance")
'
' A VB6 string is UTF-16 already, so the functions with _w are called, with the strings' own addresses (StrPtr): VB6 would
' turn a "ByVal ... As String" into the system's code page, and lose what that lacks.
'
' A reply that is longer than the buffer makes hislink_call_w return -2. The operation HAS run then, and must not be called
' again for that: the library keeps the reply for its thread, and it is fetched from there (FetchReply).
Option Explicit

' Done.
Public Const HISLINK_SUCCEEDED As Long = 0
' The platform refused, or the request surely never reached it: no money moved.
Public Const HISLINK_FAILED As Long = 1
' It may have arrived, and nobody knows the result. Book nothing and hand out nothing; call again with the same number and
' the same content, or HislinkJournalResolve, until it tells. Never with a new number.
Public Const HISLINK_UNKNOWN As Long = 2
' The platform is still trading: as unknown, a few seconds later.
Public Const HISLINK_PENDING As Long = 3
' Wrong input or settings; this call did nothing. "/field" of the reply names what is to be repaired.
Public Const HISLINK_REJECTED As Long = -1

' hislink_call_w and its like: what was to be written does not fit.
Private Const TOO_SMALL As Long = -2
' What the first buffer of a call holds, in characters: nearly every reply.
Private Const FIRST_CAPACITY As Long = 16384

Private Declare Function hislink_call_w Lib "hislink.dll" Alias "hislink_call_w" (ByVal operation As Long, _
    ByVal request As Long, ByVal out As Long, ByVal capacity As Long) As Long
Private Declare Function hislink_result_w Lib "hislink.dll" Alias "hislink_result_w" (ByVal out As Long, _
    ByVal capacity As Long) As Long
Private Declare Function hislink_result_size_w Lib "hislink.dll" Alias "hislink_result_size_w" () As Long
Private Declare Function hislink_json_get_w Lib "hislink.dll" Alias "hislink_json_get_w" (ByVal json As Long, _
    ByVal pointer As Long, ByVal out As Long, ByVal capacity As Long) As Long
Private Declare Function hislink_json_set_w Lib "hislink.dll" Alias "hislink_json_set_w" (ByVal json As Long, _
    ByVal pointer As Long, ByVal value As Long, ByVal out As Long, ByVal capacity As Long) As Long
' A ticket has 64 bits. Currency is VB6's only number of 64 bits, and counts ten-thousandths: ticket 1 is 0.0001.
Private Declare Function hislink_call_start_w Lib "hislink.dll" Alias "hislink_call_start_w" (ByVal operation As Long, _
    ByVal request As Long) As Currency
Private Declare Function hislink_call_wait_w Lib "hislink.dll" Alias "hislink_call_wait_w" (ByVal ticket As Currency, _
    ByVal milliseconds As Long, ByVal out As Long, ByVal capacity As Long) As Long
' The one cdecl function here. It has no parameters, so the conventions do not differ.
Private Declare Sub hislink_shutdown Lib "hislink.dll" Alias "hislink_shutdown" ()

' Runs an operation by its name, such as "onepay_recharge", and gives its reply as JSON. An empty request counts as {}.
' Error 53: hislink.dll is not there. 48: it is not the 32-bit one. 5: a text holds Chr$(0). Nothing was done then.
Public Function HislinkCall(ByVal operation As String, ByVal request As String, Optional ByRef status As Long) As String
    Dim buffer As String
    Dim requestAt As Long
    Dim result As Long

    RefuseNull operation
    RefuseNull request
    If Len(request) > 0 Then requestAt = StrPtr(request)
    ' Made before the call, so that nothing is left to fail after it.
    buffer = String$(FIRST_CAPACITY, vbNullChar)
    result = hislink_call_w(StrPtr(operation), requestAt, StrPtr(buffer), FIRST_CAPACITY)
    If result = TOO_SMALL Then
        HislinkCall = FetchReply(status)
    Else
        status = StatusOf(result)
        HislinkCall = TextIn(buffer)
    End If
End Function

' Starts an operation and comes back at once, for a form that must not freeze: the library runs it on a thread of its own.
' Gives a ticket, for HislinkDone; 0 where 64 are under way. Compare it with 0 and keep it: it is no amount to reckon with.
' Errors as of HislinkCall; whatever else is wrong is in the ticket's reply.
Public Function HislinkStart(ByVal operation As String, ByVal request As String) As Currency
    Dim requestAt As Long

    RefuseNull operation
    RefuseNull request
    If Len(request) > 0 Then requestAt = StrPtr(request)
    HislinkStart = hislink_call_start_w(StrPtr(operation), requestAt)
End Function

' Looks whether a ticket's operation is done, without waiting: to be asked in a Timer's event until it is True. That comes
' once, with the reply and its status. It is also True, with HISLINK_REJECTED, for a ticket that is 0 or was asked for before.
Public Function HislinkDone(ByVal ticket As Currency, ByRef reply As String, ByRef status As Long) As Boolean
    Dim buffer As String
    Dim result As Long
    Dim words As String
    Dim ended As Long

    buffer = String$(FIRST_CAPACITY, vbNullChar)
    result = hislink_call_wait_w(ticket, 0, StrPtr(buffer), FIRST_CAPACITY)
    If result = TOO_SMALL Then
        words = FetchReply(ended)
    Else
        ended = StatusOf(result)
        words = TextIn(buffer)
    End If
    If ended = HISLINK_PENDING Then
        If HislinkGet(words, "/data/underWay") = "true" Then Exit Function
    End If
    reply = words
    status = ended
    HislinkDone = True
End Function

' The reply of the call that has just run. Where there is no memory for it the status is unknown: what has run may have moved
' money, and the journal knows.
Private Function FetchReply(ByRef status As Long) As String
    Dim buffer As String
    Dim capacity As Long
    Dim result As Long

    On Error GoTo NoMemory
    capacity = hislink_result_size_w()
    buffer = String$(capacity, vbNullChar)
    result = hislink_result_w(StrPtr(buffer), capacity)
    If result <> TOO_SMALL Then
        FetchReply = TextIn(buffer)
        status = StatusOf(result)
        Exit Function
    End If
NoMemory:
    status = HISLINK_UNKNOWN
    FetchReply = "{""status"":""unknown"",""code"":""BUFFER_TOO_SMALL"",""message"":" & _
        """the call has run, but there was no memory for its reply: call again with the same number, or journal_resolve""}"
End Function

' What a number means. -3, a fault inside the library, and any other: nobody knows what was done.
Private Function StatusOf(ByVal result As Long) As Long
    Select Case result
        Case HISLINK_SUCCEEDED, HISLINK_FAILED, HISLINK_PENDING, HISLINK_REJECTED
            StatusOf = result
        Case Else
            StatusOf = HISLINK_UNKNOWN
    End Select
End Function

' Reads a value out of a JSON text by its pointer, such as "/data/param/balance" or "/data/cards/0/certName": a string as it
' is, anything else as JSON. "" where there is no such place, and found is False then.
Public Function HislinkGet(ByVal json As String, ByVal pointer As String, Optional ByRef found As Boolean) As String
    Dim buffer As String
    Dim length As Long

    RefuseNull json
    RefuseNull pointer
    ' No value is longer than the text that it stands in.
    buffer = String$(Len(json) + 1, vbNullChar)
    length = hislink_json_get_w(StrPtr(json), StrPtr(pointer), StrPtr(buffer), Len(json) + 1)
    found = length >= 0
    If found Then HislinkGet = Left$(buffer, length)
End Function

' Sets a string in a JSON text, and makes the objects on the way: request = HislinkSet(request, "/param/cardNo", card).
' An empty text counts as {}. It sets strings only; begin with a text that holds the numbers, such as {"timeoutMs":20000}.
' Error 5: there is no such way, or a text holds what JSON cannot.
Public Function HislinkSet(ByVal json As String, ByVal pointer As String, ByVal value As String) As String
    Dim buffer As String
    Dim capacity As Long
    Dim length As Long

    RefuseNull json
    RefuseNull pointer
    RefuseNull value
    capacity = Len(json) + Len(pointer) + Len(value) + 64
    Do
        buffer = String$(capacity, vbNullChar)
        length = hislink_json_set_w(StrPtr(json), StrPtr(pointer), StrPtr(value), StrPtr(buffer), capacity)
        capacity = capacity * 2
    Loop While length = TOO_SMALL
    If length < 0 Then Err.Raise 5, "Hislink", "nothing can be set at " & pointer
    HislinkSet = Left$(buffer, length)
End Function

' The library's version, such as "0.1.0".
Public Function HislinkVersion() As String
    HislinkVersion = HislinkGet(HislinkCall("describe", ""), "/data/version")
End Function

' Stops listeners, and closes stores and kept connections. Call it before the program ends, and in the IDE before it is
' stopped; the library can be used again after it.
Public Sub HislinkShutdown()
    hislink_shutdown
End Sub

' The library would read a text only up to its first Chr$(0), such as some card readers give at the end.
Private Sub RefuseNull(ByRef words As String)
    If InStr(1, words, vbNullChar, vbBinaryCompare) > 0 Then Err.Raise 5, "Hislink", "the text holds Chr$(0)"
End Sub

' What stands in a buffer before its terminator.
Private Function TextIn(ByRef buffer As String) As String
    Dim length As Long

    length = InStr(1, buffer, vbNullChar, vbBinaryCompare) - 1
    If length < 0 Then length = Len(buffer)
    TextIn = Left$(buffer, length)
End Function

' What follows is written by the library's build from its table of operations; the rest of the file is not.
' <operations>

' Makes or replaces a profile: where the platforms are, with which identity, and how to reach them.
' Request: {"profile":"default","onepay":{"url","appId","appSecret","signType":"MD5"|"SM3",
' "encryptType":"AES"|"DES"|"SM4"|"Plain","version":"H.F.0.1","keyOrder":"ascii"|"sdk","orderField":"outChargeNo",
' "refundField":"outRefundNo","amountFields":[...],"settleSeconds":10,"details":{...}},"glory":{...},
' "http":{"connectTimeoutMs":5000,"timeoutMs":30000,"proxy","caFile","clientCertFile","clientKeyFile",
' "tls":"verify"|"insecure"},"store","journalDays":400,"log":{"dir":"PATH","level":"off"|"error"|"info"|"debug",
' "keepDays":30},"language":"zh"|"en"}, or {"file":"PATH"} holding the same as UTF-8 JSON.
' In data of the reply: {"profile"}, with "warnings" when a setting has no effect or is dangerous, or the log's
' folder cannot be written. Calls under way finish on the old profile. With tls insecure no certificate is verified,
' and every reply of a call that works with the profile carries "tls":"insecure" (docs/tls.md).
' Errors: BAD_SETTINGS names the setting in "field", BAD_FIELD an unknown member of the request; nothing is replaced
' then.
' Example: {"onepay":{"url":"http://127.0.0.1:18080/onepay-web/oneweb/oneapi",
' "appId":"1A3VL0KVK0000B020A0A0000CC3F48AD","appSecret":"1A3VL0KVE0010B010A0A0000277BDC91"},
' "glory":{"url":"http://127.0.0.1:18080","sid":"47258258201708031835123456",
' "key":"4fd6b8105f894d0da964b1e80b07b136","orgCode":"350100001"}}
Public Function HislinkConfigure(ByVal request As String, Optional ByRef status As Long) As String
    HislinkConfigure = HislinkCall("configure", request, status)
End Function

' Tells what this library is and knows.
' Request: {}
' In data of the reply: {"version","operations":[{"name","does"}],"dictionaries":[{"platform","field","section",
' "name","entries":[{"code","name"}]}],"profiles":{NAME:{...}}} with secrets shown as ***.
' Errors: none of its own.
' Example: {}
Public Function HislinkDescribe(ByVal request As String, Optional ByRef status As Long) As String
    HislinkDescribe = HislinkCall("describe", request, status)
End Function

' Checks, one by one, what may stand between this machine and the profile's platforms, and says what to do about
' each. Moves no money, writes nothing into journal or roster.
' Request: {"platform":"onepay"|"glory"}: both that the profile has unless given. timeoutMs limits all checks
' together.
' In data of the reply: {"checks":[{"name","platform","status":"ok"|"warning"|"failed"|"skipped","detail","reason",
' "advice","ms"}],"passed"}: names are vectors, settings, lookup, connect, tls, answer, clock, identity, store, log;
' a name may come several times. platform, reason (as of TLS_FAILED), advice and ms are there where they apply.
' skipped: one before it failed. The reply succeeds when the checks ran; passed tells whether none failed.
' Errors: BAD_FIELD for another platform; BAD_SETTINGS for one that the profile lacks; NO_PROFILE.
' Example: {"timeoutMs":15000}
Public Function HislinkSelftest(ByVal request As String, Optional ByRef status As Long) As String
    HislinkSelftest = HislinkCall("selftest", request, status)
End Function

' Makes an order number that no other thread, process or machine makes.
' Request: {"prefix":"OC"}: optional, at most 8 letters or digits.
' In data of the reply: {"orderNo"}: the prefix, yyyyMMddHHmmss (UTC+8), a sequence and random digits: 32 characters.
' Errors: BAD_FIELD for a prefix that is too long or has other characters.
' Example: {"prefix":"OC"}
Public Function HislinkOrderNo(ByVal request As String, Optional ByRef status As Long) As String
    HislinkOrderNo = HislinkCall("order_no", request, status)
End Function

' Signs an envelope as it stands, by its own signType (MD5 when it has none).
' Request: {"message":{...}}: the whole envelope, as an object or as its JSON text.
' In data of the reply: {"sign","text"}: the sign in upper-case hex, and the signing text with the secret shown as
' ***.
' Errors: BAD_FIELD for an unknown signType or a null inside an array, with the place.
' Example: {"message":{"appId":"A","param":{"amount":1.10},"signType":"MD5"}}
Public Function HislinkOnepaySign(ByVal request As String, Optional ByRef status As Long) As String
    HislinkOnepaySign = HislinkCall("onepay_sign", request, status)
End Function

' Checks the sign of an envelope, in constant time. Where only encryptData travels, it is decrypted first.
' Request: {"message":{...,"sign":"..."}}: as an object or as its JSON text.
' In data of the reply: {"verified":true}
' Errors: SIGN_MISMATCH (failed) with {"text"}, the signing text; BAD_FIELD for a missing sign.
' Example: {"message":{"appId":"A","sign":"F71A10C8E2A376584F0B5A2539BD1D04"}}
Public Function HislinkOnepayVerify(ByVal request As String, Optional ByRef status As Long) As String
    HislinkOnepayVerify = HislinkCall("onepay_verify", request, status)
End Function

' Says why the sign of an envelope does not verify: the known mistakes are tried one by one, then in pairs, until the
' sign comes out. Sends nothing, writes nothing.
' Request: {"message":{...,"sign":"..."}}: as for onepay_verify; best the JSON text that came.
' In data of the reply: {"verified","text","mistakes":[{"name","detail","text"}],"alternatives","hint"}: the right
' signing text; the mistakes that together make the sign hold, with the text that was signed; other names that would
' explain it alone; what to look at where it stays unexplained. The secret is shown as ***. verified true comes with
' no mistakes.
' Errors: BAD_FIELD for a missing sign, an unknown signType or a null inside an array; DECRYPT_FAILED (rejected)
' where no cipher opens it.
' Example: {"message":{"appId":"A","sign":"f71a10c8e2a376584f0b5a2539bd1d04"}}
Public Function HislinkOnepayExplain(ByVal request As String, Optional ByRef status As Long) As String
    HislinkOnepayExplain = HislinkCall("onepay_explain", request, status)
End Function

' Encrypts by the profile's encryptType: AES to upper-case hex, DES and SM4 to base64.
' Request: {"text":"..."} or {"param":{...}}, which is encrypted as its compact JSON text.
' In data of the reply: {"encryptData"}; with encryptType Plain the text itself.
' Errors: BAD_FIELD for a character that GBK lacks (SM4), or for both or neither member.
' Example: {"param":{"cardNo":"10001"}}
Public Function HislinkOnepayEncrypt(ByVal request As String, Optional ByRef status As Long) As String
    HislinkOnepayEncrypt = HislinkCall("onepay_encrypt", request, status)
End Function

' Decrypts by the profile's encryptType. Hex of either case and base64 with line breaks are taken.
' Request: {"encryptData":"..."}
' In data of the reply: {"text","param"}: param only where the text is a JSON object or array.
' Errors: DECRYPT_FAILED (rejected) for broken hex or base64, wrong padding, a wrong key or a wrong charset.
' Example: {"encryptData":"4881709CA7AD08B8675294B1D812C603"}
Public Function HislinkOnepayDecrypt(ByVal request As String, Optional ByRef status As Long) As String
    HislinkOnepayDecrypt = HislinkCall("onepay_decrypt", request, status)
End Function

' Makes a request envelope that is signed, encrypted and ready to post. Sends nothing.
' Request: {"transType":"...","param":{...},"timestamp":"yyyyMMddHHmmss"}: the time is now (UTC+8) unless given. A
' param that is a string is used as it stands.
' In data of the reply: {"message":{...}}
' Errors: BAD_FIELD names the member, down to the place inside param.
' Example: {"transType":"hop.account.info","param":{"cardType":"03","cardNo":"10001"}}
Public Function HislinkOnepaySeal(ByVal request As String, Optional ByRef status As Long) As String
    HislinkOnepaySeal = HislinkCall("onepay_seal", request, status)
End Function

' Opens an answer or a notification of the platform: decrypted, then verified.
' Request: {"message":{...}}: as an object or as the JSON text that came.
' In data of the reply: {"verified","param","message"}: the message with its param in plain. verified is false only
' for a refusal (respCode not zeros) that came unsigned. A notification charge.success or refund.success of an order
' in the journal settles it where the amount is the same: "journal":{"orderNo","state","settled",
' "amountDiffers":{"journal","platform"}}.
' Errors: DECRYPT_FAILED (rejected); SIGN_MISMATCH (failed) with {"text"}.
' Example: {"message":{"param":{"balance":"300.00"},"respCode":"000000","sign":"1300AE0D80F62BC75072CEB20F354280"}}
Public Function HislinkOnepayOpen(ByVal request As String, Optional ByRef status As Long) As String
    HislinkOnepayOpen = HislinkCall("onepay_open", request, status)
End Function

' Runs any service of the platform and waits: seals, posts, opens and judges the answer.
' Request: {"transType":"...","param":{...},"timeoutMs":30000}
' In data of the reply: {"param","respCode","respMsg"}; status pending while the platform says init or ing.
' Errors: CONNECT_FAILED, TLS_FAILED (failed: nothing was sent), TIMEOUT, HTTP_STATUS, BAD_ANSWER, SIGN_MISMATCH,
' DECRYPT_FAILED (unknown wherever the request may have arrived), PLATFORM_REFUSED with platformCode and
' platformMessage.
' Example: {"transType":"hop.account.info","param":{"cardType":"03","cardNo":"10001"}}
Public Function HislinkOnepayTransact(ByVal request As String, Optional ByRef status As Long) As String
    HislinkOnepayTransact = HislinkCall("onepay_transact", request, status)
End Function

' hop.account.info: the patient's account. Codes in param are checked against the dictionaries.
' Request: {"param":{...},"orderNo"?}
' In data of the reply: as onepay_transact.
' Errors: BAD_FIELD names a wrong code or amount; the rest as onepay_transact.
' Example: {"param":{"cardType":"03","cardNo":"10001"}}
Public Function HislinkOnepayAccountInfo(ByVal request As String, Optional ByRef status As Long) As String
    HislinkOnepayAccountInfo = HislinkCall("onepay_account_info", request, status)
End Function

' hop.trade.recharge: puts money on an account, once for each order number: written into the journal before it is
' sent, and its outcome after. On status unknown or pending call again with the same number and content, or
' journal_resolve; never with a new number.
' Request: {"orderNo":"...","param":{...}}: the order number may stand in param (outChargeNo) instead. Amounts are
' yuan with at most two decimals.
' In data of the reply: as onepay_transact; with "replayed":true where an earlier call's outcome is told, with
' "queried":true where the library had to ask hop.trade.query, and "warnings" where the outcome could not be written
' down.
' Errors: BAD_FIELD for a missing order number, a wrong code or amount; DUPLICATE_ORDER (rejected) for a number that
' was used with other content; STORE_FAILED (rejected: nothing was sent); PLATFORM_REFUSED (failed) also where the
' platform, asked, knows no such trade: the same number may be sent again; the rest as onepay_transact.
' Example: {"orderNo":"OC20261121100000000001","param":{"cardType":"03","cardNo":"10001","chargeAmt":"100.00",
' "depositeType":"CASH"}}
Public Function HislinkOnepayRecharge(ByVal request As String, Optional ByRef status As Long) As String
    HislinkOnepayRecharge = HislinkCall("onepay_recharge", request, status)
End Function

' hop.trade.refund: gives money back, once for each number, as onepay_recharge does. Refunds and recharges share one
' set of numbers.
' Request: {"orderNo":"...","param":{...}}: orderNo is the refund's own number (outRefundNo in param).
' In data of the reply: as onepay_recharge.
' Errors: as onepay_recharge.
' Example: {"orderNo":"RF20261121100000000001","param":{"outChargeNo":"OC20261121100000000001","refundAmt":"20.00",
' "withdrawMode":"0"}}
Public Function HislinkOnepayRefund(ByVal request As String, Optional ByRef status As Long) As String
    HislinkOnepayRefund = HislinkCall("onepay_refund", request, status)
End Function

' hop.trade.query: what became of an order, or of a refund.
' Request: {"orderNo":"..."} for an order, {"refundNo":"..."} for a refund by its own number, or
' {"param":{"outChargeNo":"..."}}
' In data of the reply: as onepay_transact. The status follows the trade's state: succ succeeded; init, ing pending;
' fail, closed, notfound failed; exp unknown. "data" is there in each case. Where the journal has the order open and
' its amount is the same, it is settled: "journal":{"orderNo","state","settled","amountDiffers"}.
' Errors: as onepay_account_info.
' Example: {"orderNo":"OC20261121100000000001"}
Public Function HislinkOnepayQuery(ByVal request As String, Optional ByRef status As Long) As String
    HislinkOnepayQuery = HislinkCall("onepay_query", request, status)
End Function

' hop.trade.details: the list of trades.
' Request: {"param":{...},"orderNo"?}
' In data of the reply: as onepay_transact.
' Errors: as onepay_account_info.
' Example: {"param":{"cardType":"03","cardNo":"10001","beginDate":"20261101","endDate":"20261231"}}
Public Function HislinkOnepayDetails(ByVal request As String, Optional ByRef status As Long) As String
    HislinkOnepayDetails = HislinkCall("onepay_details", request, status)
End Function

' portal.wb.queryAccount: the account behind a wristband code.
' Request: {"param":{"key":"..."}}
' In data of the reply: as onepay_transact; param holds balance, idNo, userName.
' Errors: BAD_FIELD for a missing key; the rest as onepay_transact.
' Example: {"param":{"key":"WB0001"}}
Public Function HislinkOnepayWristbandAccount(ByVal request As String, Optional ByRef status As Long) As String
    HislinkOnepayWristbandAccount = HislinkCall("onepay_wristband_account", request, status)
End Function

' portal.wb.getWristbandCode: makes the code of a patient's wristband.
' Request: {"param":{"cardType","cardNo","idNo","idType","operatorId","operatorName","accountType"}}
' In data of the reply: as onepay_transact; param holds key and Url.
' Errors: as onepay_account_info.
' Example: {"param":{"cardType":"05","cardNo":"Z20001","operatorId":"0001","accountType":"02"}}
Public Function HislinkOnepayWristbandCode(ByVal request As String, Optional ByRef status As Long) As String
    HislinkOnepayWristbandCode = HislinkCall("onepay_wristband_code", request, status)
End Function

' Signs a body for the card platform: MD5, then HMAC-SHA256.
' Request: {"body":{...},"timestamp":"yyyyMMddHHmmss"}: the body as an object or as its JSON text; the time is now
' (UTC+8) unless given.
' In data of the reply: {"headers":{"sid","timestamp","sign"},"text"}: the headers to send, and the flattened signing
' text without the key.
' Errors: BAD_FIELD names the member; BAD_SETTINGS for a missing sid or key.
' Example: {"body":{"dataID":0,"orgCode":"H331001"}}
Public Function HislinkGlorySign(ByVal request As String, Optional ByRef status As Long) As String
    HislinkGlorySign = HislinkCall("glory_sign", request, status)
End Function

' Checks the sign of a body that came with headers, in constant time.
' Request: {"headers":{"timestamp","sign"},"body":{...}}: header names in any case; the body as an object or as its
' JSON text.
' In data of the reply: {"verified":true}
' Errors: SIGN_MISMATCH (failed) with {"text"}; BAD_FIELD for a missing header.
' Example: {"headers":{"timestamp":"20210407155206",
' "sign":"e7afe7e86467980f1d6ed3098ba67347ed9fdd431e4c07fd6f9de0b985f62887"},"body":{"dataID":0}}
Public Function HislinkGloryVerify(ByVal request As String, Optional ByRef status As Long) As String
    HislinkGloryVerify = HislinkCall("glory_verify", request, status)
End Function

' Says why the sign of a body does not verify, as onepay_explain does. Sends nothing, writes nothing.
' Request: {"headers":{"timestamp","sign"},"body":{...}}: as for glory_verify, with the header sid where it came; the
' body best as the text that came.
' In data of the reply: as onepay_explain.
' Errors: BAD_FIELD for a missing header.
' Example: {"headers":{"timestamp":"20210407155206",
' "sign":"E7AFE7E86467980F1D6ED3098BA67347ED9FDD431E4C07FD6F9DE0B985F62887"},"body":{"dataID":0}}
Public Function HislinkGloryExplain(ByVal request As String, Optional ByRef status As Long) As String
    HislinkGloryExplain = HislinkCall("glory_explain", request, status)
End Function

' Runs any service of the card platform and waits: signs, posts, verifies and judges the answer.
' Request: {"path":"/glorycard/store/all","body":{...},"timeoutMs":30000}
' In data of the reply: {"body"}: the answer's body.
' Errors: BAD_FIELD for a path that is not the platform's; CONNECT_FAILED, TLS_FAILED (failed: nothing was sent),
' TIMEOUT, HTTP_STATUS, BAD_ANSWER, SIGN_MISMATCH (unknown wherever the request may have arrived), PLATFORM_REFUSED
' (responseFlag 0) with platformMessage and the answer's body in data.
' Example: {"path":"/glorycard/store/all","body":{"dataID":0,"orgCode":"350100001"}}
Public Function HislinkGloryTransact(ByVal request As String, Optional ByRef status As Long) As String
    HislinkGloryTransact = HislinkCall("glory_transact", request, status)
End Function

' Brings the roster in the store up to the platform's, page by page from where it stands. To be called again until
' done.
' Request: {"maxPages":20,"maxSeconds":60}: optional; no further page is asked for after so many, or so long.
' timeoutMs limits each page.
' In data of the reply: {"received","cursor","done"}: the cards stored by this call, the largest record number
' stored, and whether the platform said that there is no more.
' Errors: as glory_transact, and STORE_FAILED; BAD_ANSWER (failed) for rows that are not as documented, more than 500
' of them, or records that do not go forward. "data" is there in each case, without done: what was stored stays.
' Example: {"maxPages":20}
Public Function HislinkGlorySync(ByVal request As String, Optional ByRef status As Long) As String
    HislinkGlorySync = HislinkCall("glory_sync", request, status)
End Function

' Finds a certificate's cards in the store's roster. Asks nobody else.
' Request: {"certType":"0","certNo":"..."}: the case of letters in certNo does not matter.
' In data of the reply: {"found","cards":[{"certType","certNo","certName","gloryType","gloryID","dataID"}],
' "syncedAt"}: when the roster was last complete, yyyy-MM-dd HH:mm:ss (UTC+8), or null.
' Errors: BAD_FIELD for a certType that is not in the dictionary 4.1 or a blank certNo; STORE_FAILED.
' Example: {"certType":"0","certNo":"350203197205258630"}
Public Function HislinkGloryLookup(ByVal request As String, Optional ByRef status As Long) As String
    HislinkGloryLookup = HislinkCall("glory_lookup", request, status)
End Function

' Uploads a fee reduction (2.2): checked, written into the ledger, sent, and its outcome written down. On status
' unknown call again with the same content.
' Request: {"certType":"0".."6","certNo","certName","deductionID","totalFee":"25.50","deductionFee":"10.00",
' "deductionTime":"yyyy-MM-dd HH:mm:ss","gloryType":"1","deductionType":"0"|"1"|"2","remarks"?,"orgCode"?}: all
' strings. orgCode is the profile's. Amounts are yuan above zero with exactly two decimals. An 18-digit certNo of
' certType 0 must have its check digit right.
' In data of the reply: {"deductionID","status":"1","responseMessage"}; of a deduction that is known with the same
' content {"deductionID","status","replayed":true}. "warnings" where the outcome could not be written down.
' Errors: BAD_FIELD names the member; DUPLICATE_ORDER for a known deductionID with other content; STORE_FAILED
' (rejected: nothing was sent); PLATFORM_REFUSED (failed) with platformMessage, also for one that was cancelled;
' CONNECT_FAILED, TLS_FAILED (failed: nothing was sent); TIMEOUT, HTTP_STATUS, BAD_ANSWER, SIGN_MISMATCH (unknown
' wherever this or an earlier request may have arrived).
' Example: {"certType":"0","certNo":"11010519491231002X","certName":"Zhang San","deductionID":"D1",
' "totalFee":"25.50","deductionFee":"10.00","deductionTime":"2026-11-21 10:00:00","gloryType":"1",
' "deductionType":"0"}
Public Function HislinkGloryDeduct(ByVal request As String, Optional ByRef status As Long) As String
    HislinkGloryDeduct = HislinkCall("glory_deduct", request, status)
End Function

' Takes a fee reduction back (2.3). On status unknown call again with the same time.
' Request: {"deductionID":"...","deductionTime":"yyyy-MM-dd HH:mm:ss","orgCode"?}: the time is the cancellation's.
' In data of the reply: {"deductionID","status":"0","responseMessage"}; {"deductionID","status":"0","replayed":true}
' where it was cancelled already at that time.
' Errors: BAD_FIELD /deductionID for a deduction that the ledger does not know, that was refused, or whose own
' outcome is unknown; DUPLICATE_ORDER /deductionTime with {"cancelTime"} for one that was cancelled with another
' time, or whose cancellation with another time is unknown; the rest as glory_deduct.
' Example: {"deductionID":"D1","deductionTime":"2026-11-21 11:00:00"}
Public Function HislinkGloryCancel(ByVal request As String, Optional ByRef status As Long) As String
    HislinkGloryCancel = HislinkCall("glory_cancel", request, status)
End Function

' Answers a /deductCheck of the platform (3.1) that the program's own web server received, from the ledger.
' Request: {"headers":{"sid","timestamp","sign"},"body":"..."}: all headers that came, names in any case; the body
' best as the text that came, or as an object.
' In data of the reply: {"headers":{"sid","timestamp","sign"},"body":{...}}: to be sent back as they are. A request
' that is refused has a signed answer too (responseFlag 0, no rows) and
' "refused":"MALFORMED"|"UNSIGNED"|"WRONG_SID"|"CLOCK"|"SIGN_MISMATCH"|"REPLAY"|"WRONG_ORG"|"BAD_SPAN"|"TOO_MANY"
' (rows: above 100000).
' Errors: BAD_FIELD for missing headers or body; BAD_SETTINGS for a missing sid, key or orgCode; STORE_FAILED, with
' the refusal to send back in data.
' Example: {"headers":{"sid":"47258258201708031835123456","timestamp":"20261121100000",
' "sign":"d88732e891578f50a20d0c8fc5733c90fc3487939007e0ce5d43165d0b9ae2ca"},"body":{"orgCode":"350100001",
' "deductTimeStart":"2026-11-21 00:00:00","deductionTimeEnd":"2026-11-21 23:59:59"}}
Public Function HislinkGloryCheck(ByVal request As String, Optional ByRef status As Long) As String
    HislinkGloryCheck = HislinkCall("glory_check", request, status)
End Function

' Serves /deductCheck (3.1) on a thread of its own, until glory_unlisten or hislink_shutdown. It works by the profile
' as it is now. At most 256 connections, one request each; a newcomer takes the place of the oldest that has not
' asked yet.
' Request: {"bind":"ip:port","certFile","keyFile"}: port 0 takes a free one; both files are PEM. Without them plain
' HTTP, on loopback addresses, or anywhere with "plainHttp":true.
' In data of the reply: {"address"}: ip:port.
' Errors: BAD_FIELD: /bind for an address that is in use, not this machine's, or listened on already; /certFile,
' /keyFile for files that are not there, hold no certificate or key, or do not fit. BAD_SETTINGS for a missing sid,
' key, orgCode or store; STORE_FAILED.
' Example: {"bind":"127.0.0.1:0"}
Public Function HislinkGloryListen(ByVal request As String, Optional ByRef status As Long) As String
    HislinkGloryListen = HislinkCall("glory_listen", request, status)
End Function

' Stops the profile's listeners, or the one on that address. Requests under way get two seconds to end.
' Request: {"bind":"ip:port"}: optional; the address that glory_listen gave.
' In data of the reply: {"stopped":["ip:port"]}
' Errors: BAD_FIELD /bind where the profile does not listen there.
' Example: {}
Public Function HislinkGloryUnlisten(ByVal request As String, Optional ByRef status As Long) As String
    HislinkGloryUnlisten = HislinkCall("glory_unlisten", request, status)
End Function

' Lists the journal of recharges, refunds, deductions and cancellations of the profile's appId and orgCode, newest
' first.
' Request: {"state":"sending"|"unknown"|"pending"|"succeeded"|"failed","since":"yyyy-MM-dd HH:mm:ss","limit":100}:
' all optional; since also as yyyyMMdd or yyyyMMddHHmmss (UTC+8); limit at most 10000.
' In data of the reply: {"entries":[{"orderNo" or "deductionID","platform","service","state","code","platformCode",
' "platformMessage","amount","begun","sent","changed","sends","profile","host","process","param","maySendAgain"}]}.
' param is null when the secret was changed since. sending: by a process that is alive; what a dead one left is
' unknown. maySendAgain: it failed since it did not arrive.
' Errors: BAD_FIELD; BAD_SETTINGS for store none; STORE_FAILED.
' Example: {"since":"20261101","limit":10}
Public Function HislinkJournalList(ByVal request As String, Optional ByRef status As Long) As String
    HislinkJournalList = HislinkCall("journal_list", request, status)
End Function

' Tells what became of an entry of the journal; where that is open, asks the platform first. Moves no money anew: a
' deduction or cancellation in doubt is repeated, which the platform knows by its deductionID.
' Request: {"orderNo":"..."} for a recharge, or a refund by its own number; {"deductionID":"..."} for a deduction, or
' its cancellation where there is one.
' In data of the reply: the end of the call that sent it, with "replayed":true; with "queried":true where the
' platform told.
' Errors: BAD_FIELD for a number that the journal does not know; PLATFORM_REFUSED (failed) where nothing was moved;
' TIMEOUT (unknown) where the platform does not tell: call again later.
' Example: {"orderNo":"OC20261121100000000001"}
Public Function HislinkJournalResolve(ByVal request As String, Optional ByRef status As Long) As String
    HislinkJournalResolve = HislinkCall("journal_resolve", request, status)
End Function

' Compares a day of the journal with the platform's hop.trade.details, page by page, and with the ledger of
' deductions.
' Request: {"day":"yyyyMMdd","param":{...}}: the day is today unless given; param is what the site's list needs
' besides days and pages, such as a card. timeoutMs limits all pages together.
' In data of the reply: {"day","checked","onlyHere":[{"platform","orderNo" or "deductionID","service","state",
' "amount"}],"onlyThere":[...],"differing":[{...,"member":"amount"|"state","here","there"}]}
' Errors: BAD_FIELD; those of onepay_details; BAD_ANSWER where the list is not named as in onepay.details;
' STORE_FAILED.
' Example: {"day":"20261121"}
Public Function HislinkJournalReconcile(ByVal request As String, Optional ByRef status As Long) As String
    HislinkJournalReconcile = HislinkCall("journal_reconcile", request, status)
End Function
' </operations>
