import csv
import io

import pytest

from accounts.actors import Actor
from accounts.permissions import Role
from compliance.purposes.register import read_register
from compliance.retention.models import RetentionPolicy
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import Cast, actor_for
from tests.cast_fixtures import SignIn
from tests.clock import StoppedClock

pytestmark = pytest.mark.django_db

PAGE = "/app/settings/what-and-why/"
MESSAGES = ["Messages", "Names in messages", "Numbers in messages"]


def _text(answer) -> str:
    return " ".join(answer.content.decode().split())


def ada_of(cast: Cast) -> Actor:
    return actor_for(cast.ada, cast.alder, Role.OWNER)


@pytest.fixture
def all_others(settings) -> None:
    """Have every recipient there could be."""
    settings.TELNYX_API_KEY = "KEY"
    settings.RECORDINGS_BUCKETS = {"us-east-1": "bucket"}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class TestPage:
    def test_says_what_why_how_long_and_to_whom(
        self, cast: Cast, signed_in: SignIn, all_others, settings
    ):
        settings.DPO_MAIL = "privacy@sondervoice.example"
        with tenancy.scope(cast.alder.organization.id):
            RetentionPolicy.objects.create(
                organization=cast.alder.organization,
                audio_days=30,
                transcript_days=30,
                fields_days=90,
                metadata_days=365,
                changed_at=utc_now(),
            )
        client = signed_in(cast.ada)

        text = _text(client.get(PAGE))
        said = client.get(f"{PAGE}file.json").json()
        table = client.get(f"{PAGE}file.csv")

        assert "data: <strong>0</strong>" in text
        assert "privacy@sondervoice.example" in text
        assert said["own_purposes_with_caller_data"] == 0
        kept = {one["data"]: one["kept"] for one in said["processing"]}
        assert kept["Sound of calls"] == "30 days"
        assert kept["Names and messages that callers left"] == "90 days"
        sound = next(one for one in said["processing"] if "Sound" in one["data"])
        assert sound["also_received_by"] == [
            "Telnyx, the telephone carrier",
            "Amazon S3, where recordings are stored",
        ]
        assert [one["training_allowed"] for one in said["recipients"]] == [False] * 3
        rows = list(csv.DictReader(io.StringIO(table.content.decode())))
        assert [row["data"] for row in rows] == list(kept)
        assert {row["trained_on"] for row in rows} == {"no"}
        assert {
            row["purpose"] for row in rows if row["who_decides"] != "The clinic"
        } & {row["purpose"] for row in rows if row["of_whom"] == "Callers"} == set()

    def test_names_nobody_who_is_not_there(
        self, cast: Cast, signed_in: SignIn, settings
    ):
        settings.TELNYX_API_KEY = ""

        said = signed_in(cast.ada).get(f"{PAGE}file.json").json()

        assert said["recipients"] == []
        assert {str(one["also_received_by"]) for one in said["processing"]} == {"[]"}

    def test_is_for_who_may_see_retention(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.ben)

        for name in ("", "file.json", "file.csv"):
            assert client.get(f"{PAGE}{name}").status_code == 403


class TestUnread:
    def _look(self, actor: Actor) -> None:
        audit.record(
            audit.Entry(
                action="telephony.messages.viewed",
                organization_id=actor.organization_id,
                actor_kind=actor.kind,
                actor_id=actor.id,
                subject_kind="message",
                subject_id=None,
            )
        )

    def test_is_what_nobody_looked_at_in_ninety_days(
        self, cast: Cast, stopped_clock: StoppedClock
    ):
        actor = ada_of(cast)
        with tenancy.scope(actor.organization_id):
            before = read_register(actor=actor, now=utc_now()).unread
            self._look(actor)
            after = read_register(actor=actor, now=utc_now()).unread
            later = stopped_clock.move(days=91)
            again = read_register(actor=actor, now=later).unread

        assert "Recordings" in before
        assert [one for one in before if one not in after] == MESSAGES
        assert again == before

    def test_is_each_clinic_alone(self, cast: Cast):
        with tenancy.scope(cast.alder.organization.id):
            self._look(ada_of(cast))
        actor = actor_for(cast.eve, cast.birch, Role.OWNER)

        with tenancy.scope(actor.organization_id):
            unread = read_register(actor=actor, now=utc_now()).unread

        assert set(MESSAGES) <= set(unread)

    def test_does_not_count_what_the_software_alone_uses(self, cast: Cast):
        actor = ada_of(cast)

        with tenancy.scope(actor.organization_id):
            register = read_register(actor=actor, now=utc_now())

        assert "telephony.Call.caller_index" in register.unseen
        assert "telephony.Call.caller_sealed" not in register.unseen
