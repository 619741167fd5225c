"""Log lines as JSON, without a place for personal values.

A message is a constant sentence; what varies travels in `extra`. Keys with a `pii`
segment and the text of exceptions are left out.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Final

_STANDARD: Final = frozenset(
    logging.LogRecord("", 0, "", 0, "", None, None).__dict__
) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """Writes time, level, logger, message and the plain extras of a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        for key, value in record.__dict__.items():
            if key not in _STANDARD and "pii" not in key.split("_"):
                line[key] = value if isinstance(value, int | float) else str(value)
        return json.dumps(line, ensure_ascii=False)


def _where(record: logging.LogRecord) -> str:
    """Return file and line of the innermost frame of ours; never the values in it."""
    trace = record.exc_info[2] if record.exc_info else None
    where = ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if "site-packages" not in code.co_filename:
            where = f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return where
