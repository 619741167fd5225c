import pytest

from tests.fakes.telnyx.actions import complaint

STREAM = {
    "stream_url": "wss://media.example/x/",
    "stream_track": "inbound_track",
    "stream_codec": "default",
    "stream_bidirectional_mode": "rtp",
    "stream_bidirectional_codec": "PCMU",
    "stream_bidirectional_target_legs": "self",
    "command_id": "7d1c0a4e-0000-4000-8000-000000000001",
}


class TestComplaint:
    def test_has_none_about_a_whole_stream_command(self):
        assert complaint("streaming_start", STREAM) is None

    @pytest.mark.parametrize(
        ("action", "body", "code"),
        [
            ("speak", {"payload": "Hello"}, "10004"),
            ("transfer", {}, "10004"),
            ("reject", {"cause": "BUSY"}, "10015"),
            ("answer", {"stream_auth_token": "t"}, "10015"),
            ("streaming_start", {**STREAM, "stream_codec": "pcmu"}, "10015"),
            ("streaming_start", {**STREAM, "stream_url": "https://x"}, "10015"),
            ("streaming_start", {**STREAM, "stream_auth_token": "t" * 4001}, "10015"),
            ("hangup", {"client_state": "not base64"}, "10015"),
            ("transfer", {"to": "+13125550150", "timeout_secs": True}, "10015"),
            ("hangup", [], "10015"),
        ],
    )
    def test_names_the_code_of_what_is_wrong(self, action, body, code):
        found = complaint(action, body)

        assert found is not None
        assert found[0] == code
