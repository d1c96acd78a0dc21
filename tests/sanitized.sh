#!/bin/sh
# Runs the C programs under the address, leak and undefined-behaviour sanitizers, against a ready libhislink.so.
#
#   tests/sanitized.sh [DIRECTORY OF libhislink.so]      (target/debug unless given)
#
# The library itself is not instrumented, but its allocations are the system's malloc: what crosses the border is seen.
set -eu

cd "$(dirname "$0")/.."
library=$(cd "${1:-target/debug}" && pwd)
[ -f "$library/libhislink.so" ] || { echo "no libhislink.so in $library: run cargo build" >&2; exit 1; }
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

# What a sanitizer finds ends a program with 99, which none of them uses itself.
export ASAN_OPTIONS=detect_leaks=1:exitcode=99
export UBSAN_OPTIONS=exitcode=99
unset LSAN_OPTIONS
export LD_LIBRARY_PATH="$library"
# Programs whose settings name no store leave the user's own alone.
export XDG_DATA_HOME="$build/data"

compile() {
    ${CC:-cc} -std=c99 -Wall -Wextra -Werror -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined \
        -fno-omit-frame-pointer -Iinclude -o "$build/$(basename "$1" .c)" "$1" -L"$library" -lhislink -pthread -ldl
}

# expect CODE TEXT PROGRAM [ARGUMENT...]: the program must end with CODE, and its output must hold TEXT.
expect() {
    code=$1 text=$2 name=$3
    shift 3
    echo "$name $*" | cut -c 1-100
    ended=0
    "$build/$name" "$@" >"$build/output" 2>&1 || ended=$?
    if [ "$ended" != "$code" ] || { [ -n "$text" ] && ! grep -q -e "$text" "$build/output"; }; then
        tail -n 60 "$build/output"
        echo "$name: ended with $ended, expected $code and \"$text\"" >&2
        exit 1
    fi
}

for source in tests/c/*.c examples-c/*.c; do
    compile "$source"
done

# First the proof that the sanitizers are on: they must report what is wrong on purpose, and nothing else.
expect 0 "" wrong_on_purpose
expect 99 "heap-use-after-free" wrong_on_purpose use-after-free
expect 99 "detected memory leaks" wrong_on_purpose leak
expect 99 "signed integer overflow" wrong_on_purpose overflow

for program in contract_requests contract_onepay contract_replies; do
    expect 0 "fine" "$program"
done
expect 0 "" header_twice
expect 0 "" caller_buffer
expect 0 "each once" order_no_threads 16 5000
expect 0 "" order_no_print 0 100 4
# Word splitting makes an argument of each name.
# shellcheck disable=SC2046
expect 0 "hislink_describe" every_function "$library/libhislink.so" \
    $(sed -n 's/^char \*\(hislink_[a-z0-9_]*\)(const char \*request);$/\1/p' include/hislink.h)
for program in sign verify encrypt seal threads; do
    expect 0 "" "$program"
done
# Nobody listens on port 1: it ends with 1, after telling so.
expect 1 "CONNECT_FAILED" recharge http://127.0.0.1:1/
# Settings without quotes in the path: mktemp makes none.
cat >"$build/settings.json" <<SETTINGS
{"onepay":{"url":"http://127.0.0.1:1/","appId":"1A3VL0KVK0000B020A0A0000CC3F48AD","appSecret":"s"},
 "store":"sqlite:$build/journal.db"}
SETTINGS
expect 1 "nothing was charged" recover "$build/settings.json" "$build/order"
expect 1 "begun before" recover "$build/settings.json" "$build/order"
expect 1 "nothing was charged" background "$build/settings.json" "$build/order2"
expect 0 "open: 0" settle "$build/settings.json"
glory="url=http://127.0.0.1:1 store=$build/glory.db"
# Word splitting makes two arguments of it.
# shellcheck disable=SC2086
{
    expect 1 "CONNECT_FAILED" sync $glory
    expect 1 "never been complete" lookup certNo=11010519491231002X $glory
    expect 1 "CONNECT_FAILED" deduct $glory
    expect 0 "unlisten: status=succeeded" listen bind=127.0.0.1:0 seconds=1 $glory
}
# tests/c/memory.c is left out: the sanitizer keeps freed memory back, so residency tells nothing here.
echo "sanitized: fine"
