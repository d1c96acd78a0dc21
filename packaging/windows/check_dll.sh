#!/usr/bin/env bash
# Holds a DLL against what is promised of it:
#
#   packaging/windows/check_dll.sh DLL win32|win64
#
# It imports nothing that Windows 7 lacks, and no runtime that has to be installed; it exports the functions of the header,
# which a test holds against the operation table, by plain names and nothing else; it says what it is and which version; it
# is no larger than 4 MiB, and tells nothing of the machine that made it.
set -euo pipefail
export LC_ALL=C
dll=$(realpath "$1")
name=$2
cd "$(dirname "$0")/../.."

readobj=$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin/llvm-readobj
[ -x "$readobj" ] || { echo "llvm-readobj is missing: rustup component add llvm-tools" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
wrong() { echo "$dll: $*" >&2; failed=1; }

"$readobj" --coff-imports "$dll" >"$work/tables"
at_once=$(awk '/^Import/ { delayed = 0 } /^DelayImport/ { delayed = 1 } !delayed && tolower($0) ~ /^ *name: (crypt32|bcrypt)/ { print $2 }' "$work/tables")
[ -z "$at_once" ] || wrong "loads at once what it only needs for TLS: $at_once"
awk '/^ *Name:/ { library = tolower($2) } /^ *Symbol:/ { print library, $2 }' "$work/tables" | sort -u >"$work/imports"
[ "$(wc -l <"$work/imports")" -gt 50 ] || wrong "no imports could be read"
grep -v '^#' packaging/windows/windows7-functions.txt | sort >"$work/windows7"
unknown=$(comm -23 "$work/imports" "$work/windows7")
[ -z "$unknown" ] || wrong "imports that packaging/windows/windows7-functions.txt does not know; does Windows 7 have them?
$unknown"

"$readobj" --coff-exports "$dll" | sed -n 's/^ *Name: \(.\{1,\}\)$/\1/p' | sort >"$work/exports"
sed -n 's/^[A-Za-z].*[ *]\(hislink_[a-z0-9_]*\)(.*);$/\1/p' include/hislink.h | sort >"$work/header"
[ "$(wc -l <"$work/header")" -gt 40 ] || wrong "no functions could be read from the header"
difference=$(diff "$work/header" "$work/exports") || wrong "exports other than the header's functions
$difference"

"$readobj" --file-headers "$dll" >"$work/headers"
machine=$(sed -n 's/^ *Machine: \([A-Z0-9_]*\).*/\1/p' "$work/headers")
case "$name $machine" in
    "win32 IMAGE_FILE_MACHINE_I386" | "win64 IMAGE_FILE_MACHINE_AMD64") ;;
    *) wrong "is for $machine, not for $name" ;;
esac
subsystem=$(awk '/MajorSubsystemVersion/ { major = $2 } /MinorSubsystemVersion/ { minor = $2 } END { print major * 100 + minor }' "$work/headers")
[ "$subsystem" -le 601 ] || wrong "wants Windows $subsystem, and Windows 7 is 601"

# The functions of libraries that are loaded late: each has a place among the imports that leads to a stub in the code.
"$readobj" --sections "$dll" >"$work/sections"
# section NAME MEMBER
section() { printf '%d' "$(awk -v name="$1" -v member="$2:" '$1 == "Name:" { in_it = $2 == name } in_it && $1 == member { print $2 }' "$work/sections")"; }
width=$([ "$name" = win32 ] && echo 4 || echo 8)
code=$(($(sed -n 's/^ *ImageBase: //p' "$work/headers") + $(section .text VirtualAddress)))
late=$(od -An -v -t "u$width" -w"$width" -j "$(section .idata PointerToRawData)" -N "$(section .idata RawDataSize)" "$dll" |
    awk -v code="$code" -v size="$(section .text VirtualSize)" '$1 >= code && $1 < code + size' | wc -l)
wanted=$(grep -c '^\(bcrypt\|crypt32\)\.dll ' packaging/windows/windows7-functions.txt)
[ "$late" = "$wanted" ] || wrong "has stubs for $late functions of bcrypt and crypt32 that are loaded late, not for $wanted"

size=$(stat -c %s "$dll")
[ "$size" -le $((4 * 1024 * 1024)) ] || wrong "has $size bytes, more than 4 MiB"
grep -q '^ *Name: \.debug' < <("$readobj" --sections "$dll") && wrong "has debug sections"

version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
# The resource is UTF-16.
tr -d '\0' <"$dll" >"$work/narrow"
for told in "ProductName.*hislink" "FileVersion.*$version" "FileDescription.*hospital payments"; do
    LC_ALL=C grep -qaE "$told" "$work/narrow" || wrong "its version resource does not say $told"
done
for place in "$HOME" "$PWD" "${CARGO_HOME:-$HOME/.cargo}"; do
    LC_ALL=C grep -qaF "$place/" "$dll" && wrong "names the folder $place"
done
[ "$failed" = 0 ] || exit 1
echo "$dll: $size bytes, $(wc -l <"$work/imports") imports, $(wc -l <"$work/exports") exports"
