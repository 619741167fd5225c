"""Keep a closed clinic's counts without saying whose they were."""

from uuid import UUID

from django.db import connection

from compliance.retention.models import RetentionRun
from compliance.retention.selections import selection_of
from sondervoice.kernel import tenancy
from sondervoice.kernel.personal_data import Everything


def forget_clinic(*, organization_id: UUID, run_id: UUID) -> None:
    """Take the clinic from its counts if the run erased everything of it."""
    with tenancy.scope(organization_id):
        run = RetentionRun.objects.get(pk=run_id)
        if not isinstance(selection_of(run), Everything):
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT statistics.forget_clinic()")
