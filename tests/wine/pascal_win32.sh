#!/usr/bin/env bash
# The Pascal programs as 32-bit Windows programs, in Delphi mode, with the Windows library: Free Pascal makes them, Wine
# runs them, and the platforms run outside.
#
#   pascal_win32.sh FOLDER_OF_HISLINK_DLL DEBIAN SANDBOX
#
# DEBIAN is a folder made by
#   debootstrap --arch=i386 --variant=minbase --include=wine32,wine,fp-compiler,fp-units-rtl,fpc-source bookworm DEBIAN
# and SANDBOX the program hislink-sandbox. Needs root and curl.
set -euo pipefail
project=$(cd "$(dirname "$0")/../.." && pwd)
. "$project/tests/wine/lib.sh"
[ $# = 3 ] || fail "usage: $0 FOLDER_OF_HISLINK_DLL DEBIAN SANDBOX"
own_mounts "$@"
trap close_room EXIT

programs=(bindings/delphi/Cashier.dpr)
for source in FloatControl SmallBuffer Gbk Threads EveryFunction; do programs+=("tests/pascal/$source.dpr"); done

# Free Pascal's own units for Windows, which Debian does not ship made.
make_rtl() {
    mkdir "$ROOM/rtl"
    local sources option options=(-n -Twin32 -Mobjfpc -O2 -ve "-FE$INSIDE/rtl" "-FU$INSIDE/rtl" "-Fu$INSIDE/rtl")
    sources=$(cd "$ROOT" && ls -d usr/share/fpcsrc/*/rtl)
    for option in inc i386 win win32 objpas objpas/sysutils objpas/classes win/wininc; do
        options+=("-Fi/$sources/$option" "-Fu/$sources/$option")
    done
    # In this order: each is made with those before it. Its remarks on itself are not ours.
    { inside ppc386 "${options[@]}" -Us -Sg "/$sources/win32/system.pp" &&
        inside ppc386 "${options[@]}" "/$sources/objpas/objpas.pp" &&
        inside ppc386 "${options[@]}" "/$sources/win32/buildrtl.pp"; } >"$ROOM/rtl.log" 2>&1 ||
        fail "$(grep -E 'Error|Fatal' "$ROOM/rtl.log")"
}

# One line an operation for EveryFunction. Pascal does not mind the case of the layer's names.
write_every_inc() {
    sed -n 's/^function hislink_\(.*\)(Request: PAnsiChar): .*/\1/p' "$project/bindings/delphi/Hislink.pas" |
        while read -r name; do
            printf "One('%s', hislink_%s(nil), Hislink%s(''));\n" "$name" "$name" "${name//_/}"
        done >"$ROOM/every.inc"
}

# make_program SOURCE: and the compiler has nothing to remark on our files.
make_program() {
    local said
    said=$(inside ppc386 -n -Twin32 -Mdelphi -vewnh "-Fu$INSIDE/rtl" "$(basename "$1")" 2>&1) || fail "$1:" "$said"
    if grep -E '\.(pas|dpr|inc)\(.*(Hint|Note|Warning):' <<<"$said" >&2; then fail "$1 is not made in silence"; fi
}

cashier() { expect "$1" "$2" Cashier.exe http.json kept.txt "${@:3}"; }

open_room "$2" hislink-pascal
cp "$1/hislink.dll" "$project"/bindings/delphi/*.pas "$project"/bindings/delphi/*.dpr "$project"/tests/pascal/* "$ROOM"

step "Free Pascal's units for Windows"
make_rtl

step "the programs"
write_every_inc
for source in "${programs[@]}"; do make_program "$source"; done

step "Windows, and the platforms"
inside wineboot -i >/dev/null 2>&1
start_sandbox "$3"
settings http >"$ROOM/http.json"
settings https >"$ROOM/https.json"

step "every function"
expect 0 "order_no succeeded OK" EveryFunction.exe

step "floating-point exceptions unmasked, as in Delphi"
for unit in x87 sse; do expect 3 "trapped $unit: EZeroDivide" FloatControl.exe trap "$unit"; done
expect 0 "control words held" FloatControl.exe http.json https.json
expect_booked 4

step "small buffers, GBK, threads"
expect 0 "nothing was lost" SmallBuffer.exe http.json SMALL1
expect_booked 1 'SMALL1"'
expect 0 "GBK went both ways" Gbk.exe http.json GBK1
expect_booked 1 'GBK1"'
expect_booked 0 'GBK1X"'
expect 0 "16 threads were served" Threads.exe http.json SHARED1
expect_booked 1 'SHARED1"'
expect_booked $((4 + 1 + 1 + 1 + 16 * 5))

step "the cashier"
control reset -X POST >/dev/null
# The number is that of the sandbox's first card.
cashier 0 "TAKEN BACK" 10001 100.00 350203197205258630
expect_booked 1
control faults -d '{"fault":"dropAfter","times":1,"transType":"hop.trade.recharge"}' >/dev/null
control faults -d '{"fault":"dropBefore","transType":"hop.trade.query"}' >/dev/null
cashier 3 "NOT KNOWN YET" 10001 2.00
cashier 3 "from before: onepay_recharge" 10001 4.00
expect_booked 2
control faults -X DELETE >/dev/null
cashier 0 "from before: CHARGED, once" 10001 2.00
expect_booked 2
cashier 0 "CHARGED, once" 10001 4.00
expect_booked 3
cashier 1 "NOT CHARGED" 10002
grep -q '"balance": "306.00"' <<<"$(control books)" || fail "the account does not hold 306.00"

step "done"
