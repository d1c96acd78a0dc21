#!/usr/bin/env bash
# A 32-bit host on Linux with every floating-point exception unmasked: the library of 32 bit masks them for its calls, and
# puts the host's control words back. Needs the Rust target i686-unknown-linux-gnu and the package gcc-multilib.
#
#   tests/linux32.sh SANDBOX      the program hislink-sandbox
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/wine/lib.sh

ROOM=$(mktemp -d)
trap '[ -z "${SANDBOX_PID:-}" ] || kill "$SANDBOX_PID"; rm -rf "$ROOM"' EXIT
folder=${CARGO_TARGET_DIR:-target}/i686-unknown-linux-gnu/debug
cargo build --locked -p hislink --lib --target i686-unknown-linux-gnu
for program in float_control caller_buffer; do
    gcc -m32 -std=c99 -Wall -Wextra -Werror -O1 -Iinclude "tests/c/$program.c" -o "$ROOM/$program" "-L$folder" -lhislink -pthread -ldl
done
export LD_LIBRARY_PATH=$folder XDG_DATA_HOME=$ROOM/data
start_sandbox "$1"
if "$ROOM/float_control" trap; then fail "the exceptions are masked: nothing is proved"; fi
"$ROOM/float_control" "$(told https onepay)" "$ROOM/pem/ca.pem" "$ROOM/store.db"
"$ROOM/caller_buffer"
echo "linux32: fine"
