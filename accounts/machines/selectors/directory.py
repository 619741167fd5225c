"""Whether a clinic's directory leaves room for tokens."""

from dataclasses import replace

from accounts.actors import Actor, Ask
from accounts.models import Organization
from accounts.sso.enforcement import hold_to_directory


def must_use_directory(actor: Actor, *, organization: Organization) -> bool:
    """Return whether the open clinic counts no token of this person.

    Tokens begin with a password. What is left to an owner then is the set-up of the
    directory, which is for a browser.
    """
    bare = replace(actor, asks_for=None)
    held = hold_to_directory(bare, organization=organization, came_by=None)
    return held.asks_for is Ask.USE_SSO
