"""What each list of the operators' pages shares: looked at, never written here."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin

from accounts.models import User
from accounts.operators.door import reading_for
from accounts.operators.errors import OperatorThingNotFoundError
from accounts.operators.reading import rows_of
from accounts.operators.site import operators_alone
from accounts.operators.tokens import Purpose


class OperatorPage(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """A list and a sheet of one model, both read only and both read once.

    Changes are forms of their own, each with its service.

    Attributes:
        purpose: What the record says that was read.
        related: References that are shown, read with their row.
        acts_template: The forms that belong to the sheet.
        acts_first: They stand above it: what is to be done comes before the details.
    """

    purpose: ClassVar[Purpose]
    related: ClassVar[Sequence[str]] = ()
    acts_template: ClassVar[str | None] = None
    acts_first: ClassVar[bool] = False
    change_form_template = "operators/sheet.html"
    actions = None
    list_per_page = 50
    compressed_fields = False

    def get_urls(self) -> list[URLPattern]:
        """Return the list and the sheet; nothing is added or deleted here."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("", operators_alone(self.changelist_view), name=f"{name}_changelist"),
            path(
                "<uuid:object_id>/",
                operators_alone(self.sheet),
                name=f"{name}_change",
            ),
        ]

    @property
    def change_form_outer_before_template(self) -> str | None:
        """Return the forms above the sheet, as unfold calls them."""
        return self.acts_template if self.acts_first else None

    @property
    def change_form_outer_after_template(self) -> str | None:
        """Return the forms below the sheet."""
        return None if self.acts_first else self.acts_template

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list."""
        with reading_for(request, self.purpose):
            return _drawn(super().changelist_view(request, extra_context))

    def sheet(self, request: HttpRequest, object_id: object) -> HttpResponse:
        """Show one row and what may be done about it.

        Raises:
            OperatorThingNotFoundError: If there is no such row.
        """
        with reading_for(request, self.purpose):
            found = self.get_object(request, str(object_id))
            if found is None:
                raise OperatorThingNotFoundError
            acts = self.acts(request, found)
            return _drawn(self.change_view(request, str(object_id), extra_context=acts))

    def acts(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Return what the forms below the sheet need."""
        return {}

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Return the rows of all clinics."""
        found = rows_of(self.model)
        for name in self.related:
            found = found.select_related(name)
            field = self.model._meta.get_field(name)
            if field.related_model is User:
                found = found.defer(f"{name}__password")
        return found

    def get_readonly_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> Sequence[str]:
        """Return all that is shown."""
        return tuple(self.fields or ())

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return True: the gate has let them in."""
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False."""
        return False

    def lookup_allowed(
        self, lookup: str, value: str, request: HttpRequest | None = None
    ) -> bool:
        """Return whether the filters offer it: an address is not guessed at by them."""
        return lookup.partition("__")[0] in self.list_filter

    def log_addition(self, *args: Any, **kwargs: Any) -> None:
        """Keep nothing: Django's log holds what things are called."""

    def log_change(self, *args: Any, **kwargs: Any) -> None:
        """Keep nothing."""

    def log_deletions(self, *args: Any, **kwargs: Any) -> None:
        """Keep nothing."""


def _drawn(response: HttpResponse) -> HttpResponse:
    """Return the answer drawn, since the door to its rows is about to shut."""
    if isinstance(response, TemplateResponse):
        response.render()
    return response


def mask_email(email: str) -> str:
    """Return an address whose name is hidden but for its first letter."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}"
