Attribute VB_Name = "Cashier"
' A cashier's program: one bill, from the card to the receipt, with every end told. Command line (Project, Properties, Make):
'
'     SETTINGS BILL [cardType=03] [card=10001] [amount=100.00]
'     [certNo=NUMBER [certType=0] [totalFee=25.50] [deductionFee=10.00] [cancel=yes]]
'
' SETTINGS is a file as the operation configure takes it. BILL is a file in which the bill's numbers are kept: each number is
' on the disk before the call that uses it. Ended at any moment and started again with the same arguments, the program ends
' with the one outcome, and the money is booked once. A new patient is a new BILL; one program at a time works on a bill.
' Neither path may hold a blank.
'
' 1. what earlier runs left open is settled; 2. the account is looked up; 3. money is put on it; 4. a wristband's code is
' made and read; 5. with certNo: the roster of fee-reduction cards is brought up to date, the card looked up, and the fee
' reduced (and, with cancel=yes, the reduction taken back).
'
' What the cashier must know is shown at the end; each step stands in BILL.log as well.
Option Explicit

' How often, and with what pause, the very same is called while nobody knows.
Private Const TRIES As Long = 4
Private Const PAUSE_MILLISECONDS As Long = 2000

' As onepay.settleSeconds in the settings, or longer: so long the platform's "no such order" does not count.
Private Const SETTLE_MILLISECONDS As Long = 10000

' For a file that must be on the disk, and in its place, before money moves.
Private Const GENERIC_WRITE As Long = &H40000000
Private Const SHARE_READ_AND_WRITE As Long = 3
Private Const OPEN_EXISTING As Long = 3
Private Const INVALID_HANDLE As Long = -1
Private Const MOVE_REPLACING As Long = 1
Private Const MOVE_WRITE_THROUGH As Long = 8

Private Type SystemTime
    wYear As Integer
    wMonth As Integer
    wDayOfWeek As Integer
    wDay As Integer
    wHour As Integer
    wMinute As Integer
    wSecond As Integer
    wMilliseconds As Integer
End Type

Private Declare Sub Sleep Lib "kernel32" Alias "Sleep" (ByVal milliseconds As Long)
Private Declare Sub GetSystemTime Lib "kernel32" Alias "GetSystemTime" (ByRef utc As SystemTime)
Private Declare Function CreateFileW Lib "kernel32" Alias "CreateFileW" (ByVal path As Long, ByVal accessMode As Long, _
    ByVal shareMode As Long, ByVal security As Long, ByVal disposition As Long, ByVal flags As Long, _
    ByVal templateFile As Long) As Long
Private Declare Function FlushFileBuffers Lib "kernel32" Alias "FlushFileBuffers" (ByVal handle As Long) As Long
Private Declare Function CloseHandle Lib "kernel32" Alias "CloseHandle" (ByVal handle As Long) As Long
Private Declare Function MoveFileExW Lib "kernel32" Alias "MoveFileExW" (ByVal source As Long, ByVal target As Long, _
    ByVal flags As Long) As Long

Private settingsFile As String
Private billFile As String
Private cardType As String
Private card As String
Private amount As String
Private certType As String
Private certNo As String
Private totalFee As String
Private deductionFee As String
Private cancelToo As Boolean

' What the cashier is shown at the end.
Private told As String
' A message box takes about 1024 bytes, of which a Chinese character is two, and cuts off the rest. What was told last counts
' most; BILL.log has all of it.
Private Const MOST_SHOWN As Long = 500

Public Sub Main()
    On Error GoTo Trouble
    told = ""
    If ReadCommandLine() Then
        Walk
        HislinkShutdown
    Else
        Say "usage: SETTINGS BILL [cardType=03] [card=10001] [amount=100.00] [certNo=NUMBER [certType=0] " & _
            "[totalFee=25.50] [deductionFee=10.00] [cancel=yes]]"
    End If
    MsgBox Right$(told, MOST_SHOWN), vbInformation, "Cashier"
    Exit Sub
Trouble:
    ' 53: no hislink.dll; 48: not the 32-bit one; else mostly a file. What was begun is in the bill and in the journal.
    told = told & "Error " & Err.Number & ": " & Err.Description & vbCrLf & _
        "When it is repaired, start again with the same bill."
    MsgBox Right$(told, MOST_SHOWN), vbCritical, "Cashier"
End Sub

Private Function ReadCommandLine() As Boolean
    Dim words() As String
    Dim n As Long
    Dim equals As Long

    cardType = "03"
    card = "10001"
    amount = "100.00"
    certType = "0"
    certNo = ""
    totalFee = "25.50"
    deductionFee = "10.00"
    cancelToo = False
    billFile = ""
    words = Split(Trim$(Command$), " ")
    If UBound(words) < 1 Then Exit Function
    settingsFile = words(0)
    billFile = words(1)
    For n = 2 To UBound(words)
        equals = InStr(1, words(n), "=", vbBinaryCompare)
        If equals = 0 Then Exit Function
        If Not TakeOption(Left$(words(n), equals - 1), Mid$(words(n), equals + 1)) Then Exit Function
    Next n
    ReadCommandLine = True
End Function

Private Function TakeOption(ByVal label As String, ByVal setting As String) As Boolean
    TakeOption = True
    Select Case label
        Case "cardType"
            cardType = setting
        Case "card"
            card = setting
        Case "amount"
            amount = setting
        Case "certType"
            certType = setting
        Case "certNo"
            certNo = setting
        Case "totalFee"
            totalFee = setting
        Case "deductionFee"
            deductionFee = setting
        Case "cancel"
            cancelToo = (setting = "yes")
        Case Else
            TakeOption = False
    End Select
End Function

Private Sub Walk()
    Dim status As Long
    Dim reply As String

    reply = HislinkConfigure(HislinkSet("", "/file", settingsFile), status)
    If status <> HISLINK_SUCCEEDED Then
        SayWhy "the settings are not right", reply
        Exit Sub
    End If
    If Not SettleWhatIsOpen() Then Exit Sub
    If Not LookAtAccount() Then Exit Sub
    If Not Recharge() Then Exit Sub
    If Not MakeWristband() Then Exit Sub
    If Len(certNo) > 0 Then ReduceFee
End Sub

' ---- 1. What earlier runs left open

' Asks what became of every movement of money whose end is not known. That also shows whether there is a journal: without one
' a call that is repeated would be sent again.
Private Function SettleWhatIsOpen() As Boolean
    Dim unknownOnes As String
    Dim pendingOnes As String
    Dim status As Long

    ' Both lists before the first question: an answer may move an entry from one into the other.
    unknownOnes = HislinkJournalList("{""state"":""unknown"",""limit"":10000}", status)
    If status <> HISLINK_SUCCEEDED Then
        SayWhy "the journal cannot be read, no money may be taken", unknownOnes
        Exit Function
    End If
    pendingOnes = HislinkJournalList("{""state"":""pending"",""limit"":10000}", status)
    If status <> HISLINK_SUCCEEDED Then
        SayWhy "the journal cannot be read, no money may be taken", pendingOnes
        Exit Function
    End If
    SettleEach unknownOnes
    SettleEach pendingOnes
    SettleWhatIsOpen = True
End Function

Private Sub SettleEach(ByVal list As String)
    Dim entry As String
    Dim pointer As String
    Dim number As String
    Dim reply As String
    Dim found As Boolean
    Dim n As Long

    entry = HislinkGet(list, "/data/entries/0", found)
    Do While found
        pointer = "/orderNo"
        number = HislinkGet(entry, pointer, found)
        If Not found Then
            pointer = "/deductionID"
            number = HislinkGet(entry, pointer)
        End If
        reply = HislinkJournalResolve(HislinkSet("", pointer, number))
        Tell "from before, " & number & " " & HislinkGet(entry, "/service"), reply
        n = n + 1
        entry = HislinkGet(list, "/data/entries/" & CStr(n), found)
    Loop
End Sub

' ---- 2. The account

Private Function LookAtAccount() As Boolean
    Dim reply As String
    Dim status As Long

    reply = HislinkOnepayAccountInfo(CardRequest(), status)
    If status <> HISLINK_SUCCEEDED Then
        SayWhy "the account cannot be shown", reply
        Exit Function
    End If
    Say "account of " & HislinkGet(reply, "/data/param/userName") & ", balance " & HislinkGet(reply, "/data/param/balance")
    LookAtAccount = True
End Function

Private Function CardRequest() As String
    Dim request As String

    request = HislinkSet("", "/param/cardType", cardType)
    CardRequest = HislinkSet(request, "/param/cardNo", card)
End Function

' ---- 3. The money

Private Function Recharge() As Boolean
    Dim number As String
    Dim begunBefore As Boolean
    Dim request As String
    Dim reply As String
    Dim status As Long

    begunBefore = Len(Kept("orderNo")) > 0
    ' First the number on the disk, then the money: a number that is lost after the call would be a recharge that nobody can
    ' find.
    number = NumberOf("orderNo", "OC")
    If begunBefore Then
        reply = HislinkJournalResolve(HislinkSet("", "/orderNo", number), status)
        If IsNotInJournal(reply, status) Then
            status = AskPlatform(number)
            If status <> HISLINK_REJECTED Then
                Recharge = (status = HISLINK_SUCCEEDED)
                Exit Function
            End If
        End If
    End If
    request = HislinkSet(CardRequest(), "/orderNo", number)
    request = HislinkSet(request, "/param/depositeType", "CASH")
    ' Yuan with two decimals, as text: money is never a floating-point number.
    request = HislinkSet(request, "/param/chargeAmt", amount)
    reply = Insist("onepay_recharge", request, status)
    Select Case status
        Case HISLINK_SUCCEEDED
            Say "charged " & amount & ByAnEarlierCall(reply) & ": print the receipt of " & number
            Recharge = True
        Case HISLINK_FAILED
            SayWhy "nothing was charged", reply
            If HislinkGet(reply, "/data/replayed") = "true" Then
                Say "this number is refused for good: repair the cause, and begin a new bill"
            Else
                Say "give the money back, or start again with the same bill"
            End If
        Case HISLINK_REJECTED
            SayWhy "this call charged nothing", reply
            SayOfEarlier begunBefore, number
        Case Else
            Say "nobody knows yet whether " & number & " was charged: hand out nothing, take no money again. " & _
                "Start again with the same bill"
    End Select
End Function

Private Function ByAnEarlierCall(ByVal reply As String) As String
    If HislinkGet(reply, "/data/replayed") = "true" Then ByAnEarlierCall = ", by an earlier call"
End Function

' The earlier run ended before it made the call, or the store was lost since: only the platform can tell which.
Private Function IsNotInJournal(ByVal reply As String, ByVal status As Long) As Boolean
    If status = HISLINK_REJECTED Then IsNotInJournal = (HislinkGet(reply, "/code") = "BAD_FIELD")
End Function

' What the platform says of an order that the journal does not know; HISLINK_REJECTED: it has none, and it may be sent.
Private Function AskPlatform(ByVal number As String) As Long
    Dim reply As String
    Dim n As Long

    For n = 1 To 2
        reply = HislinkOnepayQuery(HislinkSet("", "/orderNo", number))
        Tell "query", reply
        Select Case StateIn(reply)
            Case "succ"
                Say "charged " & amount & ", by an earlier call: print the receipt of " & number
                AskPlatform = HISLINK_SUCCEEDED
                Exit Function
            Case "fail", "closed"
                Say "nothing was charged, and this number is refused for good: begin a new bill"
                AskPlatform = HISLINK_FAILED
                Exit Function
            Case "notfound"
                ' It may be on its way.
                If n = 1 Then Sleep SETTLE_MILLISECONDS
            Case Else
                Say "nobody knows yet whether " & number & " was charged: hand out nothing, take no money again. " & _
                    "Start again with the same bill"
                AskPlatform = HISLINK_UNKNOWN
                Exit Function
        End Select
    Next n
    AskPlatform = HISLINK_REJECTED
End Function

' The trade's state in the answer to a query. Only a signed answer counts that names this amount, if any ("verified" is there
' where it is not signed, another code refuses the question). All else, such as a connection that failed, is "".
Private Function StateIn(ByVal reply As String) As String
    Dim code As String
    Dim booked As String

    If Len(HislinkGet(reply, "/data/verified")) > 0 Then Exit Function
    code = HislinkGet(reply, "/data/respCode")
    If code <> "000000" And code <> "00000" Then Exit Function
    booked = HislinkGet(reply, "/data/param/chargeAmt")
    If Len(booked) > 0 Then
        If TwoPlaces(booked) <> TwoPlaces(amount) Then Exit Function
    End If
    StateIn = HislinkGet(reply, "/data/param/result")
End Function

' 100 and 100.5 as the platform writes them: 100.00 and 100.50.
Private Function TwoPlaces(ByVal yuan As String) As String
    Dim point As Long

    point = InStr(1, yuan, ".", vbBinaryCompare)
    If point = 0 Then
        TwoPlaces = yuan & ".00"
    Else
        TwoPlaces = Left$(yuan & "00", point + 2)
    End If
End Function

' ---- 4. The wristband

Private Function MakeWristband() As Boolean
    Dim key As String
    Dim reply As String
    Dim status As Long

    reply = HislinkOnepayWristbandCode(HislinkSet(CardRequest(), "/param/operatorId", "0001"), status)
    If status <> HISLINK_SUCCEEDED Then
        SayWhy "no wristband", reply
        Exit Function
    End If
    key = HislinkGet(reply, "/data/param/key")
    reply = HislinkOnepayWristbandAccount(HislinkSet("", "/param/key", key), status)
    If status <> HISLINK_SUCCEEDED Then
        SayWhy "the wristband cannot be read", reply
        Exit Function
    End If
    Say "wristband " & key & " of " & HislinkGet(reply, "/data/param/userName") & ", balance " & _
        HislinkGet(reply, "/data/param/balance")
    MakeWristband = True
End Function

' ---- 5. The fee-reduction card

Private Sub ReduceFee()
    Dim number As String
    Dim reply As String
    Dim request As String
    Dim status As Long

    ' A time is kept only for a reduction that was taken: with a cancellation begun, there is nothing more to deduct.
    If Len(Kept("cancelTime")) > 0 Then
        TakeBack
        Exit Sub
    End If
    number = Kept("deductionID")
    If Len(number) > 0 Then
        ' By its number alone: the roster may have changed since, and know the card no more.
        reply = HislinkJournalResolve(HislinkSet("", "/deductionID", number), status)
        Tell "reduction from before", reply
        If status = HISLINK_SUCCEEDED Or status = HISLINK_UNKNOWN Or status = HISLINK_PENDING Then
            AfterDeduction number, True, reply, status
            Exit Sub
        End If
        ' The platform knows the same again by its deductionID; but what it refuses now it may have taken before.
        If IsNotInJournal(reply, status) Then TimeOf "deductionLost"
    End If
    SyncRoster
    request = HislinkSet("", "/certType", certType)
    reply = HislinkGloryLookup(HislinkSet(request, "/certNo", certNo), status)
    If status <> HISLINK_SUCCEEDED Then
        SayWhy "the card cannot be looked up", reply
        Exit Sub
    End If
    If HislinkGet(reply, "/data/found") <> "true" Then
        Say "no card of " & certNo & ": the patient pays the whole fee (roster of " & HislinkGet(reply, "/data/syncedAt") & ")"
        Exit Sub
    End If
    Deduct reply
End Sub

' Brings the roster up to date. Without that the lookup answers from what there is.
Private Sub SyncRoster()
    Dim reply As String
    Dim status As Long

    Do
        reply = HislinkGlorySync("{""maxPages"":20}", status)
        If status <> HISLINK_SUCCEEDED Then
            SayWhy "the roster is not up to date", reply
            Exit Sub
        End If
        WriteLog "sync: " & HislinkGet(reply, "/data/received") & " cards came, up to record " & _
            HislinkGet(reply, "/data/cursor")
    Loop Until HislinkGet(reply, "/data/done") = "true"
End Sub

Private Sub Deduct(ByVal lookup As String)
    Dim number As String
    Dim begunBefore As Boolean
    Dim request As String
    Dim reply As String
    Dim status As Long

    begunBefore = Len(Kept("deductionID")) > 0
    number = NumberOf("deductionID", "GD")
    request = HislinkSet("", "/deductionID", number)
    request = HislinkSet(request, "/deductionTime", TimeOf("deductionTime"))
    request = HislinkSet(request, "/certType", certType)
    request = HislinkSet(request, "/certNo", certNo)
    request = HislinkSet(request, "/certName", HislinkGet(lookup, "/data/cards/0/certName"))
    request = HislinkSet(request, "/gloryType", HislinkGet(lookup, "/data/cards/0/gloryType"))
    request = HislinkSet(request, "/deductionType", "0")
    request = HislinkSet(request, "/totalFee", totalFee)
    request = HislinkSet(request, "/deductionFee", deductionFee)
    reply = Insist("glory_deduct", request, status)
    AfterDeduction number, begunBefore, reply, status
End Sub

Private Sub AfterDeduction(ByVal number As String, ByVal begunBefore As Boolean, ByVal reply As String, ByVal status As Long)
    Select Case status
        Case HISLINK_SUCCEEDED
            Say "the fee is reduced by " & deductionFee & ": take the rest of " & totalFee
            If cancelToo Then TakeBack
        Case HISLINK_FAILED
            If Len(Kept("deductionLost")) > 0 Then
                SayWhy "the store has lost what an earlier run did, and the platform takes it no more", reply
                Say "ask its people whether " & number & " was reduced"
            Else
                SayWhy "not reduced, the patient pays the whole fee", reply
            End If
        Case HISLINK_REJECTED
            SayWhy "this call reduced nothing", reply
            SayOfEarlier begunBefore, number
        Case Else
            Say "nobody knows yet whether " & number & " was reduced: let the patient wait. Start again with the same bill"
    End Select
End Sub

Private Sub TakeBack()
    Dim number As String
    Dim begunBefore As Boolean
    Dim request As String
    Dim reply As String
    Dim status As Long

    begunBefore = Len(Kept("cancelTime")) > 0
    number = NumberOf("deductionID", "GD")
    request = HislinkSet("", "/deductionID", number)
    request = HislinkSet(request, "/deductionTime", TimeOf("cancelTime"))
    reply = Insist("glory_cancel", request, status)
    Select Case status
        Case HISLINK_SUCCEEDED
            Say "the reduction was taken back: take the whole fee"
        Case HISLINK_FAILED
            SayWhy "the reduction still stands", reply
        Case HISLINK_REJECTED
            SayWhy "this call took nothing back", reply
            SayOfEarlier begunBefore, number
        Case Else
            Say "nobody knows yet whether " & number & " was taken back: let the patient wait. Start again with the same bill"
    End Select
End Sub

' ---- What they share

' Calls until the end is known. It is the same request to the last character: the library knows what became of the earlier
' calls, sends only what surely was not booked, and asks the platform about what may have been. With a new number it would be
' another payment, and the patient would have two.
Private Function Insist(ByVal operation As String, ByVal request As String, ByRef status As Long) As String
    Dim reply As String
    Dim again As String
    Dim statusAgain As Long
    Dim n As Long

    For n = 1 To TRIES
        If n > 1 Then Sleep PAUSE_MILLISECONDS
        again = HislinkCall(operation, request, statusAgain)
        Tell operation, again
        ' Rejected, as by a store that broke: that call did nothing, which tells nothing of the one before.
        If n = 1 Or statusAgain <> HISLINK_REJECTED Then
            reply = again
            status = statusAgain
        End If
        If status <> HISLINK_UNKNOWN And status <> HISLINK_PENDING Then Exit For
    Next n
    If HislinkGet(reply, "/code") = "DUPLICATE_ORDER" Then
        Say "this bill's number stands for other content: give the card and the amounts of before"
    End If
    Insist = reply
End Function

' A call that is rejected tells nothing of those that an earlier run made with the same number.
Private Sub SayOfEarlier(ByVal begunBefore As Boolean, ByVal number As String)
    If begunBefore Then Say "what an earlier run did with " & number & " is not told by this: begin no new bill for it"
End Sub

' The line for the log.
Private Sub Tell(ByVal action As String, ByVal reply As String)
    WriteLog action & ": " & HislinkGet(reply, "/status") & " " & HislinkGet(reply, "/code") & " " & _
        HislinkGet(reply, "/message") & " " & HislinkGet(reply, "/field")
End Sub

' What the cashier reads.
Private Sub Say(ByVal words As String)
    told = told & words & vbCrLf
    WriteLog "> " & words
End Sub

Private Sub SayWhy(ByVal words As String, ByVal reply As String)
    Say words & ": " & HislinkGet(reply, "/message") & " " & HislinkGet(reply, "/field")
End Sub

Private Sub WriteLog(ByVal words As String)
    Dim handle As Integer

    ' A log that cannot be written must not end what has moved money.
    On Error Resume Next
    Debug.Print words
    If Len(billFile) = 0 Then Exit Sub
    handle = FreeFile
    Open billFile & ".log" For Append As #handle
    Print #handle, words
    Close #handle
End Sub

' ---- The bill: its numbers and times, each in the file before it is used

' What the bill's file holds under a name; "" where nothing.
Private Function Kept(ByVal label As String) As String
    Dim handle As Integer
    Dim words As String

    If Len(Dir$(billFile)) = 0 Then Exit Function
    handle = FreeFile
    Open billFile For Input As #handle
    Do Until EOF(handle)
        Line Input #handle, words
        If Left$(words, Len(label) + 1) = label & "=" Then Kept = Mid$(words, Len(label) + 2)
    Loop
    Close #handle
End Function

' The bill's number of that name: the kept one, or a new one, which is kept from now on.
Private Function NumberOf(ByVal label As String, ByVal prefix As String) As String
    Dim number As String
    Dim reply As String
    Dim status As Long

    number = Kept(label)
    If Len(number) = 0 Then
        reply = HislinkOrderNo(HislinkSet("", "/prefix", prefix), status)
        If status <> HISLINK_SUCCEEDED Then Err.Raise vbObjectError + 513, "Cashier", HislinkGet(reply, "/message")
        number = HislinkGet(reply, "/data/orderNo")
        Keep label, number
    End If
    NumberOf = number
End Function

' The same for a time: now, as the platform writes it (UTC+8, whatever this machine's time zone is).
Private Function TimeOf(ByVal label As String) As String
    Dim moment As String
    Dim utc As SystemTime
    Dim china As Date

    moment = Kept(label)
    If Len(moment) = 0 Then
        GetSystemTime utc
        china = DateSerial(utc.wYear, utc.wMonth, utc.wDay) + TimeSerial(utc.wHour, utc.wMinute, utc.wSecond)
        ' The backslashes keep the signs from becoming those of the country settings.
        moment = Format$(DateAdd("h", 8, china), "yyyy\-mm\-dd hh\:nn\:ss")
        Keep label, moment
    End If
    TimeOf = moment
End Function

' Writes the file anew beside the old one, onto the disk, and puts it in its place: a crash leaves one or the other. An error
' ends the walk before anything is sent.
Private Sub Keep(ByVal label As String, ByVal setting As String)
    Dim fresh As String
    Dim words As String
    Dim source As Integer
    Dim target As Integer

    fresh = billFile & ".new"
    target = FreeFile
    Open fresh For Output As #target
    If Len(Dir$(billFile)) > 0 Then
        source = FreeFile
        Open billFile For Input As #source
        Do Until EOF(source)
            Line Input #source, words
            Print #target, words
        Loop
        Close #source
    End If
    Print #target, label & "=" & setting
    Close #target
    FlushToDisk fresh
    If MoveFileExW(StrPtr(fresh), StrPtr(billFile), MOVE_REPLACING Or MOVE_WRITE_THROUGH) = 0 Then
        Err.Raise vbObjectError + 514, "Cashier", "the bill cannot be kept, nothing was sent for it"
    End If
End Sub

Private Sub FlushToDisk(ByVal path As String)
    Dim handle As Long
    Dim flushed As Long

    handle = CreateFileW(StrPtr(path), GENERIC_WRITE, SHARE_READ_AND_WRITE, 0, OPEN_EXISTING, 0, 0)
    If handle <> INVALID_HANDLE Then
        flushed = FlushFileBuffers(handle)
        CloseHandle handle
    End If
    If flushed = 0 Then Err.Raise vbObjectError + 514, "Cashier", "the bill cannot be kept, nothing was sent for it"
End Sub
