from dataclasses import replace
from datetime import timedelta

from django.core import mail

from accounts.permissions import Role
from compliance.alerts.models import AlertThresholds, SecurityAlert
from compliance.alerts.selectors import list_alerts
from sondervoice.kernel import tenancy
from tests.cast import NOW, Cast, actor_for
from tests.cast_fixtures import SignIn
from tests.clock import StoppedClock
from tests.integration.compliance.alerts.record import alerts, look, rows, told, write
from tests.integration.telephony.posts import run_all_jobs

PAGE = "/app/settings/alerts/"
CHOSEN = {
    "mass_export_rows": "500",
    "night_reveals": "2",
    "night_from_hour": "19",
    "night_until_hour": "7",
    "failed_sign_ins": "20",
    "not_theirs": "4",
    "tells_new_place": "on",
    "tells_operator_look": "on",
}


def raise_one(cast: Cast) -> SecurityAlert:
    write(cast.alder, "compliance.access.exported", cast.ben, count=1234)
    look()
    (alert,) = alerts(cast.alder)
    return alert


class TestAlertList:
    def test_says_what_happened_and_leads_to_the_record(
        self, cast: Cast, signed_in: SignIn
    ):
        raise_one(cast)

        answer = signed_in(cast.cy).get(PAGE)

        (card,) = answer.context["open"]
        assert card.title == "Much was taken along"
        assert card.words == "Ben Osei took 1,234 rows along."
        assert card.query == f"kind=looks&days=1&person={cast.ben.id}"
        assert answer.context["seen"] == []
        found = signed_in(cast.cy).get(f"/app/settings/access/?{card.query}")
        lines = found.context["lines"]
        assert [one.action for one in lines] == ["compliance.access.exported"]

    def test_counts_what_is_open_beside_its_name(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.cy)
        assert 'class="count"' not in client.get(PAGE).content.decode()
        raise_one(cast)

        words = client.get("/app/settings/access/").content.decode()

        assert '<span class="count">1<span class="visually-hidden"> open' in words

    def test_is_of_the_whole_clinic_and_so_not_for_who_sees_a_part(
        self, cast: Cast, signed_in: SignIn
    ):
        with tenancy.scope(cast.alder.organization.id):
            cast.cy.memberships.update(is_limited=True)
        alert = raise_one(cast)
        client = signed_in(cast.cy)

        refused = client.get(PAGE)
        answer = client.post(f"{PAGE}{alert.id}/seen/")
        record = client.get("/app/settings/access/").content.decode()
        run_all_jobs(cast)

        assert (refused.status_code, answer.status_code) == (403, 403)
        assert "This is of the whole clinic" in refused.content.decode()
        assert 'class="count"' not in record
        assert PAGE not in record
        (same,) = alerts(cast.alder)
        assert same.seen_at is None
        assert [one.to for one in mail.outbox] == [[cast.ada.email]]

    def test_says_when_it_cannot_know_of_a_new_place(
        self, cast: Cast, signed_in: SignIn, settings
    ):
        client = signed_in(cast.cy)
        blind = [client.get(PAGE).content.decode()]
        settings.PLACE_HEADER = "X-Country"
        # Without a proxy of ours the header is the client's own word.
        blind.append(client.get(PAGE).content.decode())
        settings.TRUSTED_PROXIES = 1

        told = client.get(PAGE).content.decode()

        assert ["This cannot work now" in words for words in blind] == [True, True]
        assert "This cannot work now" not in told

    def test_says_when_there_is_nothing(self, cast: Cast, signed_in: SignIn):
        words = signed_in(cast.cy).get(PAGE).content.decode()

        assert "Nothing to look at." in words

    def test_is_not_a_receptionists(self, cast: Cast, signed_in: SignIn):
        assert signed_in(cast.ben).get(PAGE).status_code == 403

    def test_shows_nothing_of_another_clinic(self, cast: Cast, signed_in: SignIn):
        raise_one(cast)

        answer = signed_in(cast.dot).get(PAGE)

        assert answer.context["open"] == []
        assert "Ben Osei" not in answer.content.decode()


class TestSee:
    def test_closes_it_with_a_note_that_is_sealed(self, cast: Cast, signed_in: SignIn):
        alert = raise_one(cast)
        client = signed_in(cast.cy)

        answer = client.post(f"{PAGE}{alert.id}/seen/", {"note": " Moved to a new PC "})

        assert answer.url == f"{PAGE}?seen=1"
        page = client.get(PAGE)
        assert page.context["open"] == []
        (card,) = page.context["seen"]
        assert (card.seen_by, card.note) == ("Cy Moreno", "Moved to a new PC")
        (row,) = alerts(cast.alder)
        assert row.seen_by_id == cast.cy.id
        assert b"Moved" not in bytes(row.note_sealed)
        (line,) = rows(cast.alder, "compliance.alert.seen")
        assert (line.actor_id, line.subject_id) == (cast.cy.id, alert.id)
        assert line.facts == {"has_note": True}
        (read,) = rows(cast.alder, "compliance.alert_notes.read")
        assert (read.actor_id, read.fields) == (cast.cy.id, ["note"])
        assert read.facts == {"count": 1}

    def test_leaves_no_row_of_notes_where_there_are_none(
        self, cast: Cast, signed_in: SignIn
    ):
        path = f"{PAGE}{raise_one(cast).id}/seen/"
        client = signed_in(cast.cy)
        client.post(path, {"note": ""})

        client.get(PAGE)

        assert rows(cast.alder, "compliance.alert_notes.read") == []

    def test_shows_operators_no_note(self, cast: Cast, signed_in: SignIn):
        path = f"{PAGE}{raise_one(cast).id}/seen/"
        signed_in(cast.cy).post(path, {"note": "Moved to a new PC"})
        operator = replace(
            actor_for(cast.cy, cast.alder, Role.AUDITOR), kind="operator"
        )

        with tenancy.scope(cast.alder.organization.id):
            (card,) = list_alerts(actor=operator, now=NOW)

        assert (card.seen_by, card.note) == ("Cy Moreno", "")

    def test_is_said_once(self, cast: Cast, signed_in: SignIn):
        path = f"{PAGE}{raise_one(cast).id}/seen/"
        signed_in(cast.cy).post(path, {"note": "First"})

        signed_in(cast.ada).post(path, {"note": "Second"})

        (card,) = signed_in(cast.ada).get(PAGE).context["seen"]
        assert (card.seen_by, card.note) == ("Cy Moreno", "First")
        assert len(rows(cast.alder, "compliance.alert.seen")) == 1

    def test_is_not_for_another_clinic_nor_a_receptionist(
        self, cast: Cast, signed_in: SignIn
    ):
        path = f"{PAGE}{raise_one(cast).id}/seen/"

        assert signed_in(cast.dot).post(path).status_code == 404
        assert signed_in(cast.ben).post(path).status_code == 403

        (row,) = alerts(cast.alder)
        assert (row.seen_at, row.note_sealed) == (None, None)
        assert rows(cast.alder, "compliance.alert.seen") == []

    def test_lets_counting_start_anew(
        self, cast: Cast, signed_in: SignIn, stopped_clock: StoppedClock
    ):
        alert = raise_one(cast)
        signed_in(cast.cy).post(f"{PAGE}{alert.id}/seen/")
        stopped_clock.move(minutes=1)
        write(cast.alder, "compliance.access.exported", cast.ben, count=999)
        look()
        assert len(alerts(cast.alder)) == 1

        stopped_clock.move(minutes=1)
        write(cast.alder, "compliance.access.exported", cast.ben, count=1)
        look()

        assert told(cast.alder) == [
            ("mass_export", cast.ben.id, 1234),
            ("mass_export", cast.ben.id, 1000),
        ]


class TestThresholds:
    def test_are_an_owners_to_change(self, cast: Cast, signed_in: SignIn):
        answer = signed_in(cast.ada).post(f"{PAGE}thresholds/", CHOSEN)

        assert answer.url == f"{PAGE}?saved=1"
        with tenancy.scope(cast.alder.organization.id):
            row = AlertThresholds.objects.get()
        assert (row.mass_export_rows, row.night_from_hour, row.not_theirs) == (
            500, 19, 4
        )  # fmt: skip
        (line,) = rows(cast.alder, "compliance.alert_thresholds.changed")
        assert "tells_new_place" not in line.fields
        assert line.facts["mass_export_rows_before"] == 1000
        assert line.facts["mass_export_rows_after"] == 500

    def test_that_stay_the_same_are_not_written_down(
        self, cast: Cast, signed_in: SignIn
    ):
        for _ in range(2):
            signed_in(cast.ada).post(f"{PAGE}thresholds/", CHOSEN)

        assert len(rows(cast.alder, "compliance.alert_thresholds.changed")) == 1

    def test_beyond_their_bounds_are_said_to_be_wrong(
        self, cast: Cast, signed_in: SignIn
    ):
        wrong = CHOSEN | {"night_from_hour": "24", "mass_export_rows": "0"}

        answer = signed_in(cast.ada).post(f"{PAGE}thresholds/", wrong)

        assert answer.status_code == 422
        errors = answer.context["form"].errors
        assert errors["night_from_hour"] == ["Write a whole number from 0 to 23."]
        assert errors["mass_export_rows"] == [
            "Write a whole number from 50 to 100,000."
        ]
        with tenancy.scope(cast.alder.organization.id):
            assert AlertThresholds.objects.count() == 0

    def test_are_not_an_auditors(self, cast: Cast, signed_in: SignIn):
        answer = signed_in(cast.cy).post(f"{PAGE}thresholds/", CHOSEN)

        assert answer.status_code == 403
        with tenancy.scope(cast.alder.organization.id):
            assert AlertThresholds.objects.count() == 0
        assert rows(cast.alder, "compliance.alert_thresholds.changed") == []


class TestLetter:
    def test_says_how_many_of_what_and_no_name(
        self, cast: Cast, stopped_clock: StoppedClock
    ):
        stopped_clock.at = NOW
        raise_one(cast)
        stopped_clock.move(seconds=20)

        run_all_jobs(cast)

        assert [one.to for one in mail.outbox] == [[cast.ada.email], [cast.cy.email]]
        letter = mail.outbox[0]
        assert letter.subject == "Much was taken along at Alder Clinic"
        assert "A member took 1,234 rows along." in letter.body
        assert "20 November 2026, 09:42, your clinic's time." in letter.body
        assert "/app/settings/alerts/" in letter.body
        assert "Ben" not in letter.body

    def test_does_not_go_to_who_sees_the_record_no_more(self, cast: Cast):
        raise_one(cast)
        with tenancy.scope(cast.alder.organization.id):
            cast.cy.memberships.update(ended_at=NOW + timedelta(days=1))

        run_all_jobs(cast)

        assert [one.to for one in mail.outbox] == [[cast.ada.email]]
