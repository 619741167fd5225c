"""Rows that somebody deleted: out of sight at once, gone when they cannot come back.

`objects` shows what is not deleted, so that a new query cannot forget it. What must see
deleted rows too (clocks, holds, the bin) says `with_deleted`; an architecture test has
the list of files that may. A join follows no manager: who filters by a relation to a
deletable row asks for its `deleted_at` as well.
"""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from sondervoice.kernel.tenancy import TenantManager, TenantModel

RESTORABLE_FOR: Final = timedelta(days=30)

Model = TypeVar("Model", bound=models.Model)


class VisibleManager(TenantManager[Model]):
    """Shows rows of the open scope that are not deleted, nor part of one that is."""

    def get_queryset(self) -> QuerySet[Model]:
        """Return them.

        Raises:
            TenantScopeMissingError: If no scope is open.
        """
        rows = super().get_queryset()
        if issubclass(self.model, DeletableModel):
            rows = rows.filter(deleted_at=None)
        whole: str = getattr(self.model, "part_of", "")
        return rows.filter(~Exists(_deleted(self.model, whole))) if whole else rows


def _deleted(model: type[models.Model], whole: str) -> QuerySet[Any]:
    """Return the deleted row that a row is part of, for a subquery."""
    related: Any = model._meta.get_field(whole).related_model
    own: QuerySet[Any] = related.with_deleted.filter(pk=OuterRef(f"{whole}_id"))
    return own.filter(deleted_at__isnull=False)


class DeletableModel(TenantModel):
    """A row that people of the clinic may delete and bring back.

    Attributes:
        deleted_by: The member who did.
        restorable_until: Until when it can come back; from then on it must go.
    """

    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.UUIDField(null=True)
    restorable_until = models.DateTimeField(null=True)

    objects: ClassVar[VisibleManager[Self]] = VisibleManager()
    with_deleted: ClassVar[TenantManager[Self]] = TenantManager()
    unscoped: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta(TenantModel.Meta):
        """As any tenant row."""

        abstract = True


class PartModel(TenantModel):
    """A row that is out of sight while the row it is part of is deleted.

    Attributes:
        part_of: The foreign key to that row.
    """

    part_of: ClassVar[str]

    objects: ClassVar[VisibleManager[Self]] = VisibleManager()
    with_deleted: ClassVar[TenantManager[Self]] = TenantManager()
    unscoped: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta(TenantModel.Meta):
        """As any tenant row."""

        abstract = True


def has_left_bin(before: datetime) -> Q:
    """Return what matches rows whose time to come back was over at an instant."""
    return Q(restorable_until__lte=before)


def deletion_constraint(name: str) -> models.CheckConstraint:
    """Return the constraint that a deleted row has its date: else it would never go."""
    return models.CheckConstraint(
        condition=Q(deleted_at=None, deleted_by=None, restorable_until=None)
        | Q(
            deleted_at__isnull=False,
            deleted_by__isnull=False,
            restorable_until__isnull=False,
        ),
        name=name,
    )


def deletion_index(name: str) -> models.Index:
    """Return the index that finds the few deleted rows."""
    return models.Index(
        fields=["organization", "restorable_until"],
        condition=Q(deleted_at__isnull=False),
        name=name,
    )
