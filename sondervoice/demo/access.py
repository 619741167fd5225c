"""How to get into the demo: addresses and keys, made anew each time."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.demo_sign_in import sign_in_tokens
from accounts.models import User
from accounts.services.create_api_key import create_api_key
from accounts.way_in import signing_in
from sondervoice.demo import people
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
            {"email": person.email, "role": role} for person, role in clinic.members
        ],
        "api_key": api_key,
        "telnyx_connection_id": people.CONNECTION_ID,
    }


def login_url() -> str:
    """Return a link that signs the clinic's owner in, once."""
    with signing_in():
        user = User.objects.get(email=people.ADA.email)
    parts = {
        "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
        "token": sign_in_tokens.make_token(user),
    }
    return f"{settings.PUBLIC_BASE_URL}{reverse('demo-sign-in', kwargs=parts)}"
