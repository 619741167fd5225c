"""The Celery application: the nudge and the clock of the outbox.

Work itself is rows of `sondervoice.kernel.models.OutboxJob`; a Celery task only says
that there may be some. Losing one loses no work: the sweep comes every ten seconds.
"""

from celery import Celery

app = Celery("sondervoice")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
