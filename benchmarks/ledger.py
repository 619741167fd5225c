"""Adding rows to the record, beside a plain INSERT; and sealing rows that waited.

Each INSERT is made by PostgreSQL's own pgbench: eight connections of the
application's role, a transaction a row, the same values, the same setting of the
clinic. The plain table has the same columns and one key, and nothing else. Ids are in
the order of time in both, as the product makes them.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg

from benchmarks.bench import Bench
from benchmarks.figures import Figure, middle, spread
from sondervoice.embedded.binaries import find_binaries
from sondervoice.embedded.privileges import unprivileged

CONNECTIONS: Final = 8
SECONDS: Final = 5
CLINICS: Final = 50
WAITING: Final = 200_000
GOAL, HOT_GOAL, FLOOR = 0.9, 0.8, 0.6
SEALED_A_SECOND: Final = 50_000
_COLUMNS: Final = (
    "id, organization_id, at, actor_kind, actor_id, action, subject_kind, subject_id, "
    "fields, facts"
)
_PLAIN: Final = """
CREATE TABLE plain_rows (
  id uuid PRIMARY KEY, organization_id uuid, at timestamptz NOT NULL,
  actor_kind varchar(20) NOT NULL, actor_id uuid, action varchar(100) NOT NULL,
  subject_kind varchar(40) NOT NULL, subject_id uuid, fields jsonb NOT NULL,
  facts jsonb NOT NULL)"""
_SCRIPT: Final = """
\\set clinic random(1, {clinics})
BEGIN;
SELECT set_config('app.organization_id',
  '00000000-0000-0000-0000-' || lpad(:clinic::text, 12, '0'), true);
INSERT INTO {table} ({columns}) VALUES (uuidv7(),
  ('00000000-0000-0000-0000-' || lpad(:clinic::text, 12, '0'))::uuid, now(), 'user',
  uuidv7(), 'recordings.playback.granted', 'call', uuidv7(),
  '["sound"]', '{{"from_ms": 1200, "grant": "9f0c3a7e"}}');
COMMIT;
"""


def measure(bench: Bench, *, pairs: int) -> list[Figure]:
    """Return the ratios of many clinics and of one, and rows sealed a second."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(_PLAIN)
        owner.execute("GRANT INSERT ON plain_rows TO sv_app")
    runner = _Pgbench(bench.folder)
    return [
        _appended(runner, pairs, clinics=CLINICS, goal=GOAL),
        _appended(runner, pairs, clinics=1, goal=HOT_GOAL),
        _sealed(),
    ]


def _appended(runner: "_Pgbench", pairs: int, *, clinics: int, goal: float) -> Figure:
    ours, plain = [], []
    for _ in range(pairs):
        ours.append(runner.rows_a_second("audit_logs", clinics))
        plain.append(runner.rows_a_second("plain_rows", clinics))
    ratios = [own / bare for own, bare in zip(ours, plain, strict=True)]
    whose = "one clinic" if clinics == 1 else f"{clinics} clinics"
    return Figure(
        name=f"rows added to the record / plain INSERT, {whose}",
        value=middle(ratios),
        unit="x",
        goal=goal,
        floor=FLOOR,
        more_is_better=True,
        note=f"{spread(ratios)} of {pairs} pairs; {middle(ours):g} and "
        f"{middle(plain):g} rows/s",
    )


def _sealed() -> Figure:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.sealing", str(WAITING)],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    seen = json.loads(done.stdout)
    return Figure(
        name="rows sealed a second, cold",
        value=round(seen["rows"] / seen["seconds"]),
        goal=SEALED_A_SECOND,
        more_is_better=True,
        note=f"{seen['rows']} rows of {CLINICS} clinics in {seen['seconds']:.1f} s; "
        f"{seen['peak_mb']} MB at most",
    )


class _Pgbench:
    """Runs pgbench against the throw-away database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        url = urlsplit(os.environ["DATABASE_URL"])
        host = parse_qs(url.query)["host"][0]
        identity = unprivileged()
        programs = find_binaries(Path(host).parent, identity, os.environ).folder
        self._command = [
            str(programs / "pgbench"), "-h", host, "-U", unquote(url.username or ""),
            "-c", str(CONNECTIONS), "-j", "1", "-T", str(SECONDS), "-n",
            "-M", "prepared",
        ]  # fmt: skip
        self._environment = {**os.environ, "PGPASSWORD": unquote(url.password or "")}
        self._database = url.path.lstrip("/")

    def rows_a_second(self, table: str, clinics: int) -> float:
        script = self._folder / f"{table}-{clinics}.sql"
        script.write_text(
            _SCRIPT.format(table=table, clinics=clinics, columns=_COLUMNS)
        )
        done = subprocess.run(
            [*self._command, "-f", str(script), self._database],
            env=self._environment,
            capture_output=True,
            check=True,
            text=True,
        )
        found = re.search(r"tps = ([\d.]+)", done.stdout)
        if found is None:
            raise ValueError(done.stdout)
        return float(found[1])
