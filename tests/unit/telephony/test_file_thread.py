import asyncio
from threading import Event, get_ident

from sondervoice.kernel.errors import SonderError
from telephony import file_thread
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

    def test_outlives_whatever_a_piece_raises(self, caplog):
        done = []
        files = FileThread()

        def breaks():
            raise LookupError("of no kind that anybody thought of")

        async def main():
            files.submit(breaks)
            files.submit(lambda: done.append(1))
            return await files.finished(within_s=5)

        assert asyncio.run(main())
        assert done == [1]
        assert [record.code for record in caplog.records] == ["LookupError"]

    def test_comes_back_to_what_is_refused_for_now(self, monkeypatch):
        monkeypatch.setattr(file_thread, "AGAIN_S", 0.01)
        files, written, refusals = FileThread(), Event(), [1, 2]

        def write():
            if refusals:
                refusals.pop()
                raise SonderError
            written.set()

        files.submit(write)

        assert written.wait(5)
        assert refusals == []

    def test_lets_go_of_what_is_refused_for_too_long(self, monkeypatch, caplog):
        monkeypatch.setattr(file_thread, "AGAIN_S", 0.01)
        monkeypatch.setattr(file_thread, "TRIES", 3)
        files, tried = FileThread(), []

        def refuse():
            tried.append(1)
            raise SonderError

        files.submit(refuse)
        while not caplog.records:
            files.submit(lambda: None)

        assert len(tried) == 3
        assert caplog.records[0].code == "SonderError"

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
