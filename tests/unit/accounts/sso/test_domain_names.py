import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.sso.domain_names import PUBLIC_MAIL, read_domain, record_name
from accounts.sso.errors import SsoDomainRefusedError


class TestReadDomain:
    @pytest.mark.parametrize(
        ("written", "domain"),
        [
            ("Alder-Clinic.example", "alder-clinic.example"),
            (" alder-clinic.example. ", "alder-clinic.example"),
            ("ada@alder-clinic.example", "alder-clinic.example"),
            ("zahnärzte.example", "xn--zahnrzte-3za.example"),
        ],
    )
    def test_is_as_addresses_have_it(self, written: str, domain: str):
        assert read_domain(written) == domain

    @pytest.mark.parametrize("domain", sorted(PUBLIC_MAIL))
    def test_refuses_where_everybody_has_an_address(self, domain: str):
        with pytest.raises(SsoDomainRefusedError):
            read_domain(domain.upper())

    @pytest.mark.parametrize(
        "written",
        ["", "localhost", "10.0.0.1", "a..example", "-a.example", "a_b.example", "a.1"],
    )
    def test_refuses_what_is_none(self, written: str):
        with pytest.raises(SsoDomainRefusedError):
            read_domain(written)

    @given(st.text(max_size=40))
    def test_makes_a_name_that_the_dns_can_ask_for_or_refuses(self, written: str):
        try:
            domain = read_domain(written)
        except SsoDomainRefusedError:
            return

        assert record_name(domain).isascii()
        assert read_domain(domain) == domain
