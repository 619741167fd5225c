"""The jobs of askings, and what the clock does for them."""

from typing import Final
from uuid import UUID

from celery import shared_task
from django.conf import settings

from accounts.letters import send_letter
from compliance.asking.services import clear_askings as clearing
from compliance.asking.services import spread_asking as spreading
from compliance.asking.services import watch_privacy as watching
from compliance.asking.services import write_about_privacy as about_privacy
from compliance.asking.services import write_to_asker as writing
from compliance.asking.services.note_answer import note_answer
from compliance.asking.services.watch_askings import watch_askings
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import job
from sondervoice.kernel.purposes import Purpose, Sending, Subject

_BY_TEXT: Final = Sending(to=("carrier",), of=Subject.CALLERS, purpose=Purpose.RIGHTS)
_BY_MAIL: Final = Sending(to=("mail",), of=Subject.CALLERS, purpose=Purpose.RIGHTS)
# As the person can be reached.
_BY_EITHER: Final = Sending(
    to=("carrier", "mail"), of=Subject.CALLERS, purpose=Purpose.RIGHTS
)
_TO_PEOPLE: Final = Sending(to=("mail",), of=Subject.STAFF, purpose=Purpose.OUR_DUTIES)
_TO_US: Final = Sending(to=("mail",), of=Subject.OPERATORS, purpose=Purpose.OUR_DUTIES)


@job("compliance.send_asking_link", sends=_BY_MAIL)
def send_asking_link(*, organization_id: UUID | None, asking_id: UUID) -> None:
    """Send the link that proves a mailbox."""
    writing.send_link(asking_id=asking_id)


@job("compliance.send_asking_code", sends=_BY_EITHER)
def send_asking_code(*, organization_id: UUID | None, asking_id: UUID) -> None:
    """Send the code that proves a telephone, or shows a person what is theirs."""
    writing.send_code(asking_id=asking_id, now=utc_now())


@job("compliance.send_asking_received", gives_up=False, sends=_BY_EITHER)
def send_asking_received(*, organization_id: UUID | None, asking_id: UUID) -> None:
    """Say what happens next."""
    writing.send_received(asking_id=asking_id, now=utc_now())


@job("compliance.send_asking_answer", gives_up=False, sends=_BY_EITHER)
def send_asking_answer(*, organization_id: UUID | None, asking_id: UUID) -> None:
    """Say that there is an answer."""
    writing.send_answer(asking_id=asking_id, now=utc_now())


@job("compliance.send_asking_nothing", gives_up=False, sends=_BY_EITHER)
def send_asking_nothing(*, organization_id: UUID | None, asking_id: UUID) -> None:
    """Say that nobody knows the person."""
    writing.send_nothing(asking_id=asking_id, now=utc_now())


@job("compliance.spread_asking", gives_up=False)
def spread_asking(*, organization_id: UUID | None, asking_id: UUID) -> None:
    """Write one job for each clinic."""
    spreading.spread_asking(asking_id=asking_id, now=utc_now())


@job("compliance.ask_clinic", gives_up=False)
def ask_clinic(*, organization_id: UUID | None, asked_id: UUID) -> None:
    """Ask one clinic; one that fails keeps no other waiting."""
    spreading.ask_clinic(asked_id=asked_id, now=utc_now())


@job("compliance.note_answer", gives_up=False)
def hear_answer(*, organization_id: UUID, request_id: UUID, asking_id: UUID) -> None:
    """Hear what a clinic has concluded."""
    note_answer(
        clinic_id=organization_id,
        request_id=request_id,
        asking_id=asking_id,
        now=utc_now(),
    )


@job("compliance.tell_put_off", gives_up=False, sends=_BY_TEXT)
def tell_put_off(*, organization_id: UUID, request_id: UUID, asking_id: UUID) -> None:
    """Say to who has a telephone alone that a clinic takes longer."""
    writing.send_put_off(asking_id=asking_id, now=utc_now())


@job("compliance.warn_of_texts", sends=_TO_US)
def warn_of_texts(*, organization_id: UUID | None) -> None:
    """Tell SECURITY_MAIL that text messages are used up for today."""
    if settings.SECURITY_MAIL:
        send_letter(
            "texts_used_up", to=settings.SECURITY_MAIL, most=settings.TEXTS_A_DAY
        )


@job("compliance.warn_of_askings", sends=_TO_US)
def warn_of_askings(*, organization_id: UUID | None) -> None:
    """Tell the data protection officer that clinics cannot be asked."""
    to = about_privacy.officer()
    if to:
        send_letter("askings_stuck", to=to)


@job("compliance.warn_officer", gives_up=False, sends=_TO_US)
def warn_officer(*, organization_id: UUID | None, request_id: UUID) -> None:
    """Tell whoever answers that a request is new, waits, or is late."""
    about_privacy.warn_officer(request_id=request_id)


@job("compliance.send_privacy_answer", gives_up=False, sends=_TO_PEOPLE)
def send_privacy_answer(*, organization_id: UUID | None, request_id: UUID) -> None:
    """Tell a person that their request is answered, or takes longer."""
    about_privacy.send_privacy_answer(request_id=request_id)


@shared_task(name="compliance.clear_askings", ignore_result=True)
def sweep_askings() -> None:
    """Forget what is over, seal anew after a rotation, look for what is late."""
    now = utc_now()
    clearing.clear_askings(now=now)
    clearing.seal_anew()
    watch_askings(now=now)
    watching.watch_privacy(now=now)
    watching.clear_privacy(now=now)
    watching.seal_privacy_anew()
