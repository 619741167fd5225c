import threading

from celery.signals import worker_ready
from celery.worker import WorkController

from sondervoice import all_in_one


class TestTheWorkerInTheWebProcess:
    def test_says_that_it_is_ready_so_that_the_outbox_is_listened_to(self, monkeypatch):
        workers: list[WorkController] = []
        started = WorkController.start

        def start(self: WorkController) -> None:
            workers.append(self)
            started(self)

        monkeypatch.setattr(WorkController, "start", start)
        ready = threading.Event()

        def listen(**_: object) -> None:
            ready.set()

        others, worker_ready.receivers = worker_ready.receivers, []
        worker_ready.connect(listen)
        try:
            thread = threading.Thread(target=all_in_one._work, daemon=True)
            thread.start()

            assert ready.wait(20)
        finally:
            worker_ready.receivers = others
            for worker in workers:
                worker.stop()
            thread.join(10)
        assert not thread.is_alive()
