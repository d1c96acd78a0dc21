#!/usr/bin/env bash
# What a developer does first with a package: starts the sandbox that is in it, compiles the recharge sample against the
# import library, and charges. Then what the person who installs does first: runs hislink-check. And what Microsoft's linker would do with hislink.lib, by the linker of Rust that obeys its rules.
#
#   packed.sh ZIP DEBIAN WINE      of the 32-bit package; WINE runs programs below DEBIAN by their paths from here
set -euo pipefail
project=$(cd "$(dirname "$0")/../.." && pwd)
. "$project/tests/wine/lib.sh"
wine=$3
room=$(mktemp -d "$2/tmp/packed.XXXXXX")
sandbox=
# A Windows program may outlive the command that started it; those of this room have its name in theirs.
trap '[ -z "$sandbox" ] || kill "$sandbox" 2>/dev/null || true; pkill -f "${room##*/}/.*[.]exe" || true; rm -rf "$room"' EXIT
unzip -q "$1" -d "$room"
package=$(echo "$room"/hislink-*)

i686-w64-mingw32-gcc -ffreestanding -fno-stack-protector -O1 "-I$package/include" -c "$project/tests/wine/msvc_link.c" -o "$room/msvc_link.o"
linker=$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin/rust-lld
"$linker" -flavor link /nologo /nodefaultlib /entry:entry /subsystem:console /safeseh:no "/out:$package/msvc_link.exe" \
    "$room/msvc_link.o" "$package/lib/hislink.lib" /usr/i686-w64-mingw32/lib/libkernel32.a
said=$("$wine" "$package/msvc_link.exe")
grep -q ' fine: {"status":"succeeded"' <<<"$said" || fail "linked by hislink.lib:" "$said"
echo "   hislink.lib: $said"

i686-w64-mingw32-gcc -std=c99 "-I$package/include" "$package/examples-c/recharge.c" "$package/lib/libhislink.dll.a" -o "$package/recharge.exe"
"$wine" "$package/sandbox/hislink-sandbox.exe" --http-port 0 --https-port 0 --control-port 0 --dir 'Z:\tmp\packed-pem' \
    >"$room/sandbox.log" 2>&1 &
sandbox=$!
for _ in $(seq 600); do
    if grep -q 'Ctrl-C' "$room/sandbox.log"; then break; fi
    sleep 0.1
done
url=$(sed -n '/^onepay sandbox/,/^[^ ]* sandbox/s/^  http  *//p' "$room/sandbox.log" | tr -d '\r' | head -1)
[ -n "$url" ] || fail "the packed sandbox does not start:" "$(cat "$room/sandbox.log")"
said=$("$wine" "$package/recharge.exe" "$url" 10001 100.00)
grep -q 'balance: 300.00' <<<"$said" || fail "the recharge sample said:" "$said"
echo "   recharge.exe at the packed sandbox: $(grep 'balance' <<<"$said" | tr -d '\r')"

# The settings stand beside the program, as it looks for them without arguments.
ROOM=$room
of_sandbox() { told "$1" "$2" | tr -d '\r'; }
folder='Z:\\tmp\\'${room##*/}
store=$folder'\\check.db'
check_settings() {
    cat >"$package/hislink.json" <<END
{"onepay":{"url":"$url","appId":"$(of_sandbox appId onepay)","appSecret":"$1"},
"glory":{"url":"$(of_sandbox http glory)","sid":"$(of_sandbox sid glory)","key":"$(of_sandbox key glory)","orgCode":"$(of_sandbox orgCode glory)"},
"store":"sqlite:$store","log":{"dir":"$folder\\\\log"},"language":"$2"}
END
}
check_settings "$(of_sandbox appSecret onepay)" en
said=$("$wine" "$package/hislink-check.exe") || fail "hislink-check ended with $?:" "$said"
grep -q 'ok    onepay identity' <<<"$said" && grep -q 'ok    glory  identity' <<<"$said" && grep -q 'All is well' <<<"$said" ||
    fail "hislink-check said:" "$said"
echo "   hislink-check.exe at the packed sandbox: $(tail -1 <<<"$said" | tr -d '\r')"
check_settings 00000000000000000000000000000000 zh
code=0
said=$("$wine" "$package/hislink-check.exe") || code=$?
[ "$code" = 1 ] && grep -q 'FAIL  onepay identity 平台拒绝' <<<"$said" && grep -q '还不能使用' <<<"$said" ||
    fail "with a wrong secret hislink-check ended with $code and said:" "$said"
echo "   and with a wrong secret: $(grep -m1 '^FAIL' <<<"$said" | tr -d '\r')"
