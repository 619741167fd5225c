#!/bin/sh
# Says nothing and ends with 0 when a full backup and the log are where they should be;
# else says what is late and ends with 1. As PostgreSQL's user, every five minutes.
set -eu
late=$(
    psql -XAtq -v ON_ERROR_STOP=1 -d postgres <<'SQL'
-- Asked first: what the server calls archived must be in the repository afterwards.
SELECT coalesce(left(last_archived_wal, 24), 'nothing') AS archived
FROM pg_stat_archiver \gset
\set info `pgbackrest --stanza=sondervoice --output=json info`
WITH backup AS (
    SELECT to_timestamp(max((one #>> '{timestamp,stop}')::bigint)) AS stopped_at
    FROM jsonb_path_query(
        :'info', '$[*].backup[*] ? (@.type == "full" && @.error == false)'
    ) AS one
), kept AS (
    SELECT max(one #>> '{}') AS newest
    FROM jsonb_path_query(:'info', '$[*].archive[*].max') AS one
), waiting AS (
    SELECT min(modification) AS since
    FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'
)
SELECT 'newest full backup: ' || coalesce(stopped_at::text, 'none')
FROM backup WHERE stopped_at IS NULL OR stopped_at < now() - interval '26 hours'
UNION ALL
-- A segment is at most a minute old when it begins to wait (archive_timeout).
SELECT 'log not archived since ' || since
FROM waiting WHERE since < now() - interval '4 minutes'
UNION ALL
SELECT 'log archived to ' || :'archived' || ', repository has ' || coalesce(newest, 'none')
FROM kept WHERE newest IS NULL OR newest COLLATE "C" < :'archived'
UNION ALL
SELECT name || ' is ' || setting
FROM pg_settings
WHERE name = 'archive_mode' AND setting = 'off'
    OR name = 'archive_timeout' AND setting::int NOT BETWEEN 1 AND 60;
SQL
)
[ -z "$late" ] || { echo "$late" && exit 1; }
