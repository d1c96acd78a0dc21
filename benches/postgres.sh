#!/bin/sh
# Runs a command beside a PostgreSQL server of its own, in a temporary folder that goes with it.
#
#   benches/postgres.sh COMMAND [ARGUMENT...]
#
# The command finds the server's URL in HISLINK_BENCH_POSTGRES. Without PostgreSQL's server programs it runs without that.
# PostgreSQL does not run as root: root's server runs as the user postgres, or else nobody.
set -eu
programs=$(pg_config --bindir 2>/dev/null || true)
[ -x "$programs/initdb" ] || programs=$(find /usr/lib/postgresql -name initdb -exec dirname {} \; 2>/dev/null | sort -V | tail -n 1)
[ -x "$programs/initdb" ] || exec "$@"

folder=$(mktemp -d "${HISLINK_BENCH_DIR:-$PWD}/postgres-XXXXXX")
as=
if [ "$(id -u)" = 0 ]; then
    user=postgres
    id postgres >/dev/null 2>&1 || user=nobody
    chown "$user" "$folder"
    as="setpriv --reuid=$user --regid=$(id -g "$user") --clear-groups"
fi
stop() {
    (cd "$folder" && $as "$programs/pg_ctl" -D data -m immediate stop >/dev/null 2>&1) || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 1' INT TERM

# A port by this process's number, which hardly anybody has; those from 32768 on the system gives away. Checkpoints as far
# apart as a large server has them: none falls into a short run.
port=$(($$ % 12000 + 20000))
(
    cd "$folder"
    $as "$programs/initdb" -D data -U bench -E UTF8 --no-locale -A trust >log 2>&1
    $as "$programs/pg_ctl" -D data -l server-log -w start -o "-p $port -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories= -c max_connections=200 -c max_wal_size=4GB -c checkpoint_timeout=30min" >>log 2>&1
) || { cat "$folder/log" "$folder/server-log" >&2; exit 1; }
export HISLINK_BENCH_POSTGRES="postgres://bench@127.0.0.1:$port/postgres"
"$@"
