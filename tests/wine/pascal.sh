#!/usr/bin/env bash
# The Pascal programs as Windows programs of 32 or of 64 bit, in Delphi mode, with the Windows library: Free Pascal makes
# them, Wine runs them, and the platforms run outside.
#
#   pascal.sh win32 FOLDER_OF_HISLINK_DLL SANDBOX DEBIAN
#   pascal.sh win64 FOLDER_OF_HISLINK_DLL SANDBOX
#
# SANDBOX is the program hislink-sandbox. For 64 bit Debian 12's wine64, fp-compiler and fpc-source are taken from this
# system, for 32 bit from DEBIAN, a folder made by
#   debootstrap --arch=i386 --variant=minbase --include=wine32,wine,fp-compiler,fp-units-rtl,fpc-source bookworm DEBIAN
# Needs root and curl.
set -euo pipefail
project=$(cd "$(dirname "$0")/../.." && pwd)
. "$project/tests/wine/lib.sh"
case "${1:-} $#" in
    "win32 4") compiler=ppc386 processor=i386 ;;
    "win64 3") compiler=ppcx64 processor=x86_64 ;;
    *) fail "usage: $0 win32 FOLDER_OF_HISLINK_DLL SANDBOX DEBIAN" "       $0 win64 FOLDER_OF_HISLINK_DLL SANDBOX" ;;
esac
own_mounts "$@"
target=$1
trap close_room EXIT

programs=(bindings/delphi/Cashier.dpr bindings/delphi/Background.dpr)
for source in FloatControl SmallBuffer Gbk Threads EveryFunction; do programs+=("tests/pascal/$source.dpr"); done

# Free Pascal's own units for Windows, which Debian does not ship made.
make_rtl() {
    mkdir "$ROOM/rtl"
    local sources option options=(-n "-T$target" -Mobjfpc -O2 -ve "-FE$INSIDE/rtl" "-FU$INSIDE/rtl" "-Fu$INSIDE/rtl")
    sources=$(cd "$ROOT/" && ls -d usr/share/fpcsrc/*/rtl)
    for option in inc "$processor" win "$target" objpas objpas/sysutils objpas/classes win/wininc; do
        options+=("-Fi/$sources/$option" "-Fu/$sources/$option")
    done
    # In this order: each is made with those before it. Its remarks on itself are not ours.
    { inside "$compiler" "${options[@]}" -Us -Sg "/$sources/$target/system.pp" &&
        inside "$compiler" "${options[@]}" "/$sources/objpas/objpas.pp" &&
        inside "$compiler" "${options[@]}" "/$sources/$target/buildrtl.pp"; } >"$ROOM/rtl.log" 2>&1 ||
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
    said=$(inside "$compiler" -n "-T$target" -Mdelphi -vewnh "-Fu$INSIDE/rtl" "$(basename "$1")" 2>&1) || fail "$1:" "$said"
    if grep -E '\.(pas|dpr|inc)\(.*(Hint|Note|Warning):' <<<"$said" >&2; then fail "$1 is not made in silence"; fi
}

cashier() { expect "$1" "$2" Cashier.exe http.json kept.txt "${@:3}"; }

open_room "$target" hislink-pascal "${4:-}"
cp "$2/hislink.dll" "$project"/bindings/delphi/*.pas "$project"/bindings/delphi/*.dpr "$project"/tests/pascal/* "$ROOM"

step "Free Pascal's units for Windows"
make_rtl

step "the programs"
write_every_inc
for source in "${programs[@]}"; do make_program "$source"; done

step "Windows, and the platforms"
inside "$WINE" wineboot -i >/dev/null 2>&1
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

step "a form that goes on"
control faults -d '{"fault":"delay","milliseconds":2000,"times":1,"transType":"hop.trade.recharge"}' >/dev/null
expect 0 "charging, 500 ms" Background.exe http.json kept2.txt 10001 1.00
expect 1 "NOT CHARGED" Background.exe http.json kept2.txt 10002
grep -q '"balance": "307.00"' <<<"$(control books)" || fail "the account does not hold 307.00"

step "done"
