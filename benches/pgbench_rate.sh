#!/bin/sh
# Prints how many movements of money a second pgbench brings into the journal's table: an INSERT and an UPDATE, a commit
# each, as the library's own and of the same rows.
#
#   benches/pgbench_rate.sh URL CLIENTS SECONDS
#
# The newest settled entry is the pattern of all rows, so the library must have written one.
set -eu
url=$1 clients=$2 seconds=$3
script=$(mktemp)
trap 'rm -f "$script"' EXIT

# Its literals are the entry's; the number and the claim are pgbench's own. psql leaves what stands between $f$ alone.
psql -X -q -A -t -v ON_ERROR_STOP=1 "$url" >"$script" <<'SQL'
SELECT format($f$\set n :n + 1
INSERT INTO hislink.journal (kind, account, order_no, service, profile, content, fen, param, host, process, run, claim,
    lease, sends, begun, sent, changed, state, code)
SELECT %L, %L, :run::text || lpad(:client_id::text, 2, '0') || lpad(:n::text, 18, '0'), %L, %L, %L, %s, %L::bytea, %L, %s,
    %L, :n, clock.moment + 45000, 1, clock.moment, clock.moment, clock.moment, 'sending', ''
FROM (SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint) AS moment) AS clock;
UPDATE hislink.journal SET state = 'succeeded', code = 'OK', outcome = %L::bytea,
    changed = CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)
WHERE kind = %L AND account = %L AND order_no = :run::text || lpad(:client_id::text, 2, '0') || lpad(:n::text, 18, '0')
    AND state <> 'succeeded';
$f$, kind, account, service, profile, content, fen, param, host, process, run, outcome, kind, account)
FROM hislink.journal WHERE state = 'succeeded' ORDER BY begun DESC LIMIT 1
SQL
[ -s "$script" ] || { echo "the journal has no settled entry" >&2; exit 1; }

# As on the library's connections, no plan may scan the table.
PGOPTIONS="-c enable_seqscan=off" pgbench -n -M prepared -c "$clients" -j 2 -T "$seconds" -D n=0 -D run="$(date +%s%N | cut -c 1-12)" \
    -f "$script" "$url" 2>&1 | tee "$script.log" | sed -n 's/^tps = \([0-9.]*\).*/\1/p'
grep -q '^number of failed transactions: 0 ' "$script.log" || { cat "$script.log" >&2; rm -f "$script.log"; exit 1; }
rm -f "$script.log"
