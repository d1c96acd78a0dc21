#!/bin/sh
# Measures the release library through its C contract, beside OpenSSL, libcurl, SQLite and pgbench, and prints a table.
#
#   benches/run.sh [--quick] [--only load|seal|buffer|log|memory|transact|journal|desks|glory]
#
# Needs cargo, a C compiler and, on Debian, the packages libssl-dev, libcurl4-openssl-dev and libsqlite3-dev. The part "desks"
# needs the package postgresql, and is left out without it.
# Run it on a quiet machine: two cores are used, one by the loopback server or the sandbox. The glory part writes about
# 1.5 GB below target/benches, and removes it.
set -eu
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
compiler=${CC:-cc}

if ! printf '#include <curl/curl.h>\n#include <openssl/evp.h>\n#include <sqlite3.h>\nint main(void) { return 0; }\n' |
    "$compiler" -x c - -o /dev/null -lcrypto -lcurl -lsqlite3 2>/dev/null; then
    echo "benches/run.sh needs a C compiler, OpenSSL, libcurl and SQLite:" >&2
    echo "    apt-get install gcc libc6-dev libssl-dev libcurl4-openssl-dev libsqlite3-dev" >&2
    exit 1
fi

# The short form looks whether all still runs: it need not be as fast as can be.
case " $* " in
    *" --quick "*) export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 ;;
esac
cargo build --release -p hislink -p hislink-sandbox
# The library by itself, as users build it, is optimized as a whole.
case " $* " in
    *" --quick "*) ;;
    *) cargo rustc --release -p hislink --lib --crate-type cdylib ;;
esac
mkdir -p "$target/benches"
"$compiler" -O2 -std=c99 -Wall -Wextra -Werror benches/*.c -o "$target/benches/contract" \
    -lcrypto -lcurl -lsqlite3 -lpthread -ldl
export HISLINK_LIBRARY="${HISLINK_LIBRARY:-$target/release/libhislink.so}"
export HISLINK_SANDBOX="${HISLINK_SANDBOX:-$target/release/hislink-sandbox}" HISLINK_BENCH_DIR="$(cd "$target/benches" && pwd)"
# Where processes tell each other that they are alive: not among the user's own.
export XDG_DATA_HOME="$HISLINK_BENCH_DIR/data"
exec benches/postgres.sh "$target/benches/contract" "$@"
