"""A process of its own has a PostgreSQL server of its own.

Whatever waits for the oldest transaction of a server (the record's sealer, a backup)
would otherwise wait for the tests beside it. Loaded by pytest before the settings are.
"""

import json
import os

_WORKER = os.environ.get("PYTEST_XDIST_WORKER")  # "gw0", "gw1", …

if _WORKER and "SONDERVOICE_TEST_SERVERS" in os.environ:
    servers = json.loads(os.environ["SONDERVOICE_TEST_SERVERS"])
    os.environ.update(servers[int(_WORKER.removeprefix("gw")) % len(servers)])
