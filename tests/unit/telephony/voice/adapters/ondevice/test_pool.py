import asyncio

import pytest

from telephony.voice.adapters.ondevice import pool as pool_module
from telephony.voice.adapters.ondevice.pool import EarPool
from telephony.voice.ports import VoiceVendorError


class _Ear:
    def __init__(self) -> None:
        self.is_stopped = False
        self.is_killed = False
        self.pids = (0, 0)

    async def stop(self) -> None:
        self.is_stopped = True

    def kill(self) -> None:
        self.is_killed = True


async def _one_ear() -> EarPool:
    async def start() -> _Ear:
        return _Ear()

    pool = EarPool(start, size=1)
    await pool.start()
    return pool


class TestEarPool:
    async def test_serves_those_who_wait_in_the_order_they_came(self) -> None:
        pool = await _one_ear()
        ear = await pool.take()
        served: list[int] = []

        async def call(number: int) -> None:
            mine = await pool.take()
            served.append(number)
            await asyncio.sleep(0)
            pool.give_back(mine)

        async with asyncio.TaskGroup() as group:
            for number in range(4):
                group.create_task(call(number))
            await asyncio.sleep(0)
            pool.give_back(ear)

        assert served == [0, 1, 2, 3]
        await pool.stop()

    async def test_takes_a_live_ear_for_one_who_has_finished(self) -> None:
        pool = await _one_ear()
        given_up: list[bool] = []
        live = pool.try_live(lambda: given_up.append(True))

        assert await pool.take() is live
        assert given_up == [True]
        await pool.stop()

    async def test_listens_live_only_with_an_idle_ear(self) -> None:
        pool = await _one_ear()
        ear = await pool.take()

        assert pool.try_live(lambda: None) is None
        pool.give_back(ear)
        assert pool.try_live(lambda: None) is ear
        await pool.stop()

    async def test_gives_up_waiting_with_an_error(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pool_module, "WAIT_S", 0.01)
        pool = await _one_ear()
        ear = await pool.take()

        with pytest.raises(VoiceVendorError):
            await pool.take()

        pool.give_back(ear)
        assert await pool.take() is ear
        await pool.stop()

    async def test_starts_a_new_ear_for_a_broken_one(self) -> None:
        pool = await _one_ear()
        broken = await pool.take()

        pool.replace(broken)

        assert await pool.take() is not broken
        assert broken.is_killed
        await pool.stop()

    async def test_stops_the_ears_that_are_out_too(self) -> None:
        pool = await _one_ear()
        ear = await pool.take()

        await pool.stop()

        assert ear.is_stopped
