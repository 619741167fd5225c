"""Letters to people: a template each, whose first line is the subject."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from sondervoice.kernel.outbound import Letter, send


def send_letter(name: str, *, to: str, **words: Any) -> None:
    """Write ``mail/<name>.txt`` and send it; call it from a job.

    Every template also gets ``base_url``, the one address under which we are reached:
    no link of a letter is made from what a request said.

    Raises:
        VendorError: If the mail server did not take it.
    """
    context = {"base_url": settings.PUBLIC_BASE_URL, **words}
    subject, _, text = render_to_string(f"mail/{name}.txt", context).partition("\n")
    send(Letter(to=to, subject=subject.strip(), text=text.strip() + "\n"))
