import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import OperationalError, connection

from compliance.keys.keys import keys
from compliance.keys.store import KeyGoneError
from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import job_row
from sondervoice.kernel.models import OutboxJob
from telephony import webhooks
from telephony.event_payload import open_payload
from telephony.models import Call, CarrierCommand, CarrierEvent
from tests.cast import NOW
from tests.integration.telephony.posts import (
    CALL_ID,
    Post,
    Rows,
    event,
    nothing_of,
    rows_of,
    run_all_jobs,
)


@pytest.fixture
def post(settings, monkeypatch, carrier):
    made = Post()
    settings.TELNYX_PUBLIC_KEY = made.public_key
    monkeypatch.setattr(webhooks, "utc_now", lambda: NOW)
    return made


@pytest.fixture
def ringing(cast):
    return event("call.initiated", clinic=cast.alder)


class TestSignedWebhook:
    def test_is_stored_with_the_job_that_applies_it(self, cast, post, ringing):
        answer = post.data(ringing)

        assert (answer.status_code, answer.json()) == (200, {"is_new": True})
        assert rows_of(cast.alder) == Rows(events=1, jobs=1)
        assert rows_of(cast.birch) == Rows()

    @pytest.mark.parametrize("seconds", [-300, 300])
    def test_may_be_five_minutes_away(self, post, ringing, seconds):
        assert (
            post.data(ringing, at=NOW + timedelta(seconds=seconds)).status_code == 200
        )

    def test_of_a_number_that_is_nobodys_is_let_go(self, cast, post):
        stranger = event("call.initiated", clinic=cast.alder, to="+13125550111")

        answer = post.data(stranger)

        assert (answer.status_code, answer.json()) == (200, {"is_new": False})
        assert nothing_of(cast)

    def test_keeps_its_payload_sealed(self, cast, post, ringing):
        post.data(ringing)

        with tenancy.scope(cast.alder.organization.id):
            sealed = bytes(CarrierEvent.objects.get().payload_sealed)
        assert b"+1312" not in sealed

    def test_keeps_its_payload_under_the_calls_key_once_it_is_applied(
        self, cast, post, ringing
    ):
        post.data(ringing)
        organization_id = cast.alder.organization.id
        with tenancy.scope(organization_id):
            before = open_payload(CarrierEvent.objects.get())

        run_all_jobs(cast)

        with tenancy.scope(organization_id):
            kept, call = CarrierEvent.objects.get(), Call.objects.get()
            assert open_payload(kept) == before
            keys().destroy_call_key(organization_id=organization_id, call_id=call.id)
            with pytest.raises(KeyGoneError):
                open_payload(kept)


class TestRefusedWebhook:
    @pytest.mark.parametrize("seconds", [-301, 301, -86_400, 86_400])
    def test_is_more_than_five_minutes_away(self, cast, post, ringing, seconds):
        answer = post.data(ringing, at=NOW + timedelta(seconds=seconds))

        assert (answer.status_code, answer.json()) == (401, {"code": "webhook_stale"})
        assert nothing_of(cast)

    def test_is_signed_by_another_key(self, cast, post, ringing):
        answer = post.data(ringing, key=Ed25519PrivateKey.generate())

        assert answer.json() == {"code": "webhook_signature"}
        assert answer.status_code == 401
        assert nothing_of(cast)

    def test_was_changed_on_its_way(self, cast, post, ringing):
        body = json.dumps({"data": ringing}).encode()

        answer = post.raw(body, sent=body.replace(b"incoming", b"outgoing"))

        assert answer.status_code == 401
        assert nothing_of(cast)

    def test_carries_the_signature_of_another_moment(self, cast, post, ringing):
        body = json.dumps({"data": ringing}).encode()
        later = str(int(NOW.timestamp()) + 1)

        assert post.raw(body, telnyx_timestamp=later).status_code == 401
        assert nothing_of(cast)

    @pytest.mark.parametrize(
        "headers",
        [
            {"telnyx_signature_ed25519": None},
            {"telnyx_timestamp": None},
            {"telnyx_signature_ed25519": None, "telnyx_timestamp": None},
            {"telnyx_signature_ed25519": "not base64!"},
            {"telnyx_signature_ed25519": "AAAA"},
            {"telnyx_signature_ed25519": "ü" * 86 + "=="},
            {"telnyx_timestamp": "soon"},
            {"telnyx_timestamp": "-1"},
            {"telnyx_timestamp": "9" * 400},
            {"telnyx_timestamp": "1e9"},
            {"telnyx_timestamp": "٣"},
        ],
    )
    def test_has_headers_missing_or_garbled(self, cast, post, ringing, headers):
        assert post.data(ringing, **headers).status_code == 401
        assert nothing_of(cast)

    def test_meets_an_installation_without_a_key(self, cast, post, ringing, settings):
        settings.TELNYX_PUBLIC_KEY = ""

        assert post.data(ringing).status_code == 401
        assert nothing_of(cast)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"null",
            b"[]",
            b'"text"',
            b"\xff\xfe\x00",
            b'{"data": null}',
            b'{"data": {"payload": {}}}',
            b"[" * 50_000,
            b'{"data":' * 20_000,
            b"9" * 5_000,
        ],
    )
    def test_is_no_event(self, cast, post, body):
        answer = post.raw(body)

        assert (answer.status_code, answer.json()) == (400, {"code": "webhook_shape"})
        assert nothing_of(cast)

    @pytest.mark.parametrize("name", ["id", "event_type", "occurred_at", "payload"])
    @pytest.mark.parametrize(
        "value",
        [None, 7, 1.5, True, [], {"a": 1}, "", "a\x00b", "x" * 201, "\ud800"],
        ids=repr,
    )
    def test_has_a_part_of_the_wrong_kind(self, cast, post, ringing, name, value):
        if name == "payload" and value == {"a": 1}:
            value = "text"

        assert post.data({**ringing, name: value}).status_code == 400
        assert nothing_of(cast)

    @pytest.mark.parametrize("name", ["call_control_id", "hangup_source"])
    @pytest.mark.parametrize(
        "value", [7, [], {}, "a\x00b", "x" * 201, "\ud800"], ids=repr
    )
    def test_has_a_payload_of_the_wrong_kind(self, cast, post, ringing, name, value):
        if value in ([], {}) and name == "hangup_source":
            value = [1]
        ringing["payload"][name] = value

        assert post.data(ringing).status_code == 400
        assert nothing_of(cast)

    @pytest.mark.parametrize("name", ["id", "event_type"])
    def test_has_a_word_longer_than_its_column(self, cast, post, ringing, name):
        assert post.data({**ringing, name: "x" * 101}).status_code == 400
        assert nothing_of(cast)

    @pytest.mark.parametrize(
        "instant",
        ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "yesterday", "20"],
    )
    def test_happened_at_no_instant(self, cast, post, ringing, instant):
        assert post.data({**ringing, "occurred_at": instant}).status_code == 400
        assert nothing_of(cast)

    def test_is_larger_than_any_event(self, cast, post, ringing):
        ringing["payload"]["more"] = "x" * 300_000

        assert post.data(ringing).status_code == 400
        assert nothing_of(cast)

    @pytest.mark.parametrize("depth", [100, 900, 960, 980, 2_000])
    def test_is_nested_too_deeply_or_stored_whole(self, cast, post, ringing, depth):
        ringing["payload"]["more"] = "DEEP"
        body = json.dumps({"data": ringing}).encode()
        deep = b"[" * depth + b"]" * depth

        answer = post.raw(body.replace(b'"DEEP"', deep))

        stored = Rows(events=1, jobs=1) if answer.status_code == 200 else Rows()
        assert answer.status_code in {200, 400}
        assert rows_of(cast.alder) == stored

    def test_names_no_call(self, cast, post, ringing):
        ringing["payload"]["call_control_id"] = None

        post.data(ringing)
        run_all_jobs(cast)

        assert nothing_of(cast)

    @pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "head"])
    def test_is_no_post(self, cast, post, method):
        assert getattr(post.client, method)("/webhooks/telnyx/").status_code == 405
        assert nothing_of(cast)


class TestRepeatedWebhook:
    def test_is_one_row_one_call_and_one_command(self, cast, post, ringing):
        answers = [post.data(ringing).json()["is_new"] for _ in range(50)]
        run_all_jobs(cast)

        assert answers == [True] + [False] * 49
        with tenancy.scope(cast.alder.organization.id):
            assert CarrierEvent.objects.get().effect == "ringing"
            assert Call.objects.get().carrier_call_id == CALL_ID
            assert CarrierCommand.objects.get().kind == "answer"

    def test_under_another_clinics_number_stays_with_the_first(
        self, cast, post, ringing
    ):
        post.data(ringing)
        run_all_jobs(cast)
        before = rows_of(cast.alder)
        ringing["payload"]["to"] = cast.birch.number.e164

        answer = post.data(ringing)
        run_all_jobs(cast)

        assert answer.json() == {"is_new": False}
        assert rows_of(cast.alder) == before
        assert rows_of(cast.birch) == Rows()


class TestTwoClinics:
    def test_never_see_each_others_calls(self, cast, post):
        for clinic, call_id in ((cast.alder, "v3:a"), (cast.birch, "v3:b")):
            post.data(event("call.initiated", clinic=clinic, call_id=call_id))
        run_all_jobs(cast)

        seen = {}
        for clinic in (cast.alder, cast.birch):
            with tenancy.scope(clinic.organization.id):
                seen[clinic.organization.slug] = [
                    sorted(Call.objects.values_list("carrier_call_id", flat=True)),
                    sorted(Call.unscoped.values_list("carrier_call_id", flat=True)),
                    CarrierEvent.unscoped.count(),
                    OutboxJob.objects.count() > 0,
                ]
        assert seen == {
            "alder": [["v3:a"], ["v3:a"], 1, True],
            "birch": [["v3:b"], ["v3:b"], 1, True],
        }


class TestDatabaseAway:
    def test_is_asked_to_try_again_and_nothing_is_acknowledged(
        self, cast, post, ringing, monkeypatch
    ):
        def refuse(*_args, **_kwargs):
            raise OperationalError("connection refused")

        with monkeypatch.context() as away:
            away.setattr(connection, "cursor", refuse)
            answer = post.data(ringing)

        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "2"
        assert nothing_of(cast)

        assert post.data(ringing).json() == {"is_new": True}
        assert rows_of(cast.alder) == Rows(events=1, jobs=1)

    @pytest.mark.django_db(transaction=True)
    def test_that_refuses_the_job_keeps_no_event_and_asks_again(
        self, cast, post, ringing, monkeypatch
    ):
        def without_a_name(*args, **kwargs):
            row = job_row(*args, **kwargs)
            row.task = None
            return row

        with monkeypatch.context() as broken:
            broken.setattr("telephony.services.receive_notice.job_row", without_a_name)
            assert post.data(ringing).status_code == 503

        assert nothing_of(cast)
        assert post.data(ringing).json() == {"is_new": True}
        assert rows_of(cast.alder) == Rows(events=1, jobs=1)
