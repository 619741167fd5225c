"""Whose a link is, and whether it opens anything; at the askings' desk."""

from datetime import datetime

from accounts.derived_keys import SealBrokenError
from compliance.asking.contact import open_contact
from compliance.asking.links import Link, LinkFault, LinkPurpose, fault_of, read_link
from compliance.asking.models import Asking
from compliance.asking.services.write_to_asker import goes_by_text


def judge_link(
    token: str, *, purpose: LinkPurpose, now: datetime
) -> tuple[Asking, Link] | LinkFault:
    """Return the asking and what the link says, or why it opens nothing."""
    link = read_link(token)
    if link is None:
        return LinkFault.SHAPE
    asking = Asking.objects.filter(pk=link.asking_id).first()
    if asking is None:
        return LinkFault.UNKNOWN
    fault = fault_of(link, purpose=purpose, contact=_sent_to(asking, purpose), now=now)
    if fault is not None:
        return fault
    if purpose is LinkPurpose.CONFIRM and asking.email_proven_at is not None:
        return LinkFault.USED
    return asking, link


def _sent_to(asking: Asking, purpose: LinkPurpose) -> str:
    """Return the address or number that a link of this purpose went to."""
    try:
        contact = open_contact(asking)
    except SealBrokenError:
        return ""
    if purpose is LinkPurpose.CONFIRM or not goes_by_text(asking, contact):
        return contact.email
    return contact.phone_e164
