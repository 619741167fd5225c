"""Keep a closed clinic's counts without saying whose they were."""

from uuid import UUID

from django.db import connection


def forget_clinic(_organization_id: UUID) -> None:
    """Take the clinic of the open scope from its counts; twice is harmless."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statistics.forget_clinic()")
