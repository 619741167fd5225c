"""The database of the tests: made by its owner, used by the application's own role."""

import os
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import pytest
from django.db import connections
from django.test.utils import setup_databases, teardown_databases


def _become(url: str) -> None:
    parts = urlsplit(url)
    connection = connections["default"]
    connection.close()
    connection.settings_dict.update(
        USER=unquote(parts.username or ""), PASSWORD=unquote(parts.password or "")
    )


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker
) -> Iterator[None]:
    owner = os.environ["DATABASE_OWNER_URL"]
    app = os.environ["DATABASE_URL"]
    with django_db_blocker.unblock():
        _become(owner)
        suffix = getattr(request.config, "workerinput", {}).get("workerid")
        if suffix:
            name = f"test_sondervoice_{suffix}"
            connections["default"].settings_dict["TEST"]["NAME"] = name
        made = setup_databases(verbosity=0, interactive=False)
        with connections["default"].cursor() as cursor:
            # The flush after a transactional test; the product's role cannot do it.
            cursor.execute(
                "SELECT format('GRANT TRUNCATE ON %I TO sv_app', tablename) "
                "FROM pg_tables WHERE schemaname = 'public' "
                "AND tablename NOT LIKE 'audit_logs%'"
            )
            for (statement,) in cursor.fetchall():
                cursor.execute(statement)
        _become(app)
    yield
    with django_db_blocker.unblock():
        _become(owner)
        teardown_databases(made, verbosity=0)
