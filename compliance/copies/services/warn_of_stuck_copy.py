"""Write to whoever is responsible for data protection that a copy is not gone."""

import logging
from uuid import UUID

from django.conf import settings

from accounts.letters import send_letter
from compliance.copies.models import ErasureLeg
from sondervoice.kernel import tenancy
from sondervoice.kernel.copies import processors

logger = logging.getLogger(__name__)


def warn_of_stuck_copy(*, organization_id: UUID, run_id: UUID) -> None:
    """Send the letter to DPO_MAIL, else to SECURITY_MAIL, or say that nobody is told.

    Raises:
        VendorError: If the mail server did not take it.
    """
    to = settings.DPO_MAIL or settings.SECURITY_MAIL
    if not to:
        logger.critical(
            "nobody is told of a stuck copy: set DPO_MAIL or SECURITY_MAIL",
            extra={"id": str(run_id)},
        )
        return
    with tenancy.scope(organization_id):
        legs = ErasureLeg.objects.filter(run_id=run_id)
        stuck = legs.filter(state=ErasureLeg.State.ESCALATED).order_by("id")
        count, first = stuck.count(), stuck.first()
    if first is None:
        return
    titles = {one.name: one.title for one in processors()}
    send_letter(
        "copy_stuck",
        to=to,
        count=count,
        processor=titles.get(first.processor, first.processor),
        answer=first.last_answer,
        asked_at=first.asked_at,
        organization_id=organization_id,
        run_id=run_id,
    )
