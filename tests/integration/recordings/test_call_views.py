import time
from contextlib import nullcontext

import pytest
from django.core import signing
from django.test import Client

from accounts.models import Organization
from accounts.permissions import Role
from compliance.ledger.models import AuditLog
from recordings.errors import PlaybackRefusedError
from recordings.models import Recording
from recordings.services import grant_playback
from sondervoice.kernel import tenancy
from telephony.models import ToolUse
from tests.cast import Cast, actor_for, join
from tests.cast_calls import use_tool
from tests.cast_day import Day
from tests.cast_fixtures import SignIn

WAV_BYTES = 44 + 61 * 8_000 * 2 * 2


def _plays(cast: Cast, day: Day) -> int:
    with tenancy.scope(cast.alder.organization.id):
        return AuditLog.objects.filter(
            subject_id=day.booked.id, action="recordings.playback.granted"
        ).count()


def _press_play(client: Client, day: Day, *, seconds: int = 300) -> str:
    answer = client.post(f"/app/calls/{day.booked.id}/play/")
    assert answer.status_code == 200
    assert answer.json()["seconds"] == seconds
    return answer.json()["grant"]


def _listen(client: Client, day: Day, grant: str, track: str = "both", **headers):
    return client.get(
        f"/app/calls/{day.booked.id}/audio/",
        {"track": track, "grant": grant},
        headers=headers,
    )


def _set_hipaa(cast: Cast) -> None:
    organization = cast.alder.organization
    with tenancy.scope(organization.id):
        Organization.objects.filter(pk=organization.id).update(hipaa_mode=True)


def _age_factor(client: Client, *, seconds: int | None) -> None:
    session = client.session
    shown_at = session.pop("second_factor_at")
    if seconds is not None:
        session["second_factor_at"] = shown_at - seconds
    session.save()


def _bytes(answer) -> bytes:
    return b"".join(answer.streaming_content)


class TestCallPage:
    def test_tells_the_call_from_the_greeting_to_the_evidence(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        words = signed_in(cast.ada).get(f"/app/calls/{day.booked.id}/").content.decode()

        for part in (
            "Hannah Brandt",
            "+1 312 555 0136",
            "Tuesday, please.",
            "Looked in the diary: 3 free. 31 ms",
            "cut off after “… at twenty past two,”",
            "not heard",
            "perhaps misheard",
            "part hidden",
            "May I also record the call?",
            "Caller said yes",
            "ask first; a no changes nothing else",
            "Typical <strong>0.62 s</strong>, slowest <strong>1.31 s</strong>",
            "Front desk, version 13",
            "AES-256-GCM",
        ):
            assert part in words

    @pytest.mark.parametrize(
        ("effect", "words"),
        [
            ("asked", "Rang a person of the clinic"),
            ("answered", "A person of the clinic answered"),
            ("unanswered", "Rang a person; nobody answered"),
        ],
    )
    def test_says_what_became_of_putting_through(
        self, cast: Cast, day: Day, signed_in: SignIn, effect: str, words: str
    ):
        with tenancy.scope(cast.alder.organization.id):
            use_tool(day.emergency, "put_through", effect, at_ms=1_000)
            ToolUse.objects.filter(name="put_through").update(took_ms=0)

        page = signed_in(cast.ada).get(f"/app/calls/{day.emergency.id}/")

        text = page.content.decode()
        assert words in text
        assert f"{words}. 0 ms" not in text

    def test_begins_with_what_came_of_it(self, cast: Cast, day: Day, signed_in: SignIn):
        client = signed_in(cast.ada)

        booked = client.get(f"/app/calls/{day.booked.id}/").context["results"]
        urgent = client.get(f"/app/calls/{day.emergency.id}/").context["results"]
        nothing = client.get(f"/app/calls/{day.refused.id}/")

        assert [(row.patient, row.practitioner) for row in booked.appointments] == [
            ("Hannah Brandt", "Dr. Okafor")
        ]
        assert booked.messages == []
        assert [(row.text, row.is_urgent) for row in urgent.messages] == [
            ("My chest feels tight since this morning.", True)
        ]
        assert urgent.appointments == []
        assert "What came of it" not in nothing.content.decode()

    def test_shows_no_message_to_who_may_not_read_them(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        join(cast.alder, cast.eve, Role.VIEWER)

        answer = signed_in(cast.eve).get(f"/app/calls/{day.message.id}/")

        assert answer.context["results"].messages == []
        assert "my referral" not in answer.content.decode()

    @pytest.mark.parametrize(
        ("which", "words"),
        [
            (
                "refused",
                "Not recorded: the caller refused and was served just the same.",
            ),
            ("erased", "This call was erased: its key is destroyed."),
            (
                "live",
                "The call is still going on. Its sound appears when it has ended.",
            ),
            ("withheld", "Nothing was written down."),
        ],
    )
    def test_says_why_there_is_nothing_to_play(
        self, cast: Cast, day: Day, signed_in: SignIn, which: str, words: str
    ):
        call = getattr(day, which)

        answer = signed_in(cast.ada).get(f"/app/calls/{call.id}/")

        assert answer.status_code == 200
        assert words in answer.content.decode()
        assert 'id="player"' not in answer.content.decode()

    def test_says_that_the_caller_has_objected(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        with tenancy.scope(cast.alder.organization.id):
            day.withheld.capture |= {"has_objected": True}
            day.withheld.save(update_fields=["capture"])

        answer = signed_in(cast.ada).get(f"/app/calls/{day.withheld.id}/")

        words = answer.content.decode()
        assert "Not recorded and not written down: the caller has objected" in words
        assert "Words are kept from the moment" not in words

    @pytest.mark.parametrize(
        ("status", "words"),
        [
            ("erased", "The sound was erased when its time was up."),
            ("spooling", "The sound is being stored."),
        ],
    )
    def test_says_where_the_recording_stands(
        self, cast: Cast, day: Day, signed_in: SignIn, status: str, words: str
    ):
        with tenancy.scope(cast.alder.organization.id):
            Recording.objects.filter(call=day.booked).update(status=status)

        answer = signed_in(cast.ada).get(f"/app/calls/{day.booked.id}/")

        assert words in answer.content.decode()

    def test_lets_an_auditor_read_but_not_listen(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        client = signed_in(cast.cy)

        words = client.get(f"/app/calls/{day.booked.id}/").content.decode()
        refused = client.post(f"/app/calls/{day.booked.id}/play/")

        assert "Tuesday, please." in words
        assert "Your role may read this call, not listen to it." in words
        assert "555 0136" not in words
        assert refused.status_code == 403
        assert _plays(cast, day) == 0

    def test_in_hipaa_mode_plays_only_after_a_second_factor_of_five_minutes(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        _set_hipaa(cast)
        client = signed_in(cast.ben)
        fresh = client.post(f"/app/calls/{day.booked.id}/play/")
        _age_factor(client, seconds=301)

        stale = client.post(f"/app/calls/{day.booked.id}/play/")
        page = client.get(f"/app/calls/{day.booked.id}/")

        assert fresh.status_code == 200
        assert stale.status_code == 403
        assert stale.json()["code"] == "second_factor_stale"
        assert page.status_code == 200
        assert _plays(cast, day) == 1

    def test_elsewhere_plays_however_old_the_second_factor_is(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        client = signed_in(cast.ben)
        _age_factor(client, seconds=4_000)

        assert client.post(f"/app/calls/{day.booked.id}/play/").status_code == 200

    def test_tells_the_player_of_a_session_without_its_second_factor(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        _set_hipaa(cast)
        client = signed_in(cast.ben)
        _age_factor(client, seconds=None)

        answer = client.post(
            f"/app/calls/{day.booked.id}/play/", headers={"Accept": "application/json"}
        )

        assert answer.status_code == 403
        assert answer.json()["code"] == "second_factor_missing"
        assert _plays(cast, day) == 0

    def test_is_nothing_to_another_clinic(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        client = signed_in(cast.dot)

        assert client.get(f"/app/calls/{day.booked.id}/").status_code == 404
        assert client.post(f"/app/calls/{day.booked.id}/play/").status_code == 404
        assert client.get(f"/app/calls/{day.booked.id}/audio/").status_code == 404
        assert _plays(cast, day) == 0

    def test_sends_a_stranger_to_sign_in(self, cast: Cast, day: Day):
        address = f"/app/calls/{day.booked.id}/"

        answer = Client().get(address)

        assert answer.headers["Location"] == f"/accounts/login/?next={address}"

    def test_says_who_read_it_and_who_listened(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        bens = signed_in(cast.ben)
        bens.get(f"/app/calls/{day.booked.id}/")
        _press_play(bens, day)

        answer = signed_in(cast.ada).get(f"/app/calls/{day.booked.id}/")

        looks = [(look.who, look.did) for look in answer.context["looks"]]
        assert looks == [("Ben Osei", "listened"), ("Ben Osei", "read")]


class TestSound:
    def test_plays_whole_with_one_line_in_the_record(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        client = signed_in(cast.ada)
        grant = _press_play(client, day)

        whole = _listen(client, day, grant)
        sound = _bytes(whole)
        ranges = [
            _bytes(_listen(client, day, grant, range=f"bytes={start}-{start + 99_999}"))
            for start in range(0, WAV_BYTES, 100_000)
        ]

        assert whole.status_code == 200
        assert whole.headers["Content-Type"] == "audio/wav"
        assert whole.headers["Accept-Ranges"] == "bytes"
        assert int(whole.headers["Content-Length"]) == WAV_BYTES
        assert len(sound) == WAV_BYTES
        assert sound[:4] == b"RIFF"
        assert b"".join(ranges) == sound
        assert _plays(cast, day) == 1

    @pytest.mark.parametrize(
        ("asked", "content_range", "length"),
        [
            ("bytes=0-0", f"bytes 0-0/{WAV_BYTES}", 1),
            ("bytes=0-", f"bytes 0-{WAV_BYTES - 1}/{WAV_BYTES}", WAV_BYTES),
            ("bytes=-10", f"bytes {WAV_BYTES - 10}-{WAV_BYTES - 1}/{WAV_BYTES}", 10),
            (
                f"bytes=5-{WAV_BYTES * 2}",
                f"bytes 5-{WAV_BYTES - 1}/{WAV_BYTES}",
                WAV_BYTES - 5,
            ),
        ],
    )
    def test_sends_the_range_that_was_asked_for(
        self, cast: Cast, day: Day, signed_in: SignIn, asked, content_range, length
    ):
        client = signed_in(cast.ada)

        answer = _listen(client, day, _press_play(client, day), range=asked)

        assert answer.status_code == 206
        assert answer.headers["Content-Range"] == content_range
        assert int(answer.headers["Content-Length"]) == length
        assert len(_bytes(answer)) == length

    def test_refuses_a_range_beyond_the_end(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        client = signed_in(cast.ada)

        answer = _listen(
            client, day, _press_play(client, day), range=f"bytes={WAV_BYTES}-"
        )

        assert answer.status_code == 416
        assert answer.headers["Content-Range"] == f"bytes */{WAV_BYTES}"

    def test_sends_all_for_a_range_under_a_condition(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        client = signed_in(cast.ada)
        headers = {"range": "bytes=0-9", "if-range": '"old"'}

        answer = _listen(client, day, _press_play(client, day), **headers)

        assert answer.status_code == 200

    def test_has_a_track_for_each_voice(self, cast: Cast, day: Day, signed_in: SignIn):
        client = signed_in(cast.ada)
        grant = _press_play(client, day)

        caller = _bytes(_listen(client, day, grant, "caller"))
        agent = _bytes(_listen(client, day, grant, "agent"))

        assert len(caller) == len(agent) == 44 + 61 * 8_000 * 2
        # Seconds 18 to 21 are the receptionist's, 21 to 24 the caller's.
        early = slice(44 + 19 * 16_000, 44 + 20 * 16_000)
        late = slice(44 + 22 * 16_000, 44 + 23 * 16_000)
        assert not any(caller[early])
        assert any(agent[early])
        assert any(caller[late])
        assert not any(agent[late])
        assert _listen(client, day, grant, "nobody").status_code == 404

    def test_needs_a_grant_of_ones_own_that_has_not_run_out(
        self, cast: Cast, day: Day, signed_in: SignIn, monkeypatch
    ):
        adas, bens = signed_in(cast.ada), signed_in(cast.ben)
        grant = _press_play(adas, day)

        assert _listen(adas, day, "").status_code == 403
        assert _listen(adas, day, grant[:-1] + "!").status_code == 403
        assert _listen(bens, day, grant).status_code == 403
        monkeypatch.setattr(grant_playback, "GRANT_S", -1)
        assert _listen(adas, day, grant).status_code == 403

    @pytest.mark.parametrize(("is_hipaa", "seconds"), [(True, 60), (False, 300)])
    def test_has_a_grant_that_is_short_in_hipaa_mode(
        self, cast: Cast, day: Day, signed_in: SignIn, monkeypatch, is_hipaa, seconds
    ):
        if is_hipaa:
            _set_hipaa(cast)
        client = signed_in(cast.ada)
        grant = _press_play(client, day, seconds=seconds)
        began_s = time.time()

        ada = actor_for(cast.ada, cast.alder, Role.OWNER)

        for passed_s, outcome in (
            (seconds - 5, nullcontext()),
            (seconds + 5, pytest.raises(PlaybackRefusedError)),
        ):
            then_s = began_s + passed_s
            with monkeypatch.context() as later, outcome:
                later.setattr(signing.time, "time", lambda at=then_s: at)
                grant_playback.check_grant(grant, actor=ada, call_id=day.booked.id)

    def test_is_gone_with_its_key(self, cast: Cast, day: Day, signed_in: SignIn):
        client = signed_in(cast.ada)

        answer = client.post(f"/app/calls/{day.erased.id}/play/")

        assert answer.status_code == 404

    def test_sends_no_byte_for_a_question_about_it(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        client = signed_in(cast.ada)
        grant = _press_play(client, day)

        answer = client.head(
            f"/app/calls/{day.booked.id}/audio/?track=both&grant={grant}"
        )

        assert answer.status_code == 200
        assert int(answer.headers["Content-Length"]) == WAV_BYTES
        assert _bytes(answer) == b""
