"""The clock's tasks of compliance."""

from celery import shared_task
from django.db import connection

MONTHS_AHEAD = 3


@shared_task(name="compliance.make_audit_partitions", ignore_result=True)
def make_audit_partitions() -> None:
    """Have the owner role make the record's next three months, where missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT make_audit_partitions(%s)", [MONTHS_AHEAD])
