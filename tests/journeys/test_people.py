"""Coming in, as a person does it: forms, letters, links."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.entitlements import Plan
from accounts.joining.models import Invitation
from accounts.models import (
    Agency,
    AgencyMembership,
    CustomRole,
    Membership,
    Organization,
)
from accounts.sso.models import SsoConnection
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from telephony.models import Location
from tests.cast import NOW, Cast
from tests.integration.accounts.joining.letters import link_in_last_letter
from tests.journeys.looks import look

pytestmark = pytest.mark.browser

SETTINGS, WORDS = "/app/settings/", "three words are good"
PAGES = {
    "people": f"{SETTINGS}people/",
    "invite": f"{SETTINGS}people/invite/",
    "invited calls": f"{SETTINGS}people/invitations/{{invitation}}/calls/",
    "directory": f"{SETTINGS}single-sign-on/",
    "group calls": f"{SETTINGS}single-sign-on/directory/calls/1/",
    "member": f"{SETTINGS}people/{{member}}/",
    "let go": f"{SETTINGS}people/{{member}}/let-go/",
    "leave": f"{SETTINGS}people/leave/",
    "roles": f"{SETTINGS}roles/",
    "role": f"{SETTINGS}roles/{{role}}/",
    "retire": f"{SETTINGS}roles/{{role}}/retire/",
    "matrix": f"{SETTINGS}roles/matrix/",
    "clinic": f"{SETTINGS}clinic/",
    "end agency": f"{SETTINGS}clinic/end-agency/",
    "plan": f"{SETTINGS}plan/",
    "agency": "/accounts/agency/",
    "new clinic": "/accounts/agency/{agency}/new-clinic/",
    "sign up": "/accounts/sign-up/",
    "sent": "/accounts/sign-up/sent/",
    "done": "/accounts/sign-up/done/",
    "joined": "/accounts/invitations/done/",
    "close": "/accounts/close/",
    "mailbox": "/accounts/demo/mail/",
}


def _name_place(cast: Cast) -> str:
    clinic = cast.alder.organization
    with tenancy.scope(clinic.id):
        place = Location.objects.create(
            organization=clinic, name="Annex", created_at=NOW
        )
    return str(place.pk)


def _invite(cast: Cast, place: str) -> str:
    """Invite Gil to see the calls of a place; return the invitation's id."""
    clinic, now = cast.alder.organization, utc_now()
    row = Invitation.objects.create(
        organization=clinic,
        email="gil@alder-clinic.example",
        role="receptionist",
        invited_by=cast.ada,
        limited_to=[place],
        created_at=now,
        expires_at=now + timedelta(days=7),
    )
    return str(row.pk)


def _connect(cast: Cast, place: str) -> None:
    """Give the clinic a directory, one group of which sees the calls of a place."""
    SsoConnection.objects.create(
        organization=cast.alder.organization,
        kind="oidc",
        label="Okta",
        issuer="https://alder-clinic.okta.example",
        client_id="client",
        role_map=[["annex-front-desk", "receptionist"], ["doctors", "clinician"]],
        limits_by_group={"annex-front-desk": [place]},
        default_role="viewer",
        default_limited_to=[],
        created_at=NOW,
    )


@pytest.fixture
def ids(cast: Cast) -> dict[str, str]:
    """An agency that Ada administers, a place, a role of Alder's own, and Ben.

    Gil is invited, and there is a directory.
    """
    clinic = cast.alder.organization
    place = _name_place(cast)
    agency = Agency.objects.create(name="Lakeside Practice Support")
    with signing_in():
        AgencyMembership.objects.create(agency=agency, user=cast.ada, created_at=NOW)
    with tenancy.scope(clinic.id):
        Organization.objects.update(agency=agency, plan=Plan.ENTERPRISE)
        invitation = _invite(cast, place)
        _connect(cast, place)
        role = CustomRole.objects.create(
            organization=clinic,
            name="Night desk",
            permissions=["calls.view", "messages.view"],
            created_at=NOW,
        )
        member = Membership.objects.get(user=cast.ben)
    return {
        "agency": str(agency.id),
        "role": str(role.id),
        "member": str(member.id),
        "invitation": invitation,
    }


class TestAccess:
    def test_has_no_violation_and_no_overflow(
        self, adas_page: Page, ids: dict[str, str]
    ):
        found = {}

        for name, address in PAGES.items():
            adas_page.goto(address.format(**ids))
            found[name] = look(adas_page, f"people-{name}")

        assert found == {name: [] for name in PAGES}


class TestStripOfPages:
    @pytest.mark.parametrize("name", ["People", "Keys", "Plan"])
    def test_shows_the_chosen_one_on_a_phone(self, adas_page: Page, name: str):
        adas_page.set_viewport_size({"width": 390, "height": 900})
        addresses = {"People": "people", "Keys": "keys", "Plan": "plan"}

        adas_page.goto(f"{SETTINGS}{addresses[name]}/")

        strip = adas_page.get_by_role("navigation", name="Settings")
        tab = strip.get_by_role("link", name=name, exact=True)
        expect(tab).to_be_in_viewport(ratio=0.95)


class TestComingIn:
    def test_goes_from_the_form_over_the_letter_to_the_sign_in_page(
        self, cast: Cast, page: Page
    ):
        page.goto("/accounts/login/")
        page.get_by_role("link", name="Open a clinic").click()
        page.get_by_label("Clinic").fill("Fern Dental")
        page.get_by_label("Country").select_option("United States")
        page.get_by_label("State or province").select_option("California")
        page.get_by_label("Time zone").fill("America/Los_Angeles")
        page.get_by_label("United States", exact=True).check()
        page.get_by_label("Your name").fill("Fay Fern")
        page.get_by_label("E-mail").fill("fay@fern.example")
        page.get_by_label("Password").fill(WORDS)
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()

        page.goto(link_in_last_letter())
        page.get_by_role("button", name="Open the clinic").click()

        expect(page.get_by_role("heading", name="Your clinic is open")).to_be_visible()
        page.get_by_role("link", name="Sign in").click()
        page.get_by_label("E-mail").fill("fay@fern.example")
        page.get_by_label("Password").fill(WORDS)

    def test_of_an_invited_person_ends_with_their_own_password(
        self, cast: Cast, adas_page: Page, browser: Browser, live_server
    ):
        _name_place(cast)
        adas_page.goto(f"{SETTINGS}people/")
        adas_page.get_by_role("link", name="Invite a person").click()
        adas_page.get_by_label("E-mail").fill("gil@alder-clinic.example")
        adas_page.get_by_label("Role").select_option("Receptionist")
        adas_page.get_by_label("Only those of").check()
        adas_page.get_by_label("Annex").check()
        adas_page.get_by_role("button", name="Send the invitation").click()
        expect(adas_page.get_by_text("Invitation sent.")).to_be_visible()
        expect(adas_page.get_by_text("Sees some calls")).to_be_visible()

        guests = browser.new_context(base_url=live_server.url)
        guest = guests.new_page()
        guest.goto(link_in_last_letter())
        guest.get_by_label("Your name").fill("Gil Grant")
        guest.get_by_label("Password").fill(WORDS)
        guest.get_by_role("button", name="Join the clinic").click()
        expect(guest.get_by_role("heading", name="You have joined")).to_be_visible()
        guests.close()

        adas_page.reload()
        row = adas_page.get_by_role("row", name="Gil Grant")
        expect(row.get_by_text("Receptionist")).to_be_visible()
