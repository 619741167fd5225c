"""A browser that goes to a directory and comes back."""

from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client

from accounts.sso.models import SsoConnection
from tests.fakes.directory.oidc import OidcProvider


def leave(client: Client, road: str, **query: str) -> str:
    """Set out on a road; return the provider's address where the browser arrives."""
    answer = client.post(f"/sso/begin/{road}/", query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.headers["Refresh"].removeprefix("0; url=")


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def come_back(client: Client, directory: OidcProvider, away: str) -> HttpResponse:
    """Be sent back by the provider's own page."""
    return client.get(path_of(directory.authorize(away)))


def travel(
    client: Client, directory: OidcProvider, connection: SsoConnection, **query: str
) -> HttpResponse:
    return come_back(client, directory, leave(client, str(connection.id), **query))
