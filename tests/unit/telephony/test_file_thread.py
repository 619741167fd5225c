import asyncio
from threading import Event, get_ident

from telephony.file_thread import FileThread


def _fails():
    raise OSError("No space left on device")


class TestFileThread:
    def test_works_in_order_on_one_thread_of_its_own(self):
        done, threads = [], set()
        files = FileThread()

        def work(number):
            done.append(number)
            threads.add(get_ident())

        async def main():
            for number in range(50):
                files.submit(lambda number=number: work(number))
            return await files.finished(within_s=5)

        assert asyncio.run(main())
        assert done == list(range(50))
        assert len(threads) == 1
        assert get_ident() not in threads

    def test_lets_go_of_what_cannot_be_written(self, caplog):
        done = []
        files = FileThread()

        async def main():
            files.submit(_fails)
            files.submit(lambda: done.append(1))
            return await files.finished(within_s=5)

        assert asyncio.run(main())
        assert done == [1]
        assert [(r.message, r.code) for r in caplog.records] == [
            ("piece of sound let go", "OSError")
        ]
        assert "space" not in caplog.text

    def test_tells_when_not_all_was_written(self):
        going_on = Event()
        files = FileThread()

        async def main():
            files.submit(going_on.wait)
            files.submit(lambda: None)
            is_done = await files.finished(within_s=0.05)
            return is_done, files.waiting

        assert asyncio.run(main()) == (False, 2)
        going_on.set()
