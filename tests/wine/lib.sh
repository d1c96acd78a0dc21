# What the scripts share that run Windows programs: those of 64 bit on this system, those of 32 bit in a Debian beside it.
# To be sourced, by bash -euo pipefail, as root. The Debian is made by
#   debootstrap --arch=i386 --variant=minbase --include=wine32,wine,... bookworm FOLDER

fail() { printf '%s\n' "$@" >&2; exit 1; }
step() { printf '== %s (%s s)\n' "$1" "$SECONDS"; }

# Starts the script anew with mounts of its own, which go when it ends. Its first line: own_mounts "$@"
own_mounts() {
    [ -n "${HISLINK_OWN_MOUNTS:-}" ] || HISLINK_OWN_MOUNTS=1 exec unshare --mount -- bash "$0" "$@"
}

# open_room win32|win64 NAME [ROOT]: an empty folder for this run alone, in the Debian at ROOT or else in this system. ROOM
# is its path from here, INSIDE from there; in INSIDE/prefix stands a Windows of its own, whose programs WINE runs.
open_room() {
    WINEARCH=$1
    WINE=wine
    # Debian has it under this name alone, outside the PATH.
    [ "$1" = win32 ] || WINE=/usr/lib/wine/wine64
    ROOT=${3:-}
    mountpoint -q "$ROOT/proc" || mount -t proc proc "$ROOT/proc"
    ROOM=$(mktemp -d "$ROOT/tmp/$2.XXXXXX")
    INSIDE=${ROOM#"$ROOT"}
}

# Runs a command where the room is, in the room.
inside() {
    chroot "${ROOT:-/}" env -C "$INSIDE" HOME="$INSIDE" TMPDIR="$INSIDE" \
        WINEDEBUG=-all WINEPREFIX="$INSIDE/prefix" WINEARCH="$WINEARCH" "$@"
}

# Ends the programs of the room's Windows, and waits for it.
end_windows() {
    local order
    for order in -k -w; do inside /usr/lib/wine/wineserver "$order" 2>/dev/null || true; done
}

# Ends what this run started, and removes the room.
close_room() {
    [ -z "${SANDBOX_PID:-}" ] || kill "$SANDBOX_PID" 2>/dev/null || true
    [ -z "${ROOM:-}" ] || { end_windows; rm -rf "$ROOM"; }
}

# start_sandbox PROGRAM: the platforms, out here; the loopback is shared. Their PEM files go to ROOM/pem.
start_sandbox() {
    "$1" --http-port 0 --https-port 0 --control-port 0 --dir "$ROOM/pem" --quiet >"$ROOM/sandbox.log" 2>&1 &
    SANDBOX_PID=$!
    local n
    for n in $(seq 600); do
        if grep -q 'Ctrl-C' "$ROOM/sandbox.log"; then return; fi
        kill -0 "$SANDBOX_PID" 2>/dev/null || break
        sleep 0.1
    done
    fail "the sandbox does not start:" "$(cat "$ROOM/sandbox.log")"
}

# told NAME PLATFORM: what the sandbox printed of itself, such as the http address of glory.
told() { sed -n "/^$2 sandbox/,/^[^ ]* sandbox/s/^  $1  *//p" "$ROOM/sandbox.log" | head -1; }

# control PATH [CURL ARGUMENTS]
control() {
    local address
    address=$(told control onepay)
    curl -sS --fail-with-body "${address%/state}/$1" "${@:2}"
}

# settings SCHEME: settings for the sandbox as hislink_configure takes them; the store is a file in the room.
settings() {
    cat <<END
{"onepay":{"url":"$(told "$1" onepay)","appId":"$(told appId onepay)","appSecret":"$(told appSecret onepay)","settleSeconds":1},
"glory":{"url":"$(told "$1" glory)","sid":"$(told sid glory)","key":"$(told key glory)","orgCode":"$(told orgCode glory)"},
"http":{"timeoutMs":8000,"caFile":"pem/ca.pem"},"store":"sqlite:store.db","language":"en"}
END
}

# booked NUMBER: how many orders the platform has under it; without NUMBER, how many it has.
booked() {
    local books
    # A platform that does not answer has not booked nothing.
    books=$(control books) || return
    grep -c "\"outChargeNo\": \"${1:-}" <<<"$books" || true
}

# expect CODE WORDS PROGRAM [ARGUMENTS]: runs a Windows program of the room, and checks how it ends and what it says.
expect() {
    local code=0 said
    said=$(inside "$WINE" "${@:3}" 2>&1 </dev/null) || code=$?
    [ "$code" = "$1" ] || fail "${*:3} ended with $code, not $1:" "$said"
    grep -qF -- "$2" <<<"$said" || fail "${*:3} does not say \"$2\":" "$said"
    printf '   %s: %s\n' "${*:3}" "$(grep -F -m1 -- "$2" <<<"$said" | tr -d '\r')"
}

# expect_booked COUNT [NUMBER]
expect_booked() {
    local count
    count=$(booked "${2:-}")
    [ "$count" = "$1" ] || fail "the platform booked $count orders ${2:-}, not $1"
}
