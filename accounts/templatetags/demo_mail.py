"""Says, in a demo alone, where its letters are."""

from django import template
from django.conf import settings

register = template.Library()


@register.inclusion_tag("accounts/demo_mail_hint.html")
def demo_mail_hint() -> dict[str, bool]:
    """Return what the hint needs."""
    return {"is_demo": settings.IS_DEMO}
