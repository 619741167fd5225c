import json
import logging
import sys

from sondervoice.kernel.logging import JsonFormatter

CANARY = "Hannah Brandt +13125550136"


def _line(**extra):
    record = logging.LogRecord("x", logging.WARNING, __file__, 1, "done", None, None)
    vars(record).update(extra)
    return json.loads(JsonFormatter().format(record))


class TestJsonFormatter:
    def test_writes_plain_extras(self):
        line = _line(code="stale", count=3)

        assert (line["message"], line["code"], line["count"]) == ("done", "stale", 3)

    def test_leaves_personal_extras_out(self):
        line = _line(pii_name=CANARY, caller_pii=CANARY, pii=CANARY)

        assert CANARY not in json.dumps(line)

    def test_leaves_the_text_of_an_error_out(self):
        try:
            int(CANARY)
        except ValueError:
            line = _line(exc_info=sys.exc_info())

        assert line["exception"] == "ValueError"
        assert line["where"].startswith("test_logging.py:")
        assert CANARY not in json.dumps(line)
