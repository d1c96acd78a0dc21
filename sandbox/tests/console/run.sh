#!/bin/sh
# The sandbox's console in Chromium, driven by Playwright. Pictures of it go to target/console.
#
#   sandbox/tests/console/run.sh      needs node 20 or later with npm, chromium, and a Chinese font
set -eu

cd "$(dirname "$0")/../../.."
tests=sandbox/tests/console
cargo build --locked -p hislink-sandbox
npm ci --prefix "$tests" --no-audit --no-fund --loglevel=error
# Only what hangs takes that long: the limit is also that of a whole file, and each step has its own.
node --test --test-timeout=900000 --test-reporter=spec "$tests/strings.test.js" "$tests/console.test.js"
