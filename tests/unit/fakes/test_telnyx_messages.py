import pytest

from tests.fakes.telnyx.messages import wrong_with

WHOLE = {
    "to": "+13125550136",
    "from": "+13125550100",
    "text": "482913 is your code.",
    "type": "SMS",
    "use_profile_webhooks": False,
}


class TestWrongWith:
    def test_has_none_about_a_whole_message(self):
        assert wrong_with(WHOLE) is None
        profile = {**WHOLE, "messaging_profile_id": "p"}
        del profile["from"]
        assert wrong_with(profile) is None

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"to": "312 555 0136"}, "10015"),
            ({"to": ""}, "10004"),
            ({"text": ""}, "10004"),
            ({"from": ""}, "10004"),
            ({"type": "sms"}, "10015"),
            ({"from_": "+13125550100"}, "10015"),
            ({"use_profile_webhooks": "no"}, "10015"),
        ],
    )
    def test_names_the_code_of_what_is_wrong(self, change, code):
        found = wrong_with({**WHOLE, **change})

        assert found is not None
        assert found[0] == code
