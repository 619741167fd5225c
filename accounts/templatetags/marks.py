"""Icons for the pages, drawn into them: the policy lets nothing be fetched."""

from functools import cache

from django import template
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

register = template.Library()


@register.simple_tag
def icon(name: str, *, large: bool = False) -> SafeString:
    """Return a Lucide icon that screen readers pass over; words stand beside it."""
    return _drawn(name, "icon large" if large else "icon")


# Drawn anew, icons were a sixth of a page's time. There are few: `name` comes from our
# own templates and tables, never from a reader.
@cache
def _drawn(name: str, look: str) -> SafeString:
    drawn = lucide(name, size=None, aria_hidden="true", **{"class": look})
    return SafeString(drawn)
