"""Times for the margin: how long ago, as long as that says more than the day."""

from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime

register = template.Library()


@register.filter
def ago(at: datetime, now: datetime) -> str:
    """Return ``50 min`` or ``3 h`` on the day itself, else the day: ``24 Nov``."""
    if localtime(at).date() != localtime(now).date():
        return date_format(localtime(at), "j M")
    minutes = max(int((now - at).total_seconds()) // 60, 0)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
