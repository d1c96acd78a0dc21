#!/bin/sh
# Measures the release library through its C contract, beside OpenSSL and libcurl, and prints a table.
#
#   benches/run.sh [--quick]
#
# Needs cargo, a C compiler and, on Debian, the packages libssl-dev and libcurl4-openssl-dev.
# Run it on a quiet machine: two cores are used, one by the loopback server.
set -eu
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
compiler=${CC:-cc}

if ! printf '#include <curl/curl.h>\n#include <openssl/evp.h>\nint main(void) { return 0; }\n' |
    "$compiler" -x c - -o /dev/null -lcrypto -lcurl 2>/dev/null; then
    echo "benches/run.sh needs a C compiler, OpenSSL and libcurl:" >&2
    echo "    apt-get install gcc libc6-dev libssl-dev libcurl4-openssl-dev" >&2
    exit 1
fi

cargo build --release --lib -p hislink
mkdir -p "$target/benches"
"$compiler" -O2 -std=c99 -Wall -Wextra -Werror benches/*.c -o "$target/benches/contract" -lcrypto -lcurl -lpthread -ldl
HISLINK_LIBRARY=${HISLINK_LIBRARY:-$target/release/libhislink.so} exec "$target/benches/contract" "$@"
