from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from accounts.sso import dns_proof
from accounts.sso.dns_proof import Proof, look_up
from accounts.sso.models import SsoConnection, SsoDomain
from accounts.sso.selectors.set_up import list_due_domains
from accounts.sso.services.check_domain import check_domain
from accounts.sso.tasks import check_sso_domains
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import NOW, Cast
from tests.fakes.directory.dns import DnsServer
from tests.integration.accounts.sso.conftest import deliver_letters, prove

DOMAIN = "alder-clinic.example"
DAY = timedelta(days=1)


@pytest.fixture
def domain(cast: Cast) -> SsoDomain:
    return prove(cast.alder, DOMAIN)


def check(cast: Cast, domain: SsoDomain, found: Proof, *, days: int) -> SsoDomain:
    with tenancy.scope(cast.alder.organization.id):
        check_domain(domain_id=domain.id, found=found, now=NOW + days * DAY)
        return SsoDomain.objects.get(pk=domain.id)


def actions(cast: Cast) -> list[str]:
    with tenancy.scope(cast.alder.organization.id):
        rows = AuditLog.objects.order_by("at", "id")
        return list(rows.values_list("action", flat=True))


class TestProof:
    @pytest.mark.parametrize(
        ("texts", "found"),
        [
            (["sondervoice-verification=abc"], Proof.THERE),
            (["other", "sondervoice-verification=abc"], Proof.THERE),
            (["sondervoice-verification=abcd"], Proof.MISSING),
            ([" sondervoice-verification=abc"], Proof.MISSING),
            ([], Proof.MISSING),
        ],
    )
    def test_is_the_very_text_of_one_record(self, resolver: DnsServer, texts, found):
        resolver.records[f"_sondervoice.{DOMAIN}"] = texts

        assert look_up(DOMAIN, "abc") is found

    def test_is_missing_where_there_is_no_name(self, resolver: DnsServer):
        assert look_up(DOMAIN, "abc") is Proof.MISSING

    def test_is_open_while_nobody_answers(self, resolver: DnsServer, monkeypatch):
        monkeypatch.setattr(dns_proof, "WAIT_S", 0.1)
        resolver.is_silent = True

        assert look_up(DOMAIN, "abc") is Proof.NO_ANSWER


class TestCheck:
    def test_tells_the_owners_once_that_a_record_is_missed(
        self, cast: Cast, domain: SsoDomain
    ):
        check(cast, domain, Proof.MISSING, days=7)
        after = check(cast, domain, Proof.MISSING, days=8)

        deliver_letters(cast.alder)
        assert after.proved_at is not None
        assert after.lost_at == NOW + 7 * DAY
        assert [letter.to for letter in mail.outbox] == [[cast.ada.email]]
        assert mail.outbox[0].subject == f"The proof of {DOMAIN} is gone"
        assert actions(cast) == ["accounts.sso.domain_missed"]

    def test_closes_the_domain_after_a_week(self, cast: Cast, alders: SsoConnection):
        with tenancy.scope(cast.alder.organization.id):
            domain = SsoDomain.objects.get()
        check(cast, domain, Proof.MISSING, days=7)
        still = check(cast, domain, Proof.MISSING, days=13)
        gone = check(cast, domain, Proof.MISSING, days=14)

        answer = Client().post("/sso/", {"email": f"nora@{DOMAIN}"})

        assert still.proved_at is not None
        assert (gone.proved_at, gone.lost_at) == (None, None)
        assert answer.status_code == 200
        assert actions(cast)[-1] == "accounts.sso.domain_closed"

    def test_forgives_once_the_record_is_back(self, cast: Cast, domain: SsoDomain):
        check(cast, domain, Proof.MISSING, days=7)

        after = check(cast, domain, Proof.THERE, days=8)

        assert after.lost_at is None
        deliver_letters(cast.alder)
        assert mail.outbox == []

    def test_changes_nothing_without_an_answer(self, cast: Cast, domain: SsoDomain):
        after = check(cast, domain, Proof.NO_ANSWER, days=30)

        assert (after.checked_at, after.lost_at) == (NOW, None)
        assert actions(cast) == []


class TestDue:
    def test_is_each_week_and_each_day_while_missed(
        self, cast: Cast, domain: SsoDomain
    ):
        def due(*, days: int) -> int:
            now = NOW + days * DAY
            with tenancy.scope(cast.alder.organization.id):
                return len(list_due_domains(weekly=now - 7 * DAY, daily=now - DAY))

        weekly = [due(days=6), due(days=8)]
        check(cast, domain, Proof.MISSING, days=8)
        daily = [due(days=8), due(days=10)]

        assert (weekly, daily) == ([0, 1], [0, 1])

    def test_is_looked_up_by_the_clock_in_each_clinic(
        self, cast: Cast, domain: SsoDomain, resolver: DnsServer
    ):
        proof = f"sondervoice-verification={domain.token}"
        resolver.records[f"_sondervoice.{DOMAIN}"] = [proof]
        long_ago = utc_now() - 30 * DAY
        with tenancy.scope(cast.alder.organization.id):
            SsoDomain.objects.update(checked_at=long_ago)

        check_sso_domains()

        with tenancy.scope(cast.alder.organization.id):
            assert SsoDomain.objects.get().checked_at > long_ago
