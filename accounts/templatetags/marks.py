"""Icons for the pages, drawn into them: the policy lets nothing be fetched."""

from django import template
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

register = template.Library()


@register.simple_tag
def icon(name: str, *, large: bool = False) -> SafeString:
    """Return a Lucide icon that screen readers pass over; words stand beside it."""
    look = "icon large" if large else "icon"
    # `name` comes from our own templates and tables, never from a reader.
    drawn = lucide(name, size=None, aria_hidden="true", **{"class": look})
    return SafeString(drawn)
