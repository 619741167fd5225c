"""The operators' pages under `/admin/`: Django's admin with django-unfold.

Each request passes the gate, is answered at the desk, and is drawn before the desk
closes. The pages' own policy for browsers is set here alone (docs/decisions/0015).
"""

from collections.abc import Callable
from typing import Any, Final

from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_POST
from unfold.sites import UnfoldAdminSite

from accounts.models import User
from accounts.operators.counts import read_counts
from accounts.operators.desk import at_desk
from accounts.operators.door import reading_for
from accounts.operators.forms import AddressForm, AgencyForm
from accounts.operators.gate import turn_away
from accounts.operators.tokens import Purpose
from sondervoice.kernel.clock import utc_now

View = Callable[..., HttpResponse]

BECAUSE: Final = "operators alone: staff with a live grant and a second factor"
# Alpine, which unfold's menus are made of, compiles its expressions. Nothing comes from
# elsewhere and nothing is inline all the same.
POLICY: Final = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)


class OperatorSite(UnfoldAdminSite):  # type: ignore[misc]  # unfold is untyped
    """The admin without a door of its own: no login, no password, no log."""

    index_title = "Operators"
    index_template = "operators/index.html"

    def __init__(self) -> None:
        """Know no further addresses yet."""
        super().__init__(name="admin")
        self.further: list[URLPattern] = []

    def has_permission(self, request: HttpRequest) -> bool:
        """Return True: who is answered at all has passed the gate."""
        return True

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what all pages share; colours stand in a file, not in the page."""
        shared: dict[str, Any] = super().each_context(request)
        return {
            **shared,
            "colors": {},
            "styles": [static("css/operators.css")],
            "site_favicons": [{"rel": "icon", "href": static("img/mark.svg")}],
            "is_nav_sidebar_enabled": True,
        }

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show how many there are of what, and the form that finds a person."""
        with reading_for(request, Purpose.OVERVIEW):
            counts = read_counts(now=utc_now())
        context = {
            "counts": counts,
            "form": AddressForm(),
            "agency_form": AgencyForm(auto_id="agency_%s"),
            **(extra_context or {}),
        }
        answer: TemplateResponse = super().index(request, context)
        return answer

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # noqa: FBT001, FBT002 -- Django's signature
        """Return the view behind the gate."""
        return operators_alone(view)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return the addresses we know, and no other of Django's."""
        return [
            path("", operators_alone(self.index), name="index"),
            path("logout/", operators_alone(sign_out), name="logout"),
            path("search/", operators_alone(self.search), name="search"),
            path("jsi18n/", operators_alone(self.i18n_javascript), name="jsi18n"),
            # Where unfold's trail of links leads; we have one list of all pages.
            path("apps/<slug:app_label>/", operators_alone(to_start), name="app_list"),
            *self.further,
            *(
                path(f"{model._meta.model_name}/", include(page.urls))
                for model, page in self._registry.items()
            ),
        ]


def operators_alone(view: View) -> View:
    """Return the view for operators: others are turned away before it."""

    def guarded(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            away = turn_away(request)
            assert away is not None  # noqa: S101 -- nobody is no operator
            return away
        with at_desk(user.pk):
            response = turn_away(request) or _drawn(view(request, *args, **kwargs))
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response

    guarded.public_because = BECAUSE  # type: ignore[attr-defined]
    return guarded


def _drawn(response: HttpResponse) -> HttpResponse:
    """Return the answer drawn: its rows can be read at the desk alone."""
    if isinstance(response, TemplateResponse):
        response.render()
    response.headers["Content-Security-Policy"] = POLICY
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("account_login")


def to_start(request: HttpRequest, app_label: str) -> HttpResponse:
    """Go to the overview."""
    return redirect("admin:index")


operator_site = OperatorSite()
