"""How to get into the demo: addresses and keys, made anew each time."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.demo_sign_in import sign_in_tokens
from accounts.models import User
from accounts.permissions import Role
from accounts.services.create_api_key import create_api_key
from accounts.way_in import signing_in
from sondervoice.demo import people
from sondervoice.demo.people import Person
from sondervoice.kernel import tenancy

SCOPES = ("calls:read", "appointments:read", "messages:read")


def demo_access(*, now: datetime) -> dict[str, Any]:
    """Return what a visitor or a test rig needs; the key and the link are new."""
    clinic = people.ALDER
    with tenancy.scope(clinic.id):
        api_key = create_api_key(
            organization_id=clinic.id, name="Demo", scopes=list(SCOPES), now=now
        )
    return {
        "organization": clinic.name,
        "number_e164": clinic.number_e164,
        "login_url": login_url(),
        "users": [
            {"email": person.email, "role": role, "login_url": login_url(person)}
            for person, role in _everybody()
        ],
        "api_key": api_key,
        "telnyx_connection_id": people.CONNECTION_ID,
    }


def _everybody() -> list[tuple[Person, Role]]:
    """Return one person of each role."""
    return [*people.ALDER.members, (people.JO, Role.AGENCY_ADMINISTRATOR)]


def login_url(person: Person = people.ADA) -> str:
    """Return a link that signs the person in, once."""
    with signing_in():
        user = User.objects.get(email=person.email)
    parts = {
        "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
        "token": sign_in_tokens.make_token(user),
    }
    return f"{settings.PUBLIC_BASE_URL}{reverse('demo-sign-in', kwargs=parts)}"
