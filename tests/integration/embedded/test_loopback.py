import base64

from sondervoice.embedded.loopback import (
    carrier_environment,
    carrier_program,
    is_wanted,
)
from sondervoice.embedded.programs import Listen

LISTEN = Listen("127.0.0.1", 8000)


class TestIsWanted:
    def test_only_where_no_carrier_is_named(self):
        assert is_wanted({"TELNYX_API_BASE": ""}) is True
        assert is_wanted({"TELNYX_API_BASE": "http://127.0.0.1:12111/v2"}) is False


class TestCarrierEnvironment:
    def test_makes_the_product_believe_this_carrier_at_every_start(self, layout):
        first = carrier_environment(layout, LISTEN)

        assert first["TELNYX_API_BASE"] == "http://127.0.0.1:8002/v2"
        assert len(base64.b64decode(first["TELNYX_PUBLIC_KEY"], validate=True)) == 32
        assert carrier_environment(layout, LISTEN) == first

    def test_keeps_the_key_for_the_carrier_to_find(self, layout):
        carrier_environment(layout, LISTEN)

        key = layout.secrets / "loopback_carrier"
        assert f"--key-file={key}" in carrier_program(layout, LISTEN).arguments
        assert oct(key.stat().st_mode & 0o777) == "0o600"
