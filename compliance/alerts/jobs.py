"""Letters about alerts: how many of what, without a name or a caller's data."""

from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.letters import send_letter
from accounts.models import Organization
from accounts.permissions import Permission
from accounts.selectors.holders import find_holder_address
from compliance.alerts.models import SecurityAlert
from compliance.alerts.words import TITLES, kind_words, sentence
from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import job
from sondervoice.kernel.purposes import Purpose, Sending, Subject

_MAIL: Final = Sending(to=("mail",), of=Subject.STAFF, purpose=Purpose.RECORD)


@job("compliance.mail_alert", gives_up=False, sends=_MAIL)
def mail_alert(*, organization_id: UUID, alert_id: UUID, user_id: UUID) -> None:
    """Write to one who may see the record that there is something to look at."""
    with tenancy.scope(organization_id):
        to = find_holder_address(
            Permission.ACCESS_VIEW, user_id=user_id, of_all_calls=True
        )
        alert = SecurityAlert.objects.filter(pk=alert_id).first()
        clinic = Organization.objects.get(pk=organization_id)
    if to is None or alert is None:
        return
    zone = ZoneInfo(clinic.timezone)
    send_letter(
        "security_alert",
        to=to,
        clinic=clinic.name,
        title=TITLES[alert.rule],
        words=sentence(
            rule=alert.rule, count=alert.count, who=kind_words(alert.actor_kind)
        ),
        first_at=alert.first_at.astimezone(zone),
        last_at=alert.last_at.astimezone(zone),
        zone=clinic.timezone,
    )
