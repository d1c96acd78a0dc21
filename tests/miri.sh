#!/usr/bin/env bash
# Runs tests/border.rs under Miri, which sees undefined behaviour that works by luck: the exported functions, from both
# sides of the border, with the text conversions, signing, ciphers and JSON behind them.
#
#   tests/miri.sh
#
# What Miri cannot know is left out: the floating-point control words and the question whether a page can be read
# (src/abi), stores, sockets, and the assembly of ring.
set -euo pipefail
cd "$(dirname "$0")/.."

rustup component add miri rust-src --toolchain nightly >/dev/null 2>&1 || true
# Time and files are the machine's.
export MIRIFLAGS="-Zmiri-disable-isolation"

told=$(cargo +nightly miri test --locked -p hislink --target-dir target/miri --test border | tee >(cat >&2))
if ! grep -q '^test result: ok. [1-9]' <<<"$told"; then echo "no test ran" >&2; exit 1; fi
