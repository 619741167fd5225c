"""The tries of late for one key: an address, a client, a browser."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sondervoice.kernel.ids import uuid7


class TryCounter(models.Model):
    """When a key of a kind was tried.

    Of the key only an HMAC is kept: who reads the table learns no address. A row
    belongs to no clinic and to nobody.

    Attributes:
        tried_at: The tries within the limit's time, the oldest first.
        locked_until: No further try is looked at before.
        touched_at: When the row was last asked for.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.SlugField(max_length=40, db_index=False)
    key_hmac = models.BinaryField(max_length=32)
    tried_at = ArrayField(models.DateTimeField(), default=list)
    locked_until = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(db_index=True)

    class Meta:
        """One row a key and kind: what is locked while a try is counted."""

        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key_hmac"], name="try_counter_once"
            )
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"tries {self.id}"
