#!/usr/bin/env bash
# Unpacks a package and holds it to what it promises.
#
#   packaging/windows/check_package.sh ZIP [COMMAND...]
#
# COMMAND runs a Windows program of the package's architecture, such as `wine64`; without it the programs that are linked
# against the import libraries are not run, and the last line says so. The unpacked files are in a folder below TMPDIR.
set -euo pipefail
export LC_ALL=C

fail() { printf 'check_package.sh: %s\n' "$*" >&2; exit 1; }

[ $# -ge 1 ] && [ -f "$1" ] || fail "usage: check_package.sh ZIP [COMMAND...]"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
zip=$1
shift
name=$(basename "$zip" .zip)
case $name in
hislink-*-win32) gcc=i686-w64-mingw32-gcc objdump=i686-w64-mingw32-objdump form=pei-i386 ;;
hislink-*-win64) gcc=x86_64-w64-mingw32-gcc objdump=x86_64-w64-mingw32-objdump form=pei-x86-64 ;;
*) fail "$name is not called like a package" ;;
esac
version=${name#hislink-}
version=${version%-win??}
for tool in unzip "$gcc" "$objdump" sha256sum awk strings; do
    command -v "$tool" >/dev/null || fail "$tool is needed"
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unzip -q "$zip" -d "$scratch"
[ "$(ls -A "$scratch")" = "$name" ] || fail "there is more than $name at the top"
package=$scratch/$name
cd "$package"

# Every expected file, and something in each folder whose files change with the project.
for file in hislink.dll hislink-check.exe include/hislink.h lib/hislink.lib lib/libhislink.dll.a lib/hislink.def \
    sandbox/hislink-sandbox.exe sandbox/README.md sandbox/README.zh-CN.md \
    examples-c/Makefile examples-c/README.md examples-c/README.zh-CN.md examples-c/recharge.c examples-c/sandbox.json \
    docs/install.md docs/install.zh-CN.md docs/selftest.md docs/selftest.zh-CN.md docs/money.md docs/money.zh-CN.md docs/errors.md docs/errors.zh-CN.md \
    README.md README.zh-CN.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE THIRD-PARTY-LICENSES.txt SHA256SUMS; do
    [ -s "$file" ] || fail "$file is missing"
done
for pattern in 'csharp/*.cs' 'delphi/*.pas' 'delphi/*.dpr' 'powerbuilder/*.sr*' 'vb6/*.bas'; do
    compgen -G "bindings/$pattern" >/dev/null || fail "bindings/$pattern is missing"
done

# The sums are right, and of every file.
tr -d '\r' <SHA256SUMS >"$scratch/sums"
sha256sum --quiet -c "$scratch/sums" || fail "SHA256SUMS does not hold"
find . -type f ! -name SHA256SUMS | sed 's|^\./||' | sort >"$scratch/files"
sed 's/^[0-9a-f]*  //' "$scratch/sums" | sort | cmp -s - "$scratch/files" || fail "SHA256SUMS is not of all files"

# Text has CRLF at each line, and Chinese text a BOM where a person opens it.
while IFS= read -r file; do
    grep -Iq . "$file" || continue
    case $file in *.sh) continue ;; esac
    lines=$(wc -l <"$file")
    [ "$(grep -c $'\r$' "$file")" -eq "$lines" ] && [ "$(tr -cd '\r' <"$file" | wc -c)" -eq "$lines" ] ||
        fail "$file has other line ends than CRLF"
done < <(cat "$scratch/files"; echo SHA256SUMS)
while IFS= read -r file; do
    [ "$(head -c 3 "$file")" = $'\xef\xbb\xbf' ] || fail "$file has no BOM"
done < <(find . -name '*.zh-CN.md')
find bindings include -type f ! -name '*.md' ! -name '*.json' -exec grep -Il '[^ -~[:space:]]' {} + >"$scratch/odd" || true
[ ! -s "$scratch/odd" ] || { cat "$scratch/odd" >&2; fail "the sources above are not ASCII, which old compilers read in the system's code page"; }

# Links lead to what is in the package.
find . -mindepth 1 | sed 's|^\./||' >"$scratch/paths"
while IFS= read -r file; do
    awk -v mode=check -v file="$file" -f "$here/links.awk" "$scratch/paths" "$file"
done < <(grep '\.md$' "$scratch/files") >"$scratch/dangling"
[ ! -s "$scratch/dangling" ] || { cat "$scratch/dangling" >&2; fail "the links above lead nowhere"; }

# The library and what checks it are for this architecture; the sandbox is one of 32 bit, which runs on both. None tells
# anything of the machine that built it.
for program in hislink.dll hislink-check.exe sandbox/hislink-sandbox.exe; do
    case $program in sandbox/*) expected=pei-i386 ;; *) expected=$form ;; esac
    "$objdump" -f "$program" | grep "file format $expected\$" >/dev/null || fail "$program is not $expected"
    strings -a "$program" | grep -F -e "$HOME/" -e "$root/" -e '/.cargo/' -e '/.rustup/' -e '/registry/src/' >"$scratch/told" || true
    strings -a "$program" | grep -E '(^|[^A-Za-z0-9_.~-])/(root|home|Users)/[A-Za-z0-9_.-]+/' >>"$scratch/told" || true
    [ ! -s "$scratch/told" ] || { head -5 "$scratch/told" | cut -c1-200 >&2; fail "$program holds paths of the machine that built it"; }
done

# The .def names what the header declares.
tr -d '\r' <include/hislink.h | sed -n 's/^[A-Za-z].*[ *]\(hislink_[a-z0-9_]*\)(.*);$/\1/p' | sort >"$scratch/functions"
[ "$(wc -l <"$scratch/functions")" -gt 40 ] || fail "no functions could be read from include/hislink.h"
tr -d '\r' <lib/hislink.def | sed -n 's/^ \{1,\}\(hislink_[a-z0-9_]*\)\(@[0-9]*\)\{0,1\}$/\1/p' | sort |
    diff "$scratch/functions" - >"$scratch/difference" || { cat "$scratch/difference" >&2; fail "lib/hislink.def has other names than the header"; }

# A program that takes each function's address: it does not link where an import library lacks one, nor start where the
# DLL does.
{
    printf '#include "hislink.h"\ntypedef void (*function)(void);\nstatic function volatile every[] = {\n'
    sed 's/.*/    (function)&,/' "$scratch/functions"
    printf '};\nint main(void) { return every[0] == 0; }\n'
} >"$scratch/every.c"

# A C program links against either import library, and runs beside the DLL.
mkdir "$scratch/run"
cp hislink.dll "$scratch/run"
for library in libhislink.dll.a hislink.lib; do
    program=$scratch/run/link-${library%%.*}.exe
    "$gcc" -std=c99 -Wall -Wextra -Werror -Iinclude "$here/link.c" "lib/$library" -o "$program"
    "$objdump" -p "$program" | grep 'DLL Name: hislink.dll$' >/dev/null || fail "a program linked with $library does not load hislink.dll"
    every=$scratch/run/every-${library%%.*}.exe
    "$gcc" -std=c99 -Wall -Wextra -Werror -Iinclude "$scratch/every.c" "lib/$library" -o "$every" || fail "lib/$library lacks functions"
    [ $# -eq 0 ] && continue
    (cd "$scratch/run" && "$@" "$every") || fail "a program of all functions of $library does not start"
    told=$(cd "$scratch/run" && "$@" "$program" 2>"$scratch/run/errors") ||
        { cat "$scratch/run/errors" >&2; fail "the program linked with $library: $told"; }
    case $told in "hislink $version, order number LK"*) ;; *) fail "the program linked with $library said: $told" ;; esac
done

# The check needs no runtime, and runs as it is told to by its exit code: without settings, and with a platform that is not
# there. Its output is UTF-8 where the system's code page is not a Chinese one.
"$objdump" -p hislink-check.exe | sed -n 's/^.*DLL Name: //p' | grep -vixE 'kernel32\.dll|msvcrt\.dll' >"$scratch/needed" || true
[ ! -s "$scratch/needed" ] || fail "hislink-check.exe needs $(tr '\n' ' ' <"$scratch/needed")"
# check CODE WORDS: runs it beside the DLL.
check() {
    local code=0 said
    said=$(cd "$scratch/run" && "${command[@]}" "$scratch/run/hislink-check.exe" 2>"$scratch/run/errors") || code=$?
    [ "$code" = "$1" ] || fail "hislink-check.exe ended with $code, not $1: $said"
    grep -qF -- "$2" <<<"$said" || fail "hislink-check.exe does not say \"$2\": $said"
}
if [ $# -gt 0 ]; then
    command=("$@")
    cp hislink-check.exe "$scratch/run"
    check 2 '(/file)'
    printf '%s' '{"onepay":{"url":"http://127.0.0.1:1/x","appId":"0123456789ABCDEF","appSecret":"FEDCBA9876543210"},"store":"none","language":"en"}' \
        >"$scratch/run/hislink.json"
    check 1 'FAIL  onepay connect'
    mv "$scratch/run/hislink.dll" "$scratch/run/away.dll"
    check 2 'this program must stand beside hislink.dll'
    mv "$scratch/run/away.dll" "$scratch/run/hislink.dll"
fi

# The samples in C compile and link as they are.
for file in examples-c/*.c; do
    "$gcc" -std=c99 -Wall -Wextra -Werror -Iinclude "$file" lib/libhislink.dll.a -o "$scratch/run/sample.exe" || fail "$file does not build"
done

if [ $# -eq 0 ]; then
    printf '%s: all checks passed; nothing was run, for want of a command\n' "$name"
else
    printf '%s: all checks passed, programs run by %s\n' "$name" "$1"
fi
