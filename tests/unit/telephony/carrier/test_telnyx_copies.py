import asyncio

import pytest

from sondervoice.kernel.copies import Answer
from sondervoice.kernel.errors import VendorError
from telephony.carrier.telnyx import copies
from telephony.carrier.telnyx.copies import TelnyxCopies
from tests.fakes.telnyx.carrier import Failure
from tests.fakes.telnyx.server import running_carrier

SESSION = "428c31b6-7af4-4bcb-b7f5-5013ef9657c1"
LEG = "v3:e-31OnvjEM7Y4wvxr3TKNk8M3QyLcGZPiUIzCGtwQtOtEjY-B0urkw"


def _with_double(use, *failures, prepare=lambda recordings: None):
    async def main():
        async with running_carrier() as double:
            prepare(double.recordings)
            double.failures.extend(failures)
            asked = TelnyxCopies(api_key="KEY", base_url=double.api_base)
            found = await asyncio.to_thread(use, asked)
            return found, double

    return asyncio.run(main())


def _erase(asked):
    return asked.erase(f"session:{SESSION}")


def _refused(asked):
    with pytest.raises(VendorError) as refused:
        _erase(asked)
    return refused.value.category, refused.value.retry_after_s


def _two_and_a_stranger(recordings):
    recordings.keep(session_id=SESSION, control_id=LEG)
    recordings.keep(session_id=SESSION, control_id="v3:the-other-leg")
    recordings.keep(session_id="somebody-else", control_id="v3:somebody-else")


class TestErase:
    def test_deletes_all_legs_of_the_session_and_nothing_else(self):
        found, double = _with_double(_erase, prepare=_two_and_a_stranger)

        assert found == Answer(status="200", found=2)
        assert len(double.recordings.deleted) == 2
        assert [one["call_session_id"] for one in double.recordings.kept.values()] == [
            "somebody-else"
        ]

    def test_looks_at_each_that_it_deleted(self):
        _, double = _with_double(_erase, prepare=_two_and_a_stranger)

        first, second = double.recordings.deleted
        assert double.requests == [
            ("GET recordings", 200),
            (f"DELETE {first}", 200),
            (f"GET {first}", 404),
            (f"DELETE {second}", 200),
            (f"GET {second}", 404),
        ]

    def test_finds_one_by_our_own_leg(self):
        found, double = _with_double(
            lambda asked: asked.erase(f"leg:{LEG}"), prepare=_two_and_a_stranger
        )

        assert found == Answer(status="200", found=1)
        assert len(double.recordings.kept) == 2

    def test_asks_once_where_nothing_is(self):
        found, double = _with_double(_erase)

        assert found == Answer(status="200", found=0)
        assert double.requests == [("GET recordings", 200)]

    def test_deletes_nobody_elses_when_the_filter_is_not_understood(self):
        def careless(recordings):
            _two_and_a_stranger(recordings)
            recordings.ignores_filters = True

        found, double = _with_double(_refused, prepare=careless)

        assert found == ("garbled", None)
        assert len(double.recordings.kept) == 3

    @pytest.mark.parametrize("reference", ["", "session:", "leg:", SESSION])
    def test_never_asks_without_a_filter(self, reference):
        def use(asked):
            with pytest.raises(VendorError) as refused:
                asked.erase(reference)
            return refused.value.category

        found, double = _with_double(use)

        assert (found, double.requests) == ("no_reference", [])

    def test_does_not_believe_a_deletion_that_deleted_nothing(self):
        def stubborn(recordings):
            kept = recordings.keep(session_id=SESSION, control_id=LEG)
            recordings.undeletable.add(kept)

        found, _ = _with_double(_refused, prepare=stubborn)

        assert found == ("still_there", None)

    def test_takes_a_404_for_gone(self):
        found, _ = _with_double(_erase, Failure("/recordings", 404))

        assert found == Answer(status="404", found=0)

    def test_counts_none_that_went_meanwhile(self):
        def gone(recordings):
            recordings.keep(session_id=SESSION, control_id=LEG)

        async def main():
            async with running_carrier() as double:
                gone(double.recordings)
                kept = next(iter(double.recordings.kept))
                double.failures.append(Failure(f"/{kept}", 404, times=2))
                asked = TelnyxCopies(api_key="KEY", base_url=double.api_base)
                return await asyncio.to_thread(_erase, asked)

        assert asyncio.run(main()) == Answer(status="200", found=0)

    @pytest.mark.parametrize(
        ("failure", "said"),
        [
            (Failure("/recordings", 500), ("status_500", None)),
            (Failure("/recordings", 429, retry_after=600), ("status_429", 600.0)),
            (Failure("/recordings", 401), ("status_401", None)),
            (Failure("/recordings", 403), ("status_403", None)),
            (Failure("/recordings", 200), ("garbled", None)),
        ],
        ids=lambda one: str(one[0]) if isinstance(one, tuple) else "",
    )
    def test_tells_what_went_wrong(self, failure, said):
        found, double = _with_double(_refused, failure, prepare=_two_and_a_stranger)

        assert found == said
        assert len(double.recordings.kept) == 3

    def test_takes_no_answer_as_unreachable(self, monkeypatch):
        monkeypatch.setattr(copies, "TIMEOUT_S", 0.2)

        found, _ = _with_double(_refused, Failure("/recordings", "never", delay_s=1.0))

        assert found == ("unreachable", None)

    def test_deletes_some_of_many_and_says_that_the_rest_is_there(self):
        def many(recordings):
            for _ in range(copies.AT_ONCE + 1):
                recordings.keep(session_id=SESSION, control_id=LEG)

        def use(asked):
            first = _erase(asked).found
            left = asked.is_gone(f"session:{SESSION}")
            return first, left, _erase(asked).found, asked.is_gone(f"session:{SESSION}")

        found, _ = _with_double(use, prepare=many)

        assert found == (5, False, 1, True)
