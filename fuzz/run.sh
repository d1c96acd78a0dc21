#!/usr/bin/env bash
# Builds every fuzz target and runs them, two side by side.
#
#   fuzz/run.sh [short | long] [build]     a CPU-minute for all targets together, or ten under the address sanitizer;
#                                          build: no more than that
#
# Anything that a target finds fails: a panic also where the border would catch it, a step outside memory, a reply that
# the contract does not know, a call above 10 s, more than 1 GiB. What was found stays in fuzz/artifacts; once mended it
# becomes a test. Each target begins with requests made from tests/vectors and the table, and with what earlier runs grew
# from them in target/fuzz.
#
# It builds without cargo-fuzz, by the stable compiler; `cargo fuzz run every_operation` works too where that is installed.
set -euo pipefail
cd "$(dirname "$0")"

form=${1:-short}
host=$(rustc -vV | sed -n 's/^host: //p')
flags="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing"
case $form in
short) seconds=60 ;;
long)
    seconds=600
    # The compiler calls the sanitizer unstable; what it makes is checked below.
    export RUSTC_BOOTSTRAP=1
    flags+=" -Zsanitizer=address"
    ;;
*) echo "fuzz/run.sh [short | long] [build]" >&2; exit 2 ;;
esac

work=$PWD/../target/fuzz
# Each form in a folder of its own: what one compiler setting built is of no use to the other.
RUSTFLAGS=$flags cargo build --release --locked --target "$host" --target-dir "$work/$form"
if [ "${2:-}" = build ]; then exit; fi
programs=$work/$form/$host/release
targets=()
for source in targets/*.rs; do
    name=$(basename "$source" .rs)
    [ "$name" = wrong_on_purpose ] || targets+=("$name")
done

# The targets' folders and stores: in memory where there is some, since a store waits for its disk.
temporary=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
trap 'rm -rf "$temporary"' EXIT
export TMPDIR=$temporary
export ASAN_OPTIONS=detect_leaks=1 RUST_BACKTRACE=0

# First the proof that each kind of fault is reported: found CODE-LETTER TEXT TIMEOUT
found() {
    printf '%s' "$1" >"$temporary/input"
    local ended=0
    "$programs/wrong_on_purpose" -timeout="$3" -rss_limit_mb=512 -artifact_prefix="$temporary/" "$temporary/input" \
        >"$temporary/proof" 2>&1 || ended=$?
    if [ "$ended" = 0 ] || ! grep -q -e "$2" "$temporary/proof"; then
        tail -n 30 "$temporary/proof"
        echo "wrong_on_purpose $1: ended with $ended, \"$2\" was not reported" >&2
        exit 1
    fi
}
printf '0' >"$temporary/input"
"$programs/wrong_on_purpose" "$temporary/input" >"$temporary/proof" 2>&1 || { cat "$temporary/proof" >&2; exit 1; }
found p "on purpose" 60
found w "deadly signal\|SEGV" 60
found h "libFuzzer: timeout" 2
found m "libFuzzer: out-of-memory" 60
if [ "$form" = long ]; then found f "heap-use-after-free" 60; fi

"$programs/seeds" "$work/seeds"

# fuzz TARGET SECONDS: its output goes to TARGET.log.
fuzz() {
    mkdir -p "$work/grown/$1" "$PWD/artifacts/$1"
    "$programs/$1" "$work/grown/$1" "$work/seeds/$1" -dict="$work/seeds/words.dict" -max_total_time="$2" -len_control=0 \
        -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$PWD/artifacts/$1/" >"$work/$1.log" 2>&1
}

# judge TARGET: what it did, and failure unless it came further than its seeds.
judge() {
    local runs inputs
    runs=$(sed -n 's/^stat::number_of_executed_units: //p' "$work/$1.log")
    inputs=$(sed -n 's/^#\([0-9]*\)\tINITED .*/\1/p' "$work/$1.log")
    printf '%-16s %8s runs, %s\n' "$1" "$runs" "$(sed -n 's/^#[0-9]*\tDONE *//p' "$work/$1.log")"
    if [ "${runs:-0}" -le "${inputs:-0}" ] || [ "${inputs:-0}" -le 1 ]; then
        echo "$1 ran ${runs:-no} inputs, of which ${inputs:-0} were there before" >&2
        return 1
    fi
}

failed=0
each=$((seconds / ${#targets[@]}))
for ((n = 0; n < ${#targets[@]}; n += 2)); do
    pair=("${targets[@]:n:2}")
    running=()
    for target in "${pair[@]}"; do
        fuzz "$target" "$each" &
        running+=($!)
    done
    for ((one = 0; one < ${#pair[@]}; one++)); do
        target=${pair[one]}
        if ! wait "${running[one]}"; then
            tail -n 40 "$work/$target.log" | cut -c 1-2000 >&2
            echo "$target found something; it is in fuzz/artifacts/$target" >&2
            failed=1
        elif ! judge "$target"; then
            failed=1
        fi
    done
done
exit "$failed"
