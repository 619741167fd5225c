"""The other ways in, for the sign-in page."""

from typing import Any

from django import template

from accounts.sso.providers import social_providers
from accounts.way_back import way_back

register = template.Library()


@register.inclusion_tag("sso/other_ways_in.html")
def other_ways_in(wanted: str | None = "") -> dict[str, Any]:
    """Return the buttons of the providers that are set, and where to go afterwards."""
    return {"providers": social_providers(), "next": way_back(wanted)}
