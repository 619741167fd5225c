from itertools import product

import pytest

from sondervoice.kernel import tenancy
from telephony.models import Call
from telephony.services.set_outcome import set_outcome
from tests.integration.telephony.ringing import ring

pytestmark = pytest.mark.django_db

# Lightest first; the two of one step stand for whichever came last.
STEPS = (
    ("none",),
    ("info",),
    ("message",),
    ("transferred",),
    ("booked", "cancelled"),
    ("emergency",),
)
STEP_OF = {word: at for at, step in enumerate(STEPS) for word in step}


class TestOutcome:
    @pytest.mark.parametrize(("first", "then"), list(product(STEP_OF, STEP_OF)))
    def test_is_the_weightier_of_two_or_the_later_of_equals(self, cast, first, then):
        call = ring(cast.alder, outcome=first)

        with tenancy.scope(call.organization_id):
            set_outcome(call_id=call.id, outcome=Call.Outcome(then))
            stands = Call.objects.get(pk=call.pk).outcome

        assert stands == (then if STEP_OF[then] >= STEP_OF[first] else first)
