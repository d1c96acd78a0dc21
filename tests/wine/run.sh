#!/usr/bin/env bash
# All that concerns Windows: builds the DLLs, runs programs of the hosts' kinds with them through Wine, packs what hospitals
# install, and checks it.
#
#   tests/wine/run.sh [OUT]      (target/windows-out unless given; what `packaging/windows/build.sh` makes)
#
# Needs root, Debian 12 for amd64 and, of its packages, mingw-w64, wine64, fp-compiler, fpc-source, debootstrap, postgresql, zip,
# unzip and curl; 32-bit programs run in a Debian of their own, which is made below the target folder and kept.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/wine/lib.sh
own_mounts "$@"

out=$(realpath -m "${1:-target/windows-out}")
debian=$(realpath -m "${CARGO_TARGET_DIR:-target}/wine32-debian")

# Beside the build, which waits for the processor and not for the network.
make_debian() {
    [ ! -e "$debian/.whole" ] || return 0
    rm -rf "$debian"
    debootstrap --arch=i386 --variant=minbase --include=wine32,wine,fp-compiler,fp-units-rtl,fpc-source bookworm "$debian" \
        >"$debian.log" 2>&1 || { tail -n 20 "$debian.log" >&2; return 1; }
    touch "$debian/.whole"
}

# in_debian PROGRAM [ARGUMENTS]: a Windows program below the Debian's folder, by its path from here.
write_wrapper() {
    cat >"$debian/tmp/wine32" <<END
#!/bin/sh
program=\${1#$debian}
shift
exec chroot $debian env -u TMPDIR HOME=/tmp WINEDEBUG=-all WINEPREFIX=/tmp/hislink-wine32 wine "\$program" "\$@"
END
    chmod +x "$debian/tmp/wine32"
}

step "the DLLs, and a Debian for 32-bit programs"
make_debian &
making=$!
packaging/windows/build.sh "$out"
wait "$making"
mountpoint -q "$debian/proc" || mount -t proc proc "$debian/proc"
# What debootstrap leaves to an installer.
echo "127.0.0.1 localhost" >"$debian/etc/hosts"
write_wrapper

step "the C contract, from programs of 32 and of 64 bit"
HISLINK_WINDOWS=$out HISLINK_WINE32_ROOT=$debian cargo test --locked --test windows_hosts -- --ignored

step "Pascal programs of 32 and of 64 bit"
cargo build --locked -p hislink-sandbox
sandbox=${CARGO_TARGET_DIR:-target}/debug/hislink-sandbox
# Beside the other: for the most part both wait for answers that never come.
tests/wine/pascal.sh win64 "$out/win64" "$sandbox" >"$out/pascal64.log" 2>&1 &
other=$!
tests/wine/pascal.sh win32 "$out/win32" "$sandbox" "$debian"
code=0
wait "$other" || code=$?
cat "$out/pascal64.log"
[ "$code" = 0 ] || fail "the Pascal programs of 64 bit"

step "what hospitals install"
packages=$out/packages
rm -rf "$packages" "$packages-again"
packaging/windows/pack.sh "$out" "$packages"
packaging/windows/pack.sh "$out" "$packages-again" >/dev/null
diff -r "$packages" "$packages-again"
mkdir -p "$debian/tmp/packages" "$out/wine64"
TMPDIR=$debian/tmp/packages packaging/windows/check_package.sh "$packages"/hislink-*-win32.zip "$debian/tmp/wine32"
packaging/windows/check_package.sh "$packages"/hislink-*-win64.zip \
    env WINEDEBUG=-all "WINEPREFIX=$out/wine64" /usr/lib/wine/wine64

step "a first try with the package, and a link by the rules of Microsoft"
bash tests/wine/packed.sh "$packages"/hislink-*-win32.zip "$debian" "$debian/tmp/wine32"

step "time to load and sign"
for name in win32 win64; do
    work=$debian/tmp/first_sign-$name
    mkdir -p "$work"
    cp "$out/$name/hislink.dll" "$work"
done
i686-w64-mingw32-gcc -std=c99 -O2 benches/windows/first_sign.c -o "$debian/tmp/first_sign-win32/first_sign.exe"
x86_64-w64-mingw32-gcc -std=c99 -O2 benches/windows/first_sign.c -o "$debian/tmp/first_sign-win64/first_sign.exe"
"$debian/tmp/wine32" "$debian/tmp/first_sign-win32/first_sign.exe"
env WINEDEBUG=-all "WINEPREFIX=$out/wine64" /usr/lib/wine/wine64 "$debian/tmp/first_sign-win64/first_sign.exe"
