"""Processes are killed while a caller is on the line, and the database is stopped."""

import asyncio
import os
import shutil
import socket
import tempfile
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sondervoice.demo.people import ALDER
from tests.fakes.telnyx.caller import Caller
from tests.fakes.telnyx.server import running_carrier
from tests.journeys.product import running_product, until

MEDIA, WORKER = "sondervoice.media_asgi:media", "sondervoice.celery worker"
_NOT_YET = (None, (None,))
# A piece that is open, and the one before it; the rest is what our own clock costs.
AUDIO_LOST_AT_MOST_MS = 1_000
MEASURED_WITHIN_MS = 250


def _can_bind(port):
    with closing(socket.socket()) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port():
    start = 20_000 + os.getpid() % 10_000
    return next(
        number
        for number in range(start, start + 2_000, 3)
        if all(_can_bind(number + more) for more in range(3))
    )


@pytest.fixture(scope="module")
def product():
    folder = Path(tempfile.mkdtemp(prefix="sv-"))
    # PostgreSQL runs as a user of its own when we are root.
    folder.chmod(0o711)
    with running_product(folder, _free_port()) as made:
        yield made
    shutil.rmtree(folder)


@asynccontextmanager
async def ringing(product):
    async with running_carrier(port=product.carrier_port, key=product.key) as carrier:
        call = carrier.ring(
            webhook=product.webhook,
            caller=Caller(hangs_up=False),
            to=ALDER.number_e164,
            from_="+13125550142",
        )
        try:
            yield carrier, call
        except TimeoutError as error:
            raise AssertionError(product.story(call)) from error


def _hears_us(call):
    return call.played.first_sound_ms is not None


def _has_ended(product, call):
    return (product.call(call, "status") or ("",))[0] == "ended"


def _ends(product, call):
    """Return how often the record says that this call ended."""
    ((count,),) = product.ask(
        "SELECT count(*) FROM audit_logs a "
        "JOIN telephony_call c ON c.id = a.subject_id "
        "WHERE a.action = 'telephony.call.ended' AND c.carrier_call_id = %s",
        call.control_id,
    )
    return count


class TestMediaKilled:
    def test_mid_call_the_call_goes_on_and_a_second_is_lost_at_most(self, product):
        async def main():
            async with ringing(product) as (carrier, call):
                await until(
                    lambda: product.call(call, "first_captured_at") not in _NOT_YET,
                    within_s=60,
                )
                await until(lambda: product.spooled_ms() >= 2_000, within_s=60)
                (answered_at,) = await asyncio.to_thread(
                    product.call, call, "answered_at"
                )
                product.kill(MEDIA)
                call_ms = (datetime.now(UTC) - answered_at).total_seconds() * 1_000
                lost_ms = call_ms - product.spooled_ms()
                streams = len(call.streams)
                silent_s = await until(
                    lambda: len(call.streams) > streams and _hears_us(call),
                    within_s=60,
                )
                said_hold = call.actions.count("speak")
                carrier.hang_up(call)
                await until(lambda: _has_ended(product, call), within_s=60)
                ended = (*product.call(call, "end_reason"), _ends(product, call))
                return lost_ms, silent_s, said_hold, ended

        lost_ms, silent_s, said_hold, ended = asyncio.run(main())

        assert lost_ms <= AUDIO_LOST_AT_MOST_MS + MEASURED_WITHIN_MS
        assert silent_s <= 30
        assert said_hold >= 1
        assert ended == ("caller_hung_up", 1)


class TestWorkerKilled:
    def test_mid_call_the_call_ends_once_by_the_worker_that_follows(self, product):
        async def main():
            async with ringing(product) as (carrier, call):
                await until(lambda: _hears_us(call), within_s=60)
                product.kill(WORKER)
                carrier.hang_up(call)
                await until(lambda: _has_ended(product, call), within_s=60)
                return _ends(product, call), [sent.status for sent in call.courier.sent]

        ends, statuses = asyncio.run(main())

        assert ends == 1
        assert set(statuses) == {200}


class TestDatabaseStopped:
    def test_webhooks_are_asked_for_again_and_none_accepted_is_lost(self, product):
        async def main():
            await asyncio.to_thread(product.stop_database)
            async with ringing(product) as (carrier, call):
                await until(lambda: call.courier.sent, within_s=60)
                refused = call.courier.sent[0].status
                # On this thread: the server ends with the thread that started it.
                product.start_database()
                await until(lambda: _hears_us(call), within_s=60)
                carrier.hang_up(call)
                await until(lambda: _has_ended(product, call), within_s=60)
                accepted = [
                    sent.event_type for sent in call.courier.sent if sent.status == 200
                ]
                kept = product.ask(
                    "SELECT event_type FROM telephony_carrierevent "
                    "WHERE carrier_call_id = %s",
                    call.control_id,
                )
                return refused, sorted(accepted), sorted(row[0] for row in kept)

        refused, accepted, kept = asyncio.run(main())

        assert refused == 503
        assert "call.initiated" in accepted
        assert kept == accepted


class TestMediaGone:
    def test_for_good_the_caller_is_given_to_a_person_in_a_minute(self, product):
        async def main():
            async with ringing(product) as (_, call):
                await until(lambda: _hears_us(call), within_s=60)
                with product.without_restarts():
                    product.kill(MEDIA)
                    await until(lambda: _has_ended(product, call), within_s=60)
                ended = (*product.call(call, "end_reason"), _ends(product, call))
                return ended, call.actions

        ended, actions = asyncio.run(main())

        assert ended == ("transferred", 1)
        assert actions[-2:] == ["speak", "transfer"]
