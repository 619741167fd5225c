"""A closed clinic and an erased member are in a backup, and gone after its restore."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection
from psycopg import sql

from accounts.client_address import NOWHERE
from accounts.joining.models import Invitation
from accounts.models import Membership
from accounts.permissions import Role
from accounts.sessions.models import LoginSession
from accounts.way_in import signing_in
from compliance.backups.erasure_list import erasure_list
from compliance.backups.jobs import backup as clock_of_backups
from compliance.backups.services.check_backup import open_backup
from compliance.backups.services.restore_database import restore_database
from compliance.backups.services.run_drill import run_drill
from compliance.backups.shelf import backup_at
from compliance.closing.models import Closing
from compliance.closing.services.ask_closing import keep_account
from compliance.ledger.anchors import anchor_store
from compliance.ledger.services.anchor_checkpoints import anchor_checkpoints
from compliance.ledger.services.seal_rows import seal_rows
from compliance.ledger.signer import signer
from compliance.retention.jobs import purge
from sondervoice.kernel import tenancy
from tests.integration.compliance.backups.conftest import Place
from tests.integration.compliance.backups.machine import command, environment
from tests.integration.compliance.closing.rest import CANARY, fill_rest
from tests.integration.compliance.closing.steps import (
    ask,
    close_whole,
    owner_of,
    read,
    release_holds,
    tick,
)
from tests.integration.compliance.retention.nights import THREE
from tests.matrix.world import Side, World, make_world
from tests.owner import tables_with

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]

# Birch loses a member. The record of all goes on where it was anchored.
_OF_THE_MEMBER = {
    "accounts_apikey",
    "accounts_membership",
    "accounts_user",
    "joining_invitation",
    "sso_directoryidentity",
}


def asked(url: str, query: str, *values: object) -> list[tuple]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query, values).fetchall()


def rows_of(url: str, side: Side) -> dict[str, list[tuple]]:
    """Return a hash of the rows of each table that a clinic has any in."""
    tables = asked(
        url,
        "SELECT table_name::text FROM information_schema.columns JOIN pg_tables "
        "ON tablename = table_name AND schemaname = table_schema "
        "WHERE column_name = 'organization_id' AND table_schema = 'public' ORDER BY 1",
    )
    with psycopg.connect(url) as connection:
        return {
            name: connection.execute(
                sql.SQL(
                    "SELECT count(*), "
                    "md5(string_agg(md5(t::text), '' ORDER BY t::text)) "
                    "FROM {} t WHERE organization_id = %s"
                ).format(sql.Identifier(name)),
                [side.clinic.organization.id],
            ).fetchall()
            for (name,) in tables
            if not name.startswith(("audit_logs", "ledger_"))
            and name not in _OF_THE_MEMBER
        }


def person(url: str, user_id: object) -> tuple:
    ((row,),) = asked(
        url, "SELECT to_jsonb(u)::text FROM accounts_user u WHERE id = %s", user_id
    )
    return row


@dataclass
class Story:
    place: Place
    world: World
    backup: Path
    before: dict[str, list[tuple]]
    keys_of_before: Path

    @property
    def alder(self) -> Side:
        return self.world.alder

    @property
    def birch(self) -> Side:
        return self.world.birch

    @property
    def member(self):
        return self.birch.people[Role.RECEPTIONIST]

    def canaries(self) -> list[str]:
        """Words of the clinic and of its people, and of the one who was erased."""
        names = [
            self.alder.people[role].full_name for role in (Role.OWNER, Role.AUDITOR)
        ]
        return [
            CANARY,
            "Home directory",
            "new@home.example",
            ",owner@alder.example,",
            ",receptionist@birch.example,",
            self.member.full_name,
            "Canaryville",
            *names,
        ]


@pytest.fixture
def counted(place: Place) -> Iterator[Callable[[Side], None]]:
    """Count eleven calls of a clinic for good, until the test is over."""

    def count(side: Side) -> None:
        organization_id = side.clinic.organization.id
        with tenancy.scope(organization_id), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO statistics.call_counts "
                "VALUES (%s, '2026-11-02', '2026-11-08', 'all', 'all', 11)",
                [organization_id],
            )

    yield count
    with psycopg.connect(place.owner_url, autocommit=True) as owner:
        owner.execute("DELETE FROM statistics.call_counts")


def whose_counts(url: str) -> list[tuple]:
    return asked(url, "SELECT clinic, calls FROM statistics.call_counts ORDER BY 1")


@pytest.fixture
def story(place: Place, three, signed_in, counted) -> Story:
    cache.clear()
    world = make_world()
    fill_rest(world.alder)
    release_holds(world.alder, at=three.at)
    member = world.birch.people[Role.RECEPTIONIST]
    signed_in(member).get("/preferences/privacy/")
    with signing_in():
        sessions = LoginSession.objects.filter(user=member)
        assert sessions.update(place="Canaryville") == 1
    _invite(world.birch, member.email)
    counted(world.alder)
    counted(world.birch)
    purge()
    tick(world.alder, world.birch)
    _anchor(three.at)
    made = place.back_up()
    before = rows_of(place.owner_url, world.birch)
    keys = place.folder / "keys-of-before"
    shutil.copytree(place.folder / "keys", keys)
    return Story(place, world, made.folder, before, keys)


def _invite(side: Side, email: str) -> None:
    with tenancy.scope(side.clinic.organization.id):
        like = Invitation.objects.first()
        Invitation.objects.create(
            organization=side.clinic.organization,
            email=email,
            role=Role.VIEWER,
            invited_by=like.invited_by,
            created_at=like.created_at,
            expires_at=like.expires_at,
            used_at=like.created_at,
        )


def _anchor(now) -> None:
    seal_rows(signer=signer(), now=now)
    anchor_checkpoints(store=anchor_store(), now=now)


@pytest.fixture
def erase_member(story: Story, three, signed_in) -> Callable[[], None]:
    def erase() -> None:
        answer = signed_in(story.member).post(
            "/preferences/privacy/erase/", {"email": story.member.email}
        )
        assert "Your account is erased" in answer.content.decode()

    return erase


@pytest.fixture
def back(story: Story, empty_database: str, tmp_path: Path) -> Callable[[], str]:
    """Restore by the command on a second machine; returns what it said."""
    data = tmp_path / "second"

    def run(*arguments: str) -> str:
        if not data.exists():
            shutil.copytree(story.keys_of_before, data / "keys")
        env = environment(story.place, empty_database, data)
        return command("restore", *(arguments or [str(story.backup)]), env=env)

    return run


def listed() -> list[str]:
    found = erasure_list().since(None, [signer().verifier])
    return sorted(one.holder for one in found if "." in one.holder)


class TestRestore:
    def test_brings_back_neither_clinic_nor_member(
        self,
        story: Story,
        three,
        erase_member,
        back,
        empty_database: str,
        tmp_path: Path,
    ):
        opened = open_backup(
            backup_at(story.backup), key=story.place.key, verifiers=[signer().verifier]
        )
        restore_database(empty_database, opened.database)
        where = tables_with(*story.canaries(), url=empty_database)
        assert [one for one, tables in where.items() if not tables] == []
        _empty(empty_database)
        other = person(story.place.owner_url, story.birch.people[Role.OWNER].pk)
        three.move(hours=1)
        erase_member()
        closing = close_whole(story.alder, three)
        assert closing.step == Closing.Step.CLOSED
        _anchor(three.at)
        assert {"accounts.person", "closing.people", "closing.rows"} <= set(listed())

        said = back()

        assert "The database is open." in said, said
        left = tables_with(*story.canaries(), url=empty_database)
        assert {one: where for one, where in left.items() if where} == {}
        alder = story.alder.clinic.organization.id
        assert asked(
            empty_database,
            "SELECT name FROM accounts_organization WHERE id = %s",
            alder,
        ) == [("closed clinic",)]
        second = tmp_path / "second"
        assert _files(story.keys_of_before / str(alder)) != []
        assert _files(second / "keys" / str(alder)) == []
        sound = [path.relative_to(second) for path in _files(second / "recordings")]
        assert [path for path in sound if str(alder) in str(path)] == []
        assert len(sound) == len(_files(story.backup / "objects")) - 1
        # The other clinic and the other member are whole.
        assert rows_of(empty_database, story.birch) == story.before
        assert person(empty_database, story.birch.people[Role.OWNER].pk) == other
        assert asked(
            empty_database,
            "SELECT is_active, full_name, email FROM accounts_user WHERE id = %s",
            story.member.pk,
        ) == [(False, "", f"{story.member.pk.hex}@erased.invalid")]
        assert asked(
            empty_database,
            "SELECT count(*) FROM account_sessions_loginsession "
            "WHERE user_id = %s AND (device <> '' OR address <> %s)",
            story.member.pk,
            NOWHERE,
        ) == [(0,)]
        # The closing stands: the clock finishes it, and billing goes in its time.
        ((step, until),) = asked(
            empty_database,
            "SELECT step, billing_kept_until FROM closing_closing "
            "WHERE organization_id = %s",
            alder,
        )
        assert (step, until) == ("people_let_go", closing.billing_kept_until)

    def test_is_finished_once_and_may_be_replayed_again(
        self, story: Story, three, erase_member, back
    ):
        three.move(hours=1)
        erase_member()
        close_whole(story.alder, three)
        _anchor(three.at)
        count = len(listed())
        said = back()
        (first,) = re.findall(r"(\d+) things had come back", said)
        assert int(first) >= 1 + 1 + 6

        said = back("--replay-only")

        assert f"{count} erasures replayed, 0 things had come back" in said, said
        assert "The database is open." in said


class TestClosingThatIsHalfDone:
    def test_loses_its_rows_again_and_keeps_its_keys(
        self, story: Story, three, back, empty_database: str, tmp_path: Path
    ):
        closing = ask(story.alder, at=three.at)
        three.at = closing.grace_ends_at
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(
                "compliance.closing.services.advance.waits_for_copies", lambda: True
            )
            tick(story.alder)
        assert read(story.alder).step == Closing.Step.ERASED
        _anchor(three.at)

        said = back()

        assert "The database is open." in said, said
        assert CANARY not in said
        left = tables_with(
            "Home directory", ",owner@alder.example,", url=empty_database
        )
        assert list(left.values()) == [[], ["accounts_user"]]
        alder = story.alder.clinic.organization.id
        assert (tmp_path / "second" / "keys" / str(alder)).exists()
        assert asked(
            empty_database,
            "SELECT step FROM closing_closing WHERE organization_id = %s",
            alder,
        ) == [("erased",)]
        birch = story.birch.clinic.organization.id
        assert whose_counts(empty_database) == [(birch, 11), (None, 11)]
        assert asked(
            empty_database,
            "SELECT count(*) FROM accounts_membership "
            "WHERE organization_id = %s AND ended_at IS NULL",
            alder,
        ) == [(0,)]


class TestWhatStoodOtherwise:
    """At the backup the clinic's first question stood, and one owner was alone."""

    def test_is_as_it_became(
        self, story: Story, three, signed_in, back, empty_database: str
    ):
        alder, birch = story.alder, story.birch
        first = ask(alder, at=three.at)
        with tenancy.scope(birch.clinic.organization.id):
            owners = Membership.objects.filter(role=Role.OWNER)
            owners.exclude(user=birch.people[Role.OWNER]).update(role=Role.VIEWER)
        _anchor(three.at)
        story.backup = story.place.back_up(three.at + timedelta(minutes=20)).folder
        three.move(hours=1)
        with tenancy.scope(alder.clinic.organization.id):
            keep_account(actor=owner_of(alder, at=three.at), now=three.at)
        with tenancy.scope(birch.clinic.organization.id):
            heir = Membership.objects.filter(user=birch.people[Role.ADMINISTRATOR])
            assert heir.update(role=Role.OWNER) == 1
        leaver = birch.people[Role.OWNER]
        signed_in(leaver).post("/preferences/privacy/erase/", {"email": leaver.email})
        second = close_whole(alder, three)
        assert (second.pk != first.pk, second.step) == (True, Closing.Step.CLOSED)
        _anchor(three.at)

        said = back()

        assert "The database is open." in said, said
        assert asked(
            empty_database,
            "SELECT id, step FROM closing_closing WHERE organization_id = %s "
            "ORDER BY asked_at",
            alder.clinic.organization.id,
        ) == [(first.pk, "undone"), (second.pk, "people_let_go")]
        words = (leaver.full_name, f",{leaver.email},")
        assert list(tables_with(*words, url=empty_database).values()) == [[], []]
        assert asked(
            empty_database,
            "SELECT count(*) FROM accounts_membership "
            "WHERE user_id = %s AND ended_at IS NULL",
            leaver.pk,
        ) == [(0,)]


class TestDrill:
    def test_erases_them_again_in_its_own_place_alone(
        self, story: Story, three, erase_member, monkeypatch, settings
    ):
        monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "sondervoice.settings.dev")
        settings.DATA_DIR = story.place.folder
        three.move(hours=1)
        erase_member()
        close_whole(story.alder, three)
        _anchor(three.at)
        birch = story.birch.clinic.organization.id
        before = sorted((story.place.folder / "keys" / str(birch)).iterdir())

        found = run_drill(
            shelf=story.place.shelf, verifier=signer().verifier, now=three.at
        )

        assert found.failure == ""
        assert found.batches == len(listed())
        assert found.erased >= 1 + 1 + 6
        assert found.without_key > 0
        assert sorted((story.place.folder / "keys" / str(birch)).iterdir()) == before


class TestList:
    def test_says_ids_and_dates_alone(self, story: Story, three, erase_member):
        three.move(hours=1)
        erase_member()
        close_whole(story.alder, three)

        for path in (story.place.folder / "erasures").rglob("*.txt"):
            text = path.read_text()
            for canary in (*story.canaries(), "Alder", "Birch"):
                assert canary.strip(",") not in text

    def test_of_a_closing_is_dropped_like_the_others(
        self, story: Story, three, erase_member, settings
    ):
        erase_member()
        settings.BACKUP_DIR = ""
        clock_of_backups()
        three.at = THREE + timedelta(days=102)

        clock_of_backups()

        assert listed() == []


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _empty(url: str) -> None:
    schemas = asked(
        url,
        "SELECT nspname::text FROM pg_namespace "
        "WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'",
    )
    with psycopg.connect(url, autocommit=True) as owner:
        for (name,) in schemas:
            owner.execute(
                sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name))
            )
        owner.execute("CREATE SCHEMA public")
