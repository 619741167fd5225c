import copy
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from lxml import etree

from accounts.models import Membership, User
from accounts.sso.models import SamlRequest, SsoConnection
from accounts.sso.services.ask_saml import forget_old_requests
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import Cast
from tests.fakes.directory.oidc import OidcProvider
from tests.fakes.directory.saml import (
    ISSUER,
    NAMES,
    SSO_URL,
    Said,
    assertion,
    certificate,
    encode,
    read_question,
    respond,
    sign,
)
from tests.integration.accounts.sso.browser import leave
from tests.integration.accounts.sso.conftest import make_connection, prove

EVIL = "ada-the-owner"


@pytest.fixture
def saml(cast: Cast, directory: OidcProvider) -> SsoConnection:
    prove(cast.alder, "alder-clinic.example")
    return make_connection(
        cast.alder,
        directory,
        kind="saml",
        issuer=ISSUER,
        client_id="",
        sealed_secret=None,
        sso_url=SSO_URL,
        certificates=[certificate()],
    )


def deliver(said: Said, xml: str | bytes) -> HttpResponse:
    """Let the form of the directory's page arrive, without a cookie."""
    return Client(enforce_csrf_checks=True).post(
        urlsplit(said.acs).path, {"SAMLResponse": encode(xml)}
    )


def counts(cast: Cast) -> tuple[int, int]:
    with signing_in():
        people = User.objects.count()
    with tenancy.scope(cast.alder.organization.id):
        return people, Membership.objects.count()


def refused(cast: Cast, said: Said, xml: str | bytes) -> str:
    """Deliver it; see that nothing is kept or changed; return what the row says."""
    before = counts(cast)

    answer = deliver(said, xml)

    assert answer.status_code == 403
    assert counts(cast) == before
    assert not any(
        "_auth_user_id" in one.get_decoded() for one in Session.objects.all()
    )
    with tenancy.scope(cast.alder.organization.id):
        assert SamlRequest.objects.get().answered_at is None
        (row,) = AuditLog.objects.all()
    assert row.action == "accounts.sso.refused"
    (about,) = row.fields
    return about


def asked(saml: SsoConnection, client: Client | None = None) -> Said:
    return read_question(leave(client or Client(), str(saml.id)))


class TestSaml:
    def test_lets_somebody_new_in(self, cast: Cast, saml: SsoConnection):
        client = Client()
        said = read_question(leave(client, str(saml.id), next="/app/calls/"))

        answer = deliver(said, respond(said, sign(assertion(said))))
        done = client.get(answer.headers["Location"])

        assert (answer.status_code, answer.headers["Location"]) == (
            303,
            "/sso/saml/finish/",
        )
        assert done.headers["Location"] == "/app/calls/"
        assert client.get("/app/calls/").status_code == 200
        with signing_in():
            nora = User.objects.get(email="nora@alder-clinic.example")
        assert nora.full_name == "Nora Lind"
        with tenancy.scope(cast.alder.organization.id):
            kept = SamlRequest.objects.get()
        assert kept.fetched_at is not None
        assert kept.sealed_claims is None

    def test_reads_role_and_second_factor(self, cast: Cast, saml: SsoConnection):
        with tenancy.scope(cast.alder.organization.id):
            saml.role_map, saml.trusts_second_factor = [["desk", "receptionist"]], True
            saml.save()
        client = Client()
        said = asked(saml, client)
        said.attributes["groups"] = ["others", "desk"]
        said.context = "https://refeds.org/profile/mfa"

        deliver(said, respond(said, sign(assertion(said))))
        client.get("/sso/saml/finish/")

        assert "second_factor_vouched_at" in client.session
        with tenancy.scope(cast.alder.organization.id):
            assert Membership.objects.filter(role="receptionist").count() == 2

    def test_takes_a_token_alone_for_no_second_factor(
        self, cast: Cast, saml: SsoConnection
    ):
        with tenancy.scope(cast.alder.organization.id):
            saml.trusts_second_factor = True
            saml.save()
        client = Client()
        said = asked(saml, client)
        said.context = "urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken"

        deliver(said, respond(said, sign(assertion(said))))
        client.get("/sso/saml/finish/")

        assert "second_factor_vouched_at" not in client.session

    def test_answers_the_browser_that_asked_alone(
        self, cast: Cast, saml: SsoConnection
    ):
        said = asked(saml)
        deliver(said, respond(said, sign(assertion(said))))
        other = Client()
        asked(saml, other)

        answer = other.get("/sso/saml/finish/")

        assert answer.status_code == 403
        assert "_auth_user_id" not in other.session

    def test_answer_counts_once(self, cast: Cast, saml: SsoConnection):
        client = Client()
        said = asked(saml, client)
        xml = respond(said, sign(assertion(said)))
        deliver(said, xml)

        again = deliver(said, xml)

        assert again.status_code == 403
        with tenancy.scope(cast.alder.organization.id):
            (row,) = AuditLog.objects.all()
        assert row.fields == ["replay"]

    def test_assertion_answers_no_second_question(
        self, cast: Cast, saml: SsoConnection
    ):
        first, second = asked(saml), asked(saml)
        deliver(first, respond(first, sign(assertion(first))))

        answer = deliver(second, respond(second, sign(assertion(second))))

        assert answer.status_code == 403
        with tenancy.scope(cast.alder.organization.id):
            assert SamlRequest.objects.filter(answered_at=None).count() == 1
            (row,) = AuditLog.objects.all()
        assert row.fields == ["replay"]

    def test_question_is_open_for_ten_minutes_and_forgotten_after_a_day(
        self, cast: Cast, saml: SsoConnection
    ):
        said = asked(saml)
        now = utc_now()
        with tenancy.scope(cast.alder.organization.id):
            SamlRequest.objects.update(expires_at=now - timedelta(seconds=1))

        answer = deliver(said, respond(said, sign(assertion(said))))
        with tenancy.scope(cast.alder.organization.id):
            forget_old_requests(before=now - timedelta(days=1))
            young = SamlRequest.objects.count()
            forget_old_requests(before=now)
            old = SamlRequest.objects.count()

        assert answer.status_code == 403
        assert (young, old) == (1, 0)

    def test_says_who_we_are(self, cast: Cast, saml: SsoConnection):
        answer = Client().get(f"/sso/saml/{saml.id}/metadata/")

        said = etree.fromstring(answer.content)
        assert answer.headers["Content-Type"] == "application/samlmetadata+xml"
        assert said.get("entityID").endswith(f"/sso/saml/{saml.id}/metadata/")
        assert b'WantAssertionsSigned="true"' in answer.content


LIES: list[tuple[str, Callable[[Said], None]]] = [
    ("audience", lambda said: setattr(said, "audience", "https://other.example")),
    ("destination", lambda said: setattr(said, "destination", "https://other.example")),
    ("destination", lambda said: setattr(said, "destination", said.acs + "more/")),
    ("confirmation", lambda said: setattr(said, "recipient", "https://other.example")),
    ("confirmation", lambda said: setattr(said, "recipient", said.acs + "more/")),
    ("expired", lambda said: setattr(said, "lasts", timedelta(minutes=-6))),
    ("confirmation", lambda said: setattr(said, "lasts", timedelta(seconds=-30))),
    ("issuer", lambda said: setattr(said, "issuer", "https://other.example")),
    ("request", lambda said: setattr(said, "in_response_to", "_" + "0" * 32)),
    ("request", lambda said: setattr(said, "in_response_to", "nothing")),
    ("attribute", lambda said: said.attributes.update(email=["a@b.example", "c@d.e"])),
]


def _tree(said: Said) -> tuple[etree._Element, etree._Element]:
    root = etree.fromstring(respond(said, sign(assertion(said))))
    return root, root.find("saml:Assertion", NAMES)


def _evil(real: etree._Element, *, keeps_signature: bool = False) -> etree._Element:
    evil = copy.deepcopy(real)
    evil.set("ID", "_evil")
    evil.find(".//saml:NameID", NAMES).text = EVIL
    if not keeps_signature:
        evil.remove(evil.find("ds:Signature", NAMES))
    return evil


def _bare(real: etree._Element) -> etree._Element:
    bare = copy.deepcopy(real)
    bare.remove(bare.find("ds:Signature", NAMES))
    return bare


def _beside(root, real):
    real.addprevious(_evil(real))


def _behind(root, real):
    root.append(_evil(real))


def _around(root, real):
    evil = _evil(real)
    root.replace(real, evil)
    evil.append(real)


def _signature_moved(root, real):
    evil = _evil(real, keeps_signature=True)
    root.replace(real, evil)
    root.append(_bare(real))


def _inside_signature(root, real):
    evil = _evil(real, keeps_signature=True)
    root.replace(real, evil)
    evil.find("ds:Signature", NAMES).append(_bare(real))


def _in_extensions(root, real):
    extensions = etree.SubElement(root, f"{{{NAMES['samlp']}}}Extensions")
    real.addprevious(extensions)
    extensions.append(_evil(real))


def _in_object(root, real):
    evil = _evil(real, keeps_signature=True)
    root.replace(real, evil)
    signature = evil.find("ds:Signature", NAMES)
    etree.SubElement(signature, f"{{{NAMES['ds']}}}Object").append(_bare(real))


def _same_id(root, real):
    evil = _evil(real)
    evil.set("ID", real.get("ID"))
    real.addprevious(evil)


def _another_response_around(root, real):
    outer = copy.deepcopy(root)
    inner = outer.find("saml:Assertion", NAMES)
    outer.replace(inner, _evil(inner))
    outer.set("ID", "_outer")
    outer.append(copy.deepcopy(root))
    root[:] = outer[:]


WRAPPED = [
    _beside,
    _behind,
    _around,
    _signature_moved,
    _inside_signature,
    _in_extensions,
    _in_object,
    _same_id,
    _another_response_around,
]


class TestAnswer:
    @pytest.mark.parametrize(("about", "lie"), LIES)
    def test_that_lies_lets_nobody_in(
        self, cast: Cast, saml: SsoConnection, about: str, lie
    ):
        said = asked(saml)
        lie(said)

        assert refused(cast, said, respond(said, sign(assertion(said)))) == about

    @pytest.mark.parametrize("wrap", WRAPPED)
    def test_that_is_wrapped_lets_nobody_in(
        self, cast: Cast, saml: SsoConnection, wrap
    ):
        said = asked(saml)
        root, real = _tree(said)
        wrap(root, real)

        assert refused(cast, said, etree.tostring(root)) in {"assertion", "signature"}

    def test_that_is_not_signed_lets_nobody_in(self, cast: Cast, saml: SsoConnection):
        said = asked(saml)

        assert refused(cast, said, respond(said, assertion(said))) == "signature"

    def test_that_is_signed_outside_alone_lets_nobody_in(
        self, cast: Cast, saml: SsoConnection
    ):
        said = asked(saml)

        xml = sign(respond(said, assertion(said)))

        assert refused(cast, said, xml) == "signature"

    def test_that_was_changed_after_signing_lets_nobody_in(
        self, cast: Cast, saml: SsoConnection
    ):
        said = asked(saml)
        xml = respond(said, sign(assertion(said))).replace("nora@", "ada@")

        assert refused(cast, said, xml) == "signature"

    def test_that_another_key_signed_lets_nobody_in(
        self, cast: Cast, saml: SsoConnection
    ):
        with tenancy.scope(cast.alder.organization.id):
            body = certificate().splitlines()
            saml.certificates = ["\n".join([body[0], "A" * 64, *body[2:]])]
            saml.save()
        said = asked(saml)

        assert refused(cast, said, respond(said, sign(assertion(said)))) == "signature"

    @pytest.mark.parametrize(
        "head",
        [
            '<!DOCTYPE r [<!ENTITY e "nora">]>',
            '<!DOCTYPE r SYSTEM "http://127.0.0.1/dtd">',
        ],
    )
    @pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
    def test_with_a_document_type_lets_nobody_in(
        self, cast: Cast, saml: SsoConnection, head: str, coding: str
    ):
        said = asked(saml)
        xml = f'<?xml version="1.0" encoding="{coding}"?>{head}' + respond(
            said, sign(assertion(said))
        )

        about = refused(cast, said, xml.encode(coding))

        assert about == ("dtd" if coding == "utf-8" else "xml")

    @pytest.mark.parametrize("xml", ["", "<a/>", "no xml", "<" * 150_000])
    def test_that_is_none_lets_nobody_in(
        self, cast: Cast, saml: SsoConnection, xml: str
    ):
        assert refused(cast, asked(saml), xml) in {"xml", "request"}

    def test_that_is_junk_is_written_once_a_minute_whoever_sends_it(
        self, cast: Cast, saml: SsoConnection
    ):
        for number in range(3):
            client = Client(REMOTE_ADDR=f"2001:db8:{number}::1")
            answer = client.post(f"/sso/saml/{saml.id}/acs/", {"SAMLResponse": "junk"})
            assert answer.status_code == 403

        with tenancy.scope(cast.alder.organization.id):
            (row,) = AuditLog.objects.all()
        assert (row.action, row.fields) == ("accounts.sso.refused", ["xml"])

    def test_to_another_clinics_connection_is_refused(
        self, cast: Cast, saml: SsoConnection, directory: OidcProvider
    ):
        prove(cast.birch, "birch-legal.example")
        birchs = make_connection(
            cast.birch,
            directory,
            kind="saml",
            issuer=ISSUER,
            sso_url=SSO_URL,
            certificates=[certificate()],
        )
        said = asked(saml)

        answer = Client().post(
            f"/sso/saml/{birchs.id}/acs/",
            {"SAMLResponse": encode(respond(said, sign(assertion(said))))},
        )

        assert answer.status_code == 403
        with tenancy.scope(cast.alder.organization.id):
            assert SamlRequest.objects.get().answered_at is None
        with tenancy.scope(cast.birch.organization.id):
            assert AuditLog.objects.get().fields == ["request"]
