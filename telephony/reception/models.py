"""Receptionists, and what a clinic has told them."""

from django.db import models

from sondervoice.kernel.tenancy import TenantModel


class Agent(TenantModel):
    """One receptionist of a clinic; calls are answered by its published version."""

    name = models.CharField(max_length=100)
    is_answering = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the receptionist's id."""
        return f"agent {self.id}"


class AgentVersion(TenantModel):
    """What a receptionist is told, frozen when published; calls name their version.

    Attributes:
        languages: BCP 47 primary tags, the greeting's first.
        facts: Short answers by topic, as they are said aloud.
        records: The clinic wants recordings; law and consent decide besides.
        put_through_e164: A person's number, empty when nobody can be reached.
    """

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    languages = models.JSONField()
    facts = models.JSONField(default=dict)
    records = models.BooleanField(default=False)
    put_through_e164 = models.CharField(max_length=16, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        """Versions count from 1."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "agent", "number"], name="agent_version_once"
            )
        ]

    def __str__(self) -> str:
        """Return the version's number and id."""
        return f"agent version {self.number} {self.id}"
