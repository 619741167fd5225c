"""The roof and the floor of SonderVoice: composition above, the kernel below."""

from sondervoice.celery import app as celery_app

__all__ = ["celery_app"]
