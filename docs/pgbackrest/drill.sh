#!/bin/sh
# Brings the database back beside the live one, to an instant between two rows, and says
# what a lost server would have lost and how long it took. As PostgreSQL's user:
#     sh drill.sh FOLDER      # made, and deleted again; needs the room of the database
# The live server is found by PGHOST and PGPORT; the restored one listens in FOLDER alone.
set -eu
export PGTZ=UTC PGDATABASE=postgres
stanza=sondervoice
scratch=$(realpath "${1:?name a folder that is to be made}")
sql() { psql -XAtq -v ON_ERROR_STOP=1 "$@"; }
fail() { echo "drill failed: $*" >&2 && exit 1; }
binaries=$(sql -c "SELECT setting FROM pg_config WHERE name = 'BINDIR'")

mkdir -m 700 "$scratch"
tidy() {
    "$binaries/pg_ctl" -D "$scratch/data" -m immediate stop >"$scratch/stopped" 2>&1 || true
    rm -rf "$scratch"
    sql -c 'SET client_min_messages = error; DROP TABLE IF EXISTS pgbackrest_drill'
}
trap tidy EXIT
trap 'exit 1' HUP INT TERM
mkdir -m 700 "$scratch/data" "$scratch/socket" "$scratch/lock"

sql -c "CREATE TABLE pgbackrest_drill AS SELECT 'before' AS row"
target=$(sql -c 'SELECT clock_timestamp() FROM pg_sleep(1)')
sql -c "SELECT FROM pg_sleep(1)" -c "INSERT INTO pgbackrest_drill VALUES ('after')"

# Nothing hurries the log along: so long it takes a row to reach the repository.
began=$(date +%s)
segment=$(sql -c 'SELECT pg_walfile_name(pg_current_wal_insert_lsn())')
until [ "$(sql -c "SELECT last_archived_wal >= '$segment' FROM pg_stat_archiver")" = t ]; do
    [ $(($(date +%s) - began)) -lt 300 ] || fail "the log is not archived within 300 s"
    sleep 1
done
lost=$(($(date +%s) - began))

# Apart from the live server: its archive stays as it is, its locks are not taken.
export PGBACKREST_ARCHIVE_ASYNC=n PGBACKREST_LOCK_PATH="$scratch/lock"
began=$(date +%s)
pgbackrest --stanza="$stanza" --pg1-path="$scratch/data" --archive-mode=off \
    --type=time "--target=$target" --target-action=promote restore
printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$scratch/socket'" \
    "port = ${PGPORT:-5432}" "hot_standby = off" >"$scratch/postgresql.conf"
echo "local all all peer" >"$scratch/pg_hba.conf"
"$binaries/pg_ctl" -D "$scratch/data" -l "$scratch/log" -w -t 86400 \
    -o "-c config_file=$scratch/postgresql.conf" start >"$scratch/started" \
    || fail "$(tail -n 20 "$scratch/log")"
# Started is not recovered: until then it takes nobody in.
until sql -h "$scratch/socket" -c 'SELECT' 2>"$scratch/refused"; do
    "$binaries/pg_ctl" -D "$scratch/data" status >"$scratch/status" \
        || fail "$(tail -n 20 "$scratch/log")"
    sleep 1
done
size=$(sql -h "$scratch/socket" -c \
    'SELECT pg_size_pretty(sum(pg_database_size(oid))) FROM pg_database')
took=$(($(date +%s) - began))
rows=$(sql -h "$scratch/socket" -c 'SELECT string_agg(row, $$ $$) FROM pgbackrest_drill')
[ "$rows" = before ] || fail "at $target stood: $rows"
echo "back at $target: $size; recovery point $lost s before, recovery time $took s"
