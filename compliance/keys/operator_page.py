"""The same for operators, over all clinics; only counts, and nothing to press."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_GET

from accounts.operators.site import operator_site, operators_alone
from compliance.keys.selectors import count_keys, find_root_key


@require_GET
def encryption(request: HttpRequest) -> HttpResponse:
    """Show who holds the root key, since when, and how many keys it wraps."""
    context = {
        **operator_site.each_context(request),
        "title": "Encryption",
        "root": find_root_key(),
        "counts": count_keys(None),
    }
    return TemplateResponse(request, "operators/encryption.html", context)


operator_site.further = [
    *operator_site.further,
    path("encryption/", operators_alone(encryption), name="encryption"),
]
