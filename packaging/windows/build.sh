#!/usr/bin/env bash
# Makes hislink for Windows 7 and later, with the import libraries, on Linux:
#
#   packaging/windows/build.sh [OUT] [win32|win64]...      (target/windows-out, and both, unless given)
#
#   OUT/win32/hislink.dll  hislink.lib (MSVC)  libhislink.dll.a (mingw)  hislink.def  hislink-check.exe  hislink-sandbox.exe
#   OUT/win64/             the same
#
# Needs the package mingw-w64 and the Rust components rust-src and llvm-tools. The standard library is built too: the
# ready one for ordinary Windows targets calls functions that Windows 7 lacks. The same sources give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/../.."
repository=$PWD

out=${1:-target/windows-out}
shift || true
[ $# -gt 0 ] || set -- win32 win64

sysroot=$(rustc --print sysroot)
tools=$sysroot/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin
target_folder=${CARGO_TARGET_DIR:-target}

missing() { echo "packaging/windows/build.sh needs $1" >&2; exit 1; }
[ -d "$sysroot/lib/rustlib/src/rust/library" ] || missing "the sources of std: rustup component add rust-src"
[ -x "$tools/llvm-ar" ] || missing "llvm-ar: rustup component add llvm-tools"

# Nightly's switches on the stable compiler: -Zbuild-std has no other way.
export RUSTC_BOOTSTRAP=1
cargo fetch --locked --quiet

# What is built says neither where nor when.
remapped="--remap-path-prefix=$repository=/hislink --remap-path-prefix=$sysroot=/rust"
export CFLAGS="-ffile-prefix-map=$repository=/hislink"
for crates in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do
    remapped="$remapped --remap-path-prefix=$crates=/crates"
    CFLAGS="$CFLAGS -ffile-prefix-map=$crates=/crates"
done
# The places of panics, which nobody would see, are 100 KiB; stops behind what never returns are more.
common="$remapped -Clink-arg=-Wl,--no-insert-timestamp -Clink-arg=-static-libgcc -Zlocation-detail=none -Ztrap-unreachable=no"

# target NAME: what mingw and Rust call it.
target() {
    case $1 in
        win32) arch=i686 machine=i386 ;;
        win64) arch=x86_64 machine=i386:x86-64 ;;
        *) echo "win32 or win64, not $1" >&2; exit 2 ;;
    esac
    triple=$arch-win7-windows-gnu
    mingw=$arch-w64-mingw32
    command -v "$mingw-gcc" >/dev/null || missing "$mingw-gcc: on Debian the package mingw-w64"
    local name=${triple//-/_}
    export "CC_$name=$mingw-gcc" "AR_$name=$mingw-ar" "CARGO_TARGET_${name^^}_LINKER=$mingw-gcc" RUSTFLAGS="$common"
}

# build COMMAND [ARGUMENTS]: cargo for that target, with the standard library.
build() {
    cargo "$1" --locked --profile windows --target "$triple" \
        -Zbuild-std=std,panic_unwind -Zbuild-std-features=panic-unwind,optimize_for_size "${@:2}"
}

# The names as C compilers see them: on 32 bit those of stdcall functions end with the bytes of their arguments.
module_definition() {
    echo "LIBRARY hislink.dll"
    echo "EXPORTS"
    awk -v name="$1" '/^[A-Za-z].*hislink_[a-z0-9_]*\(.*\);$/ {
        function_name = $0; sub(/\(.*/, "", function_name); sub(/.*[ *]/, "", function_name)
        parameters = $0; sub(/^[^(]*\(/, "", parameters)
        bytes = parameters ~ /^void/ ? 0 : 4 * (split(parameters, each, ",") + gsub(/HISLINK_INT64/, "", parameters))
        print "    " function_name (name == "win32" && /HISLINK_STDCALL/ ? "@" bytes : "")
    }' include/hislink.h
}

# Libraries that only TLS needs are loaded when it first does: they take longer to load than all of hislink.
# delay_libraries FOLDER: the linker's arguments.
delay_libraries() {
    # The crate that calls bcrypt names its functions as C does, the one that calls crypt32 as the library exports them.
    delay_library "$1" bcrypt -k
    delay_library "$1" crypt32 --no-leading-underscore
}

delay_library() {
    local folder=$1 library=$2 function definition
    definition=$folder/delay-$library.def
    { echo "LIBRARY $library.dll"; echo "EXPORTS"; } >"$definition"
    for function in $(sed -n "s/^$library.dll //p" packaging/windows/windows7-functions.txt); do
        if [ "$3" = -k ]; then function=$(as_in_c "$library" "$function"); fi
        echo "    $function"
    done >>"$definition"
    "$mingw-dlltool" "$3" --temp-prefix "$folder/delay" -d "$definition" -D "$library.dll" --output-delaylib "$folder/delay-$library.a" ||
        exit 1 # Of the substitution that this runs in, where -e does not hold.
    printf ' %s' "$folder/delay-$library.a"
    # The first call of each function leads through its stub here, which the linker drops where nothing names it: on 32 bit
    # it then leads to address 0.
    "$mingw-nm" -g "$folder/delay-$library.a" 2>/dev/null | awk '$2 == "T" && $3 !~ /tailMerge/ { printf " -Wl,-u,%s", $3 }'
}

# as_in_c LIBRARY FUNCTION: on 32 bit with the bytes of its arguments, as mingw's own library has it.
as_in_c() {
    "$mingw-nm" -g "/usr/$mingw/lib/lib$1.a" 2>/dev/null | sed -n "s/^.* __imp__*\($2\(@[0-9]*\)\{0,1\}\)\$/\1/p" | head -n 1
}

import_libraries() {
    local folder=$1 links
    links=$(mktemp -d)
    # The same program, which looks at its name.
    ln -s "$tools/llvm-ar" "$links/llvm-dlltool"
    "$links/llvm-dlltool" -k -m "$machine" -d "$folder/hislink.def" -D hislink.dll -l "$folder/hislink.lib"
    rm -r "$links"
    # In the folder: it makes symbols of the paths that it is given.
    (cd "$folder" && "$mingw-dlltool" -k --deterministic-libraries --temp-prefix import \
        -d hislink.def -D hislink.dll -l libhislink.dll.a)
}

# The program that runs the self-test; of the DLL's own bits, since it loads it.
check_program() {
    "$mingw-gcc" -std=c99 -Wall -Wextra -Werror -Os -s -municode -static-libgcc -Wl,--no-insert-timestamp -Iinclude \
        packaging/check/hislink-check.c -o "$1/hislink-check.exe"
}

for name in "$@"; do
    target "$name"
    mkdir -p "$out/$name"
    # Named by what they are made from: cargo links again when its arguments change, not when a library does.
    work=$(realpath -m "$target_folder")/$triple/delayed-$(cat packaging/windows/{build.sh,windows7-functions.txt} | sha256sum | cut -c 1-12)
    mkdir -p "$work"
    delayed=$(delay_libraries "$work")
    build rustc -p hislink --lib --crate-type cdylib -- \
        "-Zpre-link-args=-Wl,--whole-archive$delayed -Wl,--no-whole-archive"
    cp "$target_folder/$triple/windows/hislink.dll" "$out/$name/"
    module_definition "$name" >"$out/$name/hislink.def"
    import_libraries "$out/$name"
    check_program "$out/$name"
    packaging/windows/check_dll.sh "$out/$name/hislink.dll" "$name"
done

# A 32-bit program runs on both. It need not be small.
target win32
export CARGO_PROFILE_WINDOWS_LTO=off CARGO_PROFILE_WINDOWS_CODEGEN_UNITS=16
build build -p hislink-sandbox
for name in "$@"; do
    cp "$target_folder/$triple/windows/hislink-sandbox.exe" "$out/$name/"
done
