import asyncio
import time
from uuid import UUID

import pytest

from sondervoice.kernel.errors import VendorError
from telephony.carrier.telnyx import control
from telephony.carrier.telnyx.control import TelnyxCarrier
from tests.fakes.telnyx.caller import Caller
from tests.fakes.telnyx.carrier import Failure
from tests.fakes.telnyx.server import running_carrier

COMMAND = UUID("7d1c0a4e-0000-4000-8000-000000000001")


def _with_double(use, *failures, over=False):
    async def main():
        async with running_carrier() as double:
            call = double.ring(
                webhook=f"{double.address}/__control/hook", caller=Caller()
            )
            if over:
                call.hung_up_by = "caller"
            double.failures.extend(failures)
            carrier = TelnyxCarrier(api_key="KEY", base_url=double.api_base)
            began = time.monotonic()
            found = await asyncio.to_thread(use, carrier, call.control_id)
            return found, double, call, time.monotonic() - began

    return asyncio.run(main())


def _answer(carrier, call_id):
    carrier.answer(call_id, command_id=COMMAND)


def _refused(carrier, call_id):
    with pytest.raises(VendorError) as refused:
        carrier.answer(call_id, command_id=COMMAND)
    return refused.value.category, refused.value.permanent


class TestTelnyxCarrier:
    def test_sends_commands_the_carrier_takes(self):
        def use(carrier, call_id):
            carrier.answer(call_id, command_id=COMMAND)
            for number, send in enumerate(
                (
                    lambda one: carrier.speak(
                        call_id, command_id=one, text="One moment.", language="de"
                    ),
                    lambda one: carrier.transfer(
                        call_id,
                        command_id=one,
                        to_e164="+13125550150",
                        from_e164="+13125550100",
                    ),
                    lambda one: carrier.hang_up(call_id, command_id=one),
                ),
                start=2,
            ):
                send(UUID(int=number))

        _, double, call, _ = _with_double(use)

        assert call.actions == ["answer", "speak", "transfer", "hangup"]
        assert call.commands[1].body["language"] == "de-DE"
        assert call.commands[0].body["command_id"] == str(COMMAND)
        assert call.commands[0].body["transcription"] is False
        # The double refuses each field by which Telnyx would record, transcribe or
        # use an AI feature of its own.
        assert double.problems == []

    def test_waits_as_long_as_it_is_told_to(self):
        limit = Failure("/answer", 429, retry_after=1)

        _, double, call, took_s = _with_double(_answer, limit)

        assert [status for _, status in double.requests] == [429, 200]
        assert call.actions == ["answer"]
        assert 1.0 <= took_s < 2.5

    @pytest.mark.parametrize(
        ("status", "asked_s"), [(429, 2), (429, 30), (503, 60), (500, 600)]
    )
    def test_leaves_a_longer_wait_to_the_outbox(self, status, asked_s):
        def use(carrier, call_id):
            with pytest.raises(VendorError) as refused:
                carrier.answer(call_id, command_id=COMMAND)
            return refused.value.permanent, refused.value.retry_after_s

        limit = Failure("/answer", status, retry_after=asked_s)

        found, double, _, took_s = _with_double(use, limit)

        assert found == (False, float(asked_s))
        assert len(double.requests) == 1
        assert took_s < 1.5

    def test_repeats_a_failed_command_under_the_same_id(self):
        _, double, call, _ = _with_double(_answer, Failure("/answer", 500))

        assert [status for _, status in double.requests] == [500, 200]
        assert [command.body["command_id"] for command in call.commands] == [
            str(COMMAND)
        ]

    def test_gives_up_after_two_tries_but_not_for_good(self):
        found, double, call, _ = _with_double(
            _refused, Failure("/answer", 503, times=9)
        )

        assert found == ("status_503", False)
        assert len(double.requests) == 2
        assert call.actions == []

    def test_takes_no_answer_as_unreachable(self, monkeypatch):
        monkeypatch.setattr(control, "TIMEOUT_S", 0.2)
        silence = Failure("/answer", "timeout", times=9, delay_s=1.0)

        found, _, call, took_s = _with_double(_refused, silence)

        assert found == ("unreachable", False)
        assert call.actions == []
        assert took_s < 5

    def test_says_that_the_call_has_gone(self):
        found, double, _, _ = _with_double(_refused, over=True)

        assert found == ("call_gone", True)
        assert [status for _, status in double.requests] == [422]

    @pytest.mark.parametrize("status", [400, 401, 403, 422])
    def test_does_not_ask_again_for_what_is_refused(self, status):
        found, double, _, _ = _with_double(_refused, Failure("/answer", status))

        assert found == (f"status_{status}", True)
        assert len(double.requests) == 1

    def test_keeps_key_and_text_out_of_the_error(self):
        def use(carrier, call_id):
            with pytest.raises(VendorError) as refused:
                carrier.answer(call_id, command_id=COMMAND)
            return refused.value

        error, _, call, _ = _with_double(use, Failure("/answer", 400))

        assert error.__cause__ is None
        assert error.__suppress_context__
        for secret in ("KEY", "Scripted failure", call.control_id):
            assert secret not in str(error) + repr(error)


class TestReach:
    def test_of_nobody_is_unreachable(self):
        carrier = TelnyxCarrier(api_key="KEY", base_url="http://127.0.0.1:9/v2")

        assert _refused(carrier, "v3:x") == ("unreachable", False)
