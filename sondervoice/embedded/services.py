"""The services a product or a test run needs: PostgreSQL, Redis and secrets."""

import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sondervoice.embedded import redis_server, secrets
from sondervoice.embedded.console import say
from sondervoice.embedded.crew import Child, Crew
from sondervoice.embedded.layout import Layout
from sondervoice.embedded.postgres import Postgres
from sondervoice.embedded.redis_server import RedisServer

_LOG_NAMES: Final = "*.log"


@dataclass(frozen=True, slots=True)
class Services:
    """What was started, and the names under which the product finds it."""

    postgres: Postgres | None
    exported: Mapping[str, str]


def start_services(
    layout: Layout,
    crew: Crew,
    environment: Mapping[str, str],
    *,
    pause: Callable[[float], None],
    throw_away: bool = False,
) -> Services:
    """Start what the environment does not already name, as the crew's first stages.

    DATABASE_URL, REDIS_URL and each secret that is set stays as it is. The settings of
    the tests bring secrets of their own, so throw-away services come without.

    Raises:
        EmbeddedError: If a service does not come up.
    """
    _keep_one_old_log(layout)
    exported = {"DATA_DIR": str(layout.data_dir)}
    if not throw_away:
        exported |= _secrets(layout, environment)
    postgres = None
    if not environment.get("DATABASE_URL"):
        postgres = _start_postgres(layout, crew, pause, throw_away=throw_away)
        exported |= postgres.urls()
    program = redis_server.find_program()
    if environment.get("REDIS_URL"):
        exported["REDIS_URL"] = environment["REDIS_URL"]
    elif program is not None:
        redis = RedisServer(layout, program, pause=pause)
        crew.start(Child(name="redis", launch=redis.start, log=redis.log))
        exported["REDIS_URL"] = redis.url
        say(f"{program.name} ready")
    return Services(postgres, exported)


def _start_postgres(
    layout: Layout, crew: Crew, pause: Callable[[float], None], *, throw_away: bool
) -> Postgres:
    started = time.monotonic()
    postgres = Postgres(layout, throw_away=throw_away, pause=pause)
    if postgres.home != layout.postgres:
        say(f"PostgreSQL's files are in {postgres.home}, for it may not enter DATA_DIR")
    crew.start(
        Child(
            name="postgres",
            launch=postgres.start,
            log=postgres.log,
            stop_signal=signal.SIGINT,
        )
    )
    seconds = time.monotonic() - started
    say(f"PostgreSQL {postgres.binaries.version} ready ({seconds:.1f} s)")
    return postgres


def _secrets(layout: Layout, environment: Mapping[str, str]) -> dict[str, str]:
    made = {}
    if not (environment.get("SECRET_KEY") or environment.get("SECRET_KEY_FILE")):
        made["SECRET_KEY_FILE"] = str(secrets.secret_key(layout.secrets))
    if not (environment.get("KEYRING_PATH") or environment.get("KMS_KEY_ID")):
        made["KEYRING_PATH"] = str(secrets.keyring(layout.secrets))
    if not environment.get("LEDGER_KEY_PATH"):
        made["LEDGER_KEY_PATH"] = str(secrets.ledger_key(layout.secrets))
    if not environment.get("BACKUP_KEY_PATH"):
        made["BACKUP_KEY_PATH"] = str(secrets.backup_key(layout.secrets))
    return made


def _keep_one_old_log(layout: Layout) -> None:
    for log in layout.logs.glob(_LOG_NAMES):
        log.replace(log.with_suffix(".log.1"))
