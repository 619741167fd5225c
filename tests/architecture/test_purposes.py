"""Everything that leaves for somebody else says for what; nothing is for ourselves."""

import pytest

from sondervoice import vendors
from sondervoice.kernel.jobs import _registry, job, registered, sendings
from sondervoice.kernel.purposes import (
    OUR_OWN,
    Basis,
    OwnPurposeError,
    Purpose,
    Sending,
    Subject,
    Use,
)
from sondervoice.kernel.recipients import (
    Recipient,
    TrainingAllowedError,
    recipients,
)

# Jobs that hand personal data to nobody: all they do is in our own database and files.
STAYS_HERE = frozenset(
    {
        "compliance.advance_closing",
        "compliance.ask_clinic",
        "compliance.certify_run",
        "compliance.closing_run_finished",
        "compliance.destroy_words_key",
        "compliance.fit_days_to_plan",
        "compliance.issue_certificate",
        "compliance.note_answer",
        "compliance.purge_clinic",
        "compliance.rights_after_hold",
        "compliance.rights_after_run",
        "compliance.rights_destroy_key",
        "compliance.rights_go_on",
        "compliance.settle_run",
        "compliance.shorten_dates",
        "compliance.spread_asking",
        "telephony.apply_event",
        "telephony.check_transfer",
        "telephony.count_weeks",
        "telephony.mend_stream",
        "telephony.note_unreached",
    }
)

# Owed to somebody, and yet given up after twelve tries, within half an hour.
MAY_BE_LOST = {
    "accounts.send_mailbox_code": "the person waits for it, and asks again",
    "accounts.send_reset_letter": "the person waits for it, and asks again",
    "accounts.warn_of_gateway_token": "written again each day",
    "accounts.warn_of_leaving": "written again each day",
    "compliance.send_asking_code": "good for ten minutes; the person asks again",
    "compliance.send_asking_link": "the person waits for it, and asks again",
    "compliance.warn_of_askings": "written again each day",
    "compliance.warn_of_backups": "written again each day",
    "compliance.warn_of_registration": "written again each day",
    "compliance.warn_of_stuck_copy": "written again each day",
    "compliance.warn_of_texts": "about one day; the next has its own",
}


def _of_ours() -> dict[str, Sending | None]:
    apps = ("accounts.", "compliance.", "recordings.", "telephony.")
    return {name: one for name, one in sendings().items() if name.startswith(apps)}


class TestJob:
    def test_says_to_whom_it_sends_and_why_or_stays_here(self):
        silent = {name for name, one in _of_ours().items() if one is None}

        assert silent - STAYS_HERE == set()
        assert STAYS_HERE - silent == set()

    def test_sends_to_somebody_of_the_register(self):
        known = {one.name for one in recipients()}
        sent_to = {to for one in _of_ours().values() if one for to in one.to}

        assert sent_to == known == {"carrier", "mail", "storage"}

    def test_of_callers_data_is_never_our_own(self):
        callers = [one for one in _of_ours().values() if one and one.of == "callers"]

        assert len(callers) > 5
        assert [one for one in callers if one.purpose in OUR_OWN] == []


class TestLetterThatSomebodyIsOwed:
    def test_outlives_an_outage_or_has_a_reason_not_to(self):
        owed = {
            Purpose.RIGHTS,
            Purpose.OUR_DUTIES,
            Purpose.RECORD,
            Purpose.ERASURE,
            Purpose.SECURITY,
        }
        found = {
            name
            for name, one in _of_ours().items()
            if one and one.purpose in owed and _registry[name].gives_up
        }

        assert found - set(MAY_BE_LOST) == set()
        assert set(MAY_BE_LOST) - found == set()


class TestOwnPurpose:
    @pytest.mark.parametrize("purpose", sorted(OUR_OWN))
    def test_is_refused_with_callers_data_before_a_job_is_there(self, purpose: Purpose):
        before = registered()

        with pytest.raises(OwnPurposeError):
            job(
                "telephony.learn",
                sends=Sending(to=("mail",), of=Subject.CALLERS, purpose=purpose),
            )(print)

        assert registered() == before

    @pytest.mark.parametrize("purpose", sorted(OUR_OWN))
    def test_is_refused_with_callers_data_of_a_holder(self, purpose: Purpose):
        with pytest.raises(OwnPurposeError):
            Use(
                title="Sound of calls",
                of=Subject.CALLERS,
                purpose=purpose,
                basis=Basis.INTEREST,
            )


class TestRecipient:
    def test_may_train_on_nothing(self):
        before = recipients()

        with pytest.raises(TrainingAllowedError):
            Recipient(
                name="listener",
                title="A listener",
                gets="Sound",
                keeps="For good",
                training_allowed=True,
                no_training="",
                is_used=lambda: True,
            )

        assert recipients() == before
        assert [one.name for one in before if one.training_allowed] == []

    def test_says_what_is_done_against_training(self):
        assert all(len(one.no_training) > 40 for one in recipients())

    def test_is_every_vendor_of_speech_and_language_but_our_own(self):
        known = {one.name for one in recipients()}
        others = {
            name
            for vendors_of in (vendors.EARS, vendors.BRAINS, vendors.MOUTHS)
            for name, make in vendors_of.items()
            if make is not None
        }

        assert others - known == set()
