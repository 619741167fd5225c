from itertools import pairwise, product

import pytest

from compliance.rights.saga import (
    CONCLUDED,
    Checkpoint,
    ImpossibleStepError,
    Seen,
    next_step,
    require_step,
)
from sondervoice.kernel.rights import RightsKind

C = Checkpoint
ERASE = RightsKind.ERASE
ROADS = {
    RightsKind.ACCESS: [C.APPROVED, C.PACKED, C.ANSWERED],
    RightsKind.EXPORT: [C.APPROVED, C.PACKED, C.ANSWERED],
    RightsKind.RECTIFY: [C.APPROVED, C.ANSWERED],
    RightsKind.RESTRICT: [C.APPROVED, C.MARKED, C.ANSWERED],
    RightsKind.OBJECT: [C.APPROVED, C.MARKED, C.ANSWERED],
    ERASE: [C.APPROVED, C.ERASING, C.COPIES, C.PROVED, C.ANSWERED],
}
DONE = Seen(is_run_finished=True, are_copies_settled=True)


class TestRoad:
    @pytest.mark.parametrize(("kind", "stops"), ROADS.items())
    def test_leads_from_the_decision_to_the_answer(self, kind, stops):
        found = [stops[0]]
        while (to := next_step(kind, found[-1], DONE)) is not None:
            require_step(kind, found[-1], to)
            found.append(to)

        assert found == stops

    @pytest.mark.parametrize("kind", RightsKind)
    def test_waits_for_a_person_at_first_and_ends_for_good(self, kind):
        for seen in (Seen(), DONE):
            assert next_step(kind, C.RECEIVED, seen) is None
            assert [next_step(kind, at, seen) for at in CONCLUDED] == [None] * 3

    @pytest.mark.parametrize("kind", RightsKind)
    def test_has_no_step_but_its_own(self, kind):
        allowed = set()
        for at, to in product(Checkpoint, Checkpoint):
            try:
                require_step(kind, at, to)
            except ImpossibleStepError:
                continue
            allowed.add((at, to))

        straight = [C.RECEIVED, *ROADS[kind]]
        wanted = set(pairwise(straight))
        wanted |= {(C.RECEIVED, C.REFUSED), (C.RECEIVED, C.CANCELLED)}
        if kind is ERASE:
            wanted |= {(C.ERASING, C.HELD), (C.HELD, C.ERASING), (C.HELD, C.COPIES)}
        assert allowed == wanted


class TestErasing:
    @pytest.mark.parametrize(
        ("at", "seen", "to"),
        [
            (C.ERASING, Seen(), None),
            (C.ERASING, Seen(is_any_left=True, is_any_free=True), None),
            (C.ERASING, Seen(is_run_finished=True, is_any_left=True), C.HELD),
            (C.ERASING, Seen(is_run_finished=True), C.COPIES),
            (C.HELD, Seen(is_run_finished=True, is_any_left=True), None),
            (C.HELD, Seen(is_any_left=True, is_any_free=True), C.ERASING),
            # What was held went in a night after its release.
            (C.HELD, Seen(is_run_finished=True), C.COPIES),
            (C.COPIES, Seen(is_run_finished=True), None),
            (C.COPIES, DONE, C.PROVED),
        ],
    )
    def test_goes_by_what_is_seen(self, at, seen, to):
        assert next_step(ERASE, at, seen) == to
