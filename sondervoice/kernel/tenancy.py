"""One clinic at a time: the scope that every tenant row is asked within.

A scope is a short transaction with the organization's id in two places that must agree:
here, where `TenantModel.objects` looks, and in the database, where row level security
looks. Outside a scope both show nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ClassVar, Self, TypeVar
from uuid import UUID

from django.db import connection, models, transaction

from sondervoice.kernel.ids import uuid7

SETTING = "app.organization_id"

_open_organization: ContextVar[UUID | None] = ContextVar("organization", default=None)


class TenantScopeMissingError(RuntimeError):
    """A tenant's row was asked for outside any tenant's scope."""


class TenantSwitchError(RuntimeError):
    """One tenant's scope was opened inside another's."""


def open_organization_id() -> UUID | None:
    """Return the organization of the open scope, or None."""
    return _open_organization.get()


def set_local(name: str, value: str) -> None:
    """Set a database setting for the open transaction alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


@contextmanager
def scope(organization_id: UUID) -> Iterator[None]:
    """Open one transaction in which only this organization's rows exist.

    Entering the same scope again is harmless; it joins the open transaction.

    Raises:
        TenantSwitchError: If another organization's scope is open.
    """
    already = _open_organization.get()
    if already is not None and already != organization_id:
        raise TenantSwitchError
    is_inner = connection.in_atomic_block
    with transaction.atomic():
        set_local(SETTING, str(organization_id))
        token = _open_organization.set(organization_id)
        try:
            yield
        finally:
            _open_organization.reset(token)
        if is_inner:
            # SET LOCAL outlives a released savepoint: an outer transaction must not go
            # on with this organization's rows in sight. (A rollback undoes it itself.)
            set_local(SETTING, str(already or ""))


Model = TypeVar("Model", bound=models.Model)


class TenantManager(models.Manager[Model]):
    """Asks within the open scope and refuses outside one."""

    def get_queryset(self) -> models.QuerySet[Model]:
        """Return the rows of the open scope.

        Raises:
            TenantScopeMissingError: If no scope is open.
        """
        organization_id = _open_organization.get()
        if organization_id is None:
            raise TenantScopeMissingError(self.model.__name__)
        return super().get_queryset().filter(organization_id=organization_id)


class TenantModel(models.Model):
    """A row that belongs to one organization and is seen only in its scope."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[TenantManager[Self]] = TenantManager()
    unscoped: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        """The unscoped manager serves Django's own checks of related rows."""

        abstract = True
        base_manager_name = "unscoped"
        default_manager_name = "objects"
