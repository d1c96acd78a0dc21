#!/usr/bin/env bash
# Packs what a hospital installs: hislink-<version>-win32.zip and hislink-<version>-win64.zip.
#
#   packaging/windows/pack.sh BUILD DESTINATION [win32|win64]
#
# BUILD is what build.sh left: BUILD/win32/ and BUILD/win64/, each with hislink.dll, hislink.lib, libhislink.dll.a,
# hislink.def, hislink-check.exe and hislink-sandbox.exe. The same files and the same SOURCE_DATE_EPOCH (the last commit's time, unless
# told) give the same bytes, wherever and whenever this runs.
set -euo pipefail
export LC_ALL=C TZ=UTC
umask 022

fail() { printf 'pack.sh: %s\n' "$*" >&2; exit 1; }

case $# in 2 | 3) ;; *) fail "usage: pack.sh BUILD DESTINATION [win32|win64]" ;; esac
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd) || fail "no folder $1"
mkdir -p "$2"
destination=$(cd "$2" && pwd)
architectures=${3:-win32 win64}
for architecture in $architectures; do
    case $architecture in win32 | win64) ;; *) fail "no such package: $architecture" ;; esac
done
for tool in zip awk sed sha256sum; do
    command -v "$tool" >/dev/null || fail "$tool is needed"
done

version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml")
[ -n "$version" ] || fail "Cargo.toml names no version"

# Whether this is a checkout, and not a folder inside someone else's.
in_git() { [ "$(git -C "$root" rev-parse --show-toplevel 2>/dev/null)" = "$root" ]; }

# A time that a zip file can hold: those begin in 1980. Without git a fixed one, 2026-01-01.
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
    if in_git; then SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct); else SOURCE_DATE_EPOCH=1767225600; fi
fi
[ "$SOURCE_DATE_EPOCH" -ge 315619200 ] || fail "SOURCE_DATE_EPOCH is before 1980-01-02"

# The project's own files in a folder: what is committed, so that nothing built or left behind gets in.
own_files() {
    if in_git; then
        git -C "$root" -c core.quotePath=false ls-files -- "$1"
    else
        (cd "$root" && find "$1" -type f ! -path '*/build/*' ! -path '*/bin/*' ! -path '*/obj/*' ! -name '.*')
    fi | sort
}

# copy FILE TO: a file of the project into the package.
copy() {
    mkdir -p "$(dirname "$package/$2")"
    cp "$root/$1" "$package/$2"
}

copy_folder() {
    local file found=
    while IFS= read -r file; do
        copy "$file" "$file"
        found=1
    done < <(own_files "$1")
    [ -n "$found" ] || fail "$1 has no files"
}

copy_built() {
    [ -s "$build/$architecture/$1" ] || fail "$build/$architecture/$1 is missing"
    mkdir -p "$(dirname "$package/$2")"
    cp "$build/$architecture/$1" "$package/$2"
}

gather() {
    copy_built hislink.dll hislink.dll
    copy_built hislink-check.exe hislink-check.exe
    copy_built hislink.lib lib/hislink.lib
    copy_built libhislink.dll.a lib/libhislink.dll.a
    copy_built hislink.def lib/hislink.def
    copy_built hislink-sandbox.exe sandbox/hislink-sandbox.exe
    for folder in bindings/csharp bindings/delphi bindings/powerbuilder bindings/vb6 examples-c docs; do
        copy_folder "$folder"
    done
    # What stands beside the four, such as a README of all.
    while IFS= read -r file; do copy "$file" "$file"; done < <(own_files bindings)
    for file in README.md README.zh-CN.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE include/hislink.h \
        sandbox/README.md sandbox/README.zh-CN.md; do
        copy "$file" "$file"
    done
    copy packaging/licences/THIRD-PARTY.txt THIRD-PARTY-LICENSES.txt
}

# A link to what only the repository has becomes its text.
settle_links() {
    local file
    (cd "$package" && find . -mindepth 1 | sed 's|^\./||') >"$scratch/paths"
    while IFS= read -r file; do
        awk -v mode=rewrite -v file="$file" -f "$here/links.awk" "$scratch/paths" "$package/$file" >"$scratch/text"
        cat "$scratch/text" >"$package/$file"
    done < <(cd "$package" && find . -name '*.md' | sed 's|^\./||' | sort)
}

is_text() { grep -Iq . "$1"; }

# Notepad of Windows 7 needs CRLF, and takes UTF-8 for the system's code page where no BOM says otherwise; so do VB6
# and Delphi 7 with line ends. Programs that read JSON, C or shell scripts would stumble over a BOM; sh over CRLF.
for_windows() {
    local file
    while IFS= read -r file; do
        is_text "$file" || continue
        case $file in *.sh) continue ;; esac
        sed -i -e 's/\r$//' -e 's/$/\r/' "$file"
        case $file in
        *.md | *.txt) if grep -q '[^ -~[:space:]]' "$file"; then sed -i '1s/^\(\xef\xbb\xbf\)\?/\xef\xbb\xbf/' "$file"; fi ;;
        esac
    done < <(find "$package" -type f | sort)
}

write_sums() {
    (cd "$package" && find . -type f ! -name SHA256SUMS | sed 's|^\./||' | sort | xargs -d '\n' sha256sum) >"$scratch/sums"
    sed 's/$/\r/' "$scratch/sums" >"$package/SHA256SUMS"
}

pack() {
    local name=hislink-$version-$architecture
    package=$scratch/$name
    mkdir "$package"
    gather
    settle_links
    for_windows
    if find "$package" | grep '[^ -~]'; then fail "a file's name is not ASCII, which Windows 7 would unpack wrongly"; fi
    write_sums
    find "$package" -type f -exec chmod 644 {} + -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
    rm -f "$scratch/$name.zip"
    (cd "$scratch" && find "$name" -type f | sort | ZIPOPT='' ZIP='' zip -X -D -9 -q "$name.zip" -@)
    mv "$scratch/$name.zip" "$destination/$name.zip"
    (cd "$destination" && sha256sum "$name.zip")
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for architecture in $architectures; do
    pack
done
