import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from accounts.client_address import NOWHERE
from accounts.joining.models import Invitation
from accounts.models import Membership, User
from accounts.permissions import Role
from accounts.sessions.models import LoginSession
from accounts.sso.models import DirectoryIdentity
from accounts.way_in import signing_in
from compliance.asking.models import PrivacyRequest
from compliance.asking.own_words import COLUMNS, read_words
from compliance.asking.services.watch_privacy import (
    clear_privacy,
    seal_privacy_anew,
    watch_privacy,
)
from compliance.asking.way_in import asking_desk
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import NOW, Cast, join
from tests.cast_fixtures import SignIn
from tests.clock import StoppedClock
from tests.integration.accounts.joining.letters import run_jobs
from tests.integration.compliance.asking.conftest import actions

PAGE = "/preferences/privacy/"
OLD, NEW = "old-secret-" + "x" * 40, "new-secret-" + "y" * 40
OBJECT = {"kind": "object", "words": "CANARY I object to the statistics"}


def _requests() -> list[PrivacyRequest]:
    with asking_desk():
        return list(PrivacyRequest.objects.order_by("asked_at", "id"))


def _said() -> list[str]:
    return actions("compliance.privacy_request.")


def _user(user: User) -> User:
    with signing_in():
        return User.objects.get(pk=user.pk)


@pytest.fixture
def bens(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.ben)


@pytest.fixture
def been_at_birch(bens, cast: Cast) -> Cast:
    """Ben was a member of Birch by its directory and an invitation, before he left."""
    birch = {"organization": cast.birch.organization}
    join(cast.birch, cast.ben, Role.VIEWER)
    with tenancy.scope(cast.birch.organization.id), signing_in():
        Membership.objects.filter(user=cast.ben).update(ended_at=NOW)
        for person in (cast.ben, cast.dot):
            DirectoryIdentity.objects.create(
                **birch,
                user=person,
                issuer="https://idp.birch-legal.example",
                subject=person.email,
                created_at=NOW,
            )
            Invitation.objects.create(
                **birch,
                email=person.email,
                role=Role.VIEWER,
                invited_by=cast.dot,
                created_at=NOW,
                expires_at=NOW + timedelta(days=7),
                used_at=NOW,
            )
    return cast


@pytest.fixture(autouse=True)
def _officer(settings) -> None:
    settings.DPO_MAIL = "dpo@sondervoice.example"


class TestPage:
    def test_shows_what_is_held_of_whoever_is_signed_in(self, bens, cast):
        page = bens.get(PAGE).content.decode()

        assert "Ben Osei, ben@alder-clinic.example" in page
        assert "Alder Clinic" in page
        assert "Birch" not in page
        assert "Ada Lindgren" not in page

    def test_is_nobody_elses(self, cast):
        answer = Client().get(PAGE)

        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/")

    def test_is_linked_from_ones_own_menu(self, bens):
        assert PAGE in bens.get("/app/", follow=True).content.decode()


class TestCopy:
    def test_holds_all_of_it_twice_and_nothing_of_others(self, bens, cast):
        with tenancy.scope(cast.alder.organization.id):
            before = AuditLog.objects.count()
        bens.post(PAGE + "ask/", OBJECT)

        answer = bens.post(PAGE + "copy/")

        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        assert archive.namelist() == ["your-data.html", "your-data.json"]
        data = json.loads(archive.read("your-data.json"))
        page = archive.read("your-data.html").decode()
        assert data["account"]["email"] == "ben@alder-clinic.example"
        assert [one["name"] for one in data["clinics"]] == ["Alder Clinic"]
        assert data["clinics"][0]["memberships"][0]["role"] == "receptionist"
        assert data["privacy_requests"][0]["words"] == OBJECT["words"]
        actions_of_ben = {line["action"] for line in data["record"]["lines"]}
        assert "compliance.privacy_request.asked" in actions_of_ben
        for other in ("Ada", "ada@", "Birch", "Dot"):
            assert other not in page + json.dumps(data)
        assert OBJECT["words"] in page
        with tenancy.scope(cast.alder.organization.id):
            assert AuditLog.objects.count() == before
        served = _requests()[1]
        assert (served.kind, served.status) == ("export", "done")
        assert _said() == ["asked", "served"]

    def test_holds_what_a_clinic_keeps_that_was_left_before(self, bens, been_at_birch):
        answer = bens.post(PAGE + "copy/")

        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        alder, birch = json.loads(archive.read("your-data.json"))["clinics"]
        assert (alder["name"], alder["is_present"]) == ("Alder Clinic", True)
        assert (birch["name"], birch["is_present"]) == ("Birch Legal", False)
        at = NOW.isoformat(timespec="seconds")
        assert birch["memberships"] == [{"role": "viewer", "since": at, "until": at}]
        (known,), (invited,) = birch["directory"], birch["invitations"]
        assert known["subject"] == been_at_birch.ben.email
        assert (invited["email"], invited["used_at"]) == (been_at_birch.ben.email, at)
        assert alder["directory"] == alder["invitations"] == []
        page = archive.read("your-data.html").decode()
        assert page.count("You do not belong to it.") == 1
        assert "dot@" not in page + json.dumps(birch)
        assert (
            "Birch Legal (not any more, or invited)" in bens.get(PAGE).content.decode()
        )

    def test_is_not_given_without_a_fresh_factor(self, bens, cast):
        with signing_in():
            User.objects.filter(pk=cast.ben.pk).update(second_factor_since=utc_now())
        session = bens.session
        session["second_factor_at"] -= 600
        session.save()

        answer = bens.post(PAGE + "copy/")

        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/second-factor/verify/")
        assert _requests() == []


class TestAsking:
    def test_goes_to_the_officer_with_a_date(self, bens, cast, stopped_clock):
        answer = bens.post(PAGE + "ask/", OBJECT)
        run_jobs()

        assert (answer.status_code, answer.url) == (302, PAGE)
        (row,) = _requests()
        assert (row.kind, row.status) == ("object", "open")
        assert row.due_at - row.asked_at == timedelta(days=30)
        assert read_words(row, "words") == OBJECT["words"]
        (letter,) = mail.outbox
        assert letter.to == ["dpo@sondervoice.example"]
        assert letter.subject == "A privacy request came in"
        assert f"/admin/privacyrequest/{row.id}/" in letter.body
        assert "CANARY" not in letter.body
        assert "Ben" not in letter.body
        page = bens.get(PAGE).content.decode()
        assert f"Due by {row.due_at:%-d %b %Y}" in page

    @pytest.mark.parametrize(
        "form",
        [
            {"kind": "object"},
            {"kind": "erase", "words": "now"},
            {"words": "what"},
            {"kind": "restrict", "words": "x" * 1001},
        ],
    )
    def test_refuses_what_cannot_be_asked_here(self, bens, form):
        assert bens.post(PAGE + "ask/", form).status_code == 422
        assert _requests() == []
        assert _said() == []

    def test_refuses_the_same_again_while_it_is_open(self, bens):
        bens.post(PAGE + "ask/", OBJECT)

        answer = bens.post(PAGE + "ask/", OBJECT)

        assert answer.status_code == 422
        assert "not answered yet" in answer.content.decode()
        assert len(_requests()) == 1

    def test_is_seen_by_nobody_else(self, bens, cast, signed_in):
        bens.post(PAGE + "ask/", OBJECT)

        assert "CANARY" not in signed_in(cast.ada).get(PAGE).content.decode()
        assert PrivacyRequest.objects.count() == 0


class TestErasing:
    def test_says_what_goes_and_what_stays(self, bens):
        page = bens.get(PAGE + "erase/").content.decode()

        assert "What stays, and why" in page
        assert "as an operator" not in page
        assert "ben@alder-clinic.example" in page

    def test_closes_the_account_and_forgets_whose_it_was(self, bens, cast):
        answer = bens.post(PAGE + "erase/", {"email": "Ben@alder-clinic.example"})

        assert "Your account is erased" in answer.content.decode()
        ben = _user(cast.ben)
        assert ben.is_active is False
        assert ben.full_name == ""
        assert ben.email == f"{ben.id.hex}@erased.invalid"
        assert not ben.has_usable_password()
        with signing_in():
            rows = LoginSession.objects.filter(user=ben)
            left = rows.values_list("device", "address", "place")
            assert set(left) <= {("", NOWHERE, "")}
        assert bens.get(PAGE).url.startswith("/accounts/login/")
        (row,) = _requests()
        assert (row.kind, row.status) == ("erase", "done")
        assert _said() == ["served"]

    def test_reaches_clinics_that_were_left_before(self, bens, been_at_birch):
        cast = been_at_birch
        bens.post(PAGE + "erase/", {"email": cast.ben.email})

        with tenancy.scope(cast.birch.organization.id):
            known = DirectoryIdentity.objects.values_list("subject", flat=True)
            invited = Invitation.objects.order_by("id").values_list("email", flat=True)
            assert list(known) == [cast.dot.email]
            assert list(invited) == [
                f"{cast.ben.id.hex}@erased.invalid",
                cast.dot.email,
            ]

    def test_ends_what_was_asked_and_empties_the_words(
        self, bens, cast, stopped_clock: StoppedClock
    ):
        bens.post(PAGE + "ask/", OBJECT)
        run_jobs()
        letters = len(mail.outbox)
        assert [row.status for row in _requests()] == ["open"]

        bens.post(PAGE + "erase/", {"email": "ben@alder-clinic.example"})
        run_jobs()

        asked, erased = _requests()
        assert (asked.status, erased.status) == ("done", "done")
        assert asked.answered_at == stopped_clock.at
        for row in (asked, erased):
            assert [read_words(row, one) for one in COLUMNS] == [""] * 3
        assert _said() == ["asked", "served", "served"]
        stopped_clock.move(days=40)
        watch_privacy(now=stopped_clock.at)
        run_jobs()
        late = [one.to for one in mail.outbox[letters:]]
        assert [to for to in late if "erased.invalid" in to[0]] == []
        assert _said() == ["asked", "served", "served"]

    def test_wants_the_own_address(self, bens, cast):
        answer = bens.post(PAGE + "erase/", {"email": cast.cy.email})

        assert answer.status_code == 422
        assert _user(cast.ben).full_name == "Ben Osei"
        assert _requests() == []

    def test_is_refused_to_the_last_owner_and_changes_nothing(self, cast, signed_in):
        adas = signed_in(cast.ada)

        answer = adas.post(PAGE + "erase/", {"email": cast.ada.email})

        assert answer.status_code in {409, 422}
        ada = _user(cast.ada)
        assert (ada.is_active, ada.full_name) == (True, "Ada Lindgren")
        assert _requests() == []


class TestWatch:
    def test_reminds_at_twenty_days_and_warns_at_thirty(
        self, bens, stopped_clock: StoppedClock
    ):
        bens.post(PAGE + "ask/", OBJECT)
        run_jobs()
        mail.outbox.clear()
        asked_at = stopped_clock.at

        for days in (19, 20, 21, 29, 30, 31):
            watch_privacy(now=asked_at + timedelta(days=days))
            watch_privacy(now=asked_at + timedelta(days=days, hours=1))
        run_jobs()

        assert _said() == ["asked", "reminded", "overdue"]
        assert len(mail.outbox) == 2
        assert mail.outbox[-1].subject == "A privacy request is overdue"

    def test_leaves_what_is_answered_alone(self, bens, stopped_clock: StoppedClock):
        bens.post(PAGE + "copy/")

        watch_privacy(now=stopped_clock.at + timedelta(days=90))

        assert _said() == ["served"]

    def test_forgets_a_year_after_the_answer(self, bens, stopped_clock: StoppedClock):
        bens.post(PAGE + "copy/")

        assert clear_privacy(now=stopped_clock.at + timedelta(days=364)) == 0
        assert clear_privacy(now=stopped_clock.at + timedelta(days=366)) == 1
        assert _requests() == []

    def test_seals_anew_after_a_rotation(self, bens, settings):
        bens.post(PAGE + "ask/", OBJECT)
        old = settings.SECRET_KEY
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [old]

        assert seal_privacy_anew() == 1
        assert seal_privacy_anew() == 0
        settings.SECRET_KEY_FALLBACKS = []

        assert read_words(_requests()[0], "words") == OBJECT["words"]
